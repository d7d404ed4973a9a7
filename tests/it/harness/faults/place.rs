//! A folder with a vault of known accounts, restored after each fault.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{MFA, VaultKind, fixture, public_key, run_with_stdin};

/// Secrets and, at the time 59, codes of `fixtures/vectors/codes.json`; the last is that of RFC 4226, appendix D.
pub(crate) const ALICE: (&str, &str) = ("NUTCG65YNFASDGBAEDUCHBVEYVPI6YET", "713653");
pub(crate) const BOB: (&str, &str) = ("GTDBWWYGYX6VF2DHNZDOGVK5RATXFSFY", "777211");
pub(crate) const CAROL: (&str, &str) = ("ACFUAZKWRATOPWODSFD7AYLJXQCCQS36", "052916");
pub(crate) const GONE: (&str, &str) = ("OQ6XHPZUU4F7IHM5Q53KZ4C6DUIMFHTQ", "723721");
pub(crate) const COUNT: (&str, &str) = ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "755224");

/// The file that `export -f` replaces.
pub(crate) const EXPORTED: &str = "exported";

pub(crate) struct Place {
    folder: TempDir,
    before: Vec<(PathBuf, Vec<u8>, u32)>,
}

impl Place {
    /// Creates a vault with `alice`, `bob` and the counter `count`, a backup with `gone`, and a used code of `alice` at
    /// the time 29.
    pub(crate) fn new(kind: VaultKind) -> Self {
        let mut place = Self { folder: tempfile::tempdir().unwrap(), before: Vec::new() };
        fs::create_dir(place.path("vault")).unwrap();
        let record = |name, (secret, _)| format!("\n[accounts.{name}]\nsecret = \"{secret}\"\n");
        let records = [("alice", ALICE), ("bob", BOB), ("gone", GONE)].map(|(name, of)| record(name, of));
        let count = record("count", COUNT) + "type = \"hotp\"\ncounter = 0\n";
        place.write("vault/vault.toml", &format!("version = 1\n{}{count}", records.concat()));
        let uri = |name, (secret, _)| format!("otpauth://totp/{name}?secret={secret}\n");
        place.write("uris", &(uri("alice", ALICE) + &uri("carol", CAROL) + &uri("dave", GONE)));
        place.write(EXPORTED, "an earlier export\n");
        if kind == VaultKind::Encrypted {
            place.run(&["vault", "encrypt", "-r", &public_key()], "");
        }
        place.run(&["remove", "gone", "-y"], "");
        let fresh = place.mfa(&["code", "alice", "--fresh"]).env("MFA_AT", "29").output().unwrap();
        assert!(fresh.status.success(), "{fresh:?}");
        place.before = place.files();
        place
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), Permissions::from_mode(0o600)).unwrap();
    }

    /// Returns all files: path, bytes, mode.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>, u32)> {
        let (mut files, mut folders) = (Vec::new(), vec![self.folder.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let (path, metadata) = (entry.path(), entry.metadata().unwrap());
                if metadata.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    files.push((path, bytes, metadata.permissions().mode() & 0o777));
                }
            }
        }
        files.sort();
        files
    }

    pub(crate) fn restore(&self) {
        for (path, ..) in self.files() {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes, mode) in &self.before {
            fs::write(path, bytes).unwrap();
            fs::set_permissions(path, Permissions::from_mode(*mode)).unwrap();
        }
    }

    /// Returns a command of a program in this folder, with a clean environment and a fixed time.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.folder.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.path("home"));
        command.env("MFA_VAULT", self.path("vault/vault.toml")).env("MFA_AT", "59").env("MFA_NO_INPUT", "1");
        command.env("MFA_IDENTITY", fixture("sealed/age-key.txt"));
        command
    }

    pub(crate) fn mfa(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(MFA);
        command.args(arguments);
        command
    }

    /// Runs `mfa` and returns its output. Fails the test if `mfa` fails.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str], stdin: &str) -> String {
        let output = run_with_stdin(&mut self.mfa(arguments), stdin);
        assert!(output.status.success(), "mfa {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}
