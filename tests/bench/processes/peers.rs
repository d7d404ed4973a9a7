//! Other programs that print a code, and their files.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Program, is_installed};
use crate::store::{Store, name, secret, uri};

/// The largest vault for programs that take a hundred times as long as the others
const FEW: usize = 10;

/// The database of cotp, and its password
const COTP: &str = "tests/fixtures/import/cotp/db.cotp";
const COTP_PASSWORD: &str = "correct horse battery\n";

/// Returns `true`, which does nothing, and `oathtool`, which stores nothing.
pub(crate) fn bases(store: &Store) -> Vec<Program> {
    vec![
        Program::new("`true`", "/bin/true", [] as [&str; 0]),
        Program::new("`oathtool`", "oathtool", ["--totp", "-b", &secret(store.wanted())]),
    ]
}

/// Returns the programs that store accounts.
pub(crate) fn all(store: &Store) -> Vec<Program> {
    let wanted = name(store.wanted());
    let place = (store.wanted() + 1).to_string();
    let logins = store.path("logins.toml").into_os_string();
    let get = ["-m", "0", "get", "-n", &wanted].map(OsString::from);
    let mut peers = vec![
        Program::new("rtotp", "rtotp", ["code", &place]).with("HOME", store.home().to_owned()),
        Program::new("rfa", "rfa", [&wanted]).with("HOME", store.home().to_owned()),
        Program::new("totp-cli (Rust)", "totp-cli", [OsString::from("-c"), logins].into_iter().chain(get)),
    ];
    if store.size() <= FEW {
        peers.extend(cotp(store));
        peers.extend(pass(store));
    }
    peers
}

/// Returns cotp, which derives a key from a password each time.
fn cotp(store: &Store) -> Option<Program> {
    if !is_installed(Path::new("cotp")) {
        return None;
    }
    let (database, uris) = (store.path("cotp.db"), store.path("uris.json"));
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(COTP), &database).unwrap();
    fs::set_permissions(&database, fs::Permissions::from_mode(0o600)).unwrap();
    let cotp = |arguments: &[&str]| {
        let common = ["--password-stdin".as_ref(), "--database-path".as_ref(), database.as_os_str()];
        let arguments = common.into_iter().chain(arguments.iter().map(AsRef::as_ref));
        Program::new("cotp", "cotp", arguments).with_input(COTP_PASSWORD)
    };
    cotp(&["import", "--otp-uri", "--path", uris.to_str().unwrap()]).answer();
    Some(cotp(&["extract", "--label", &name(store.wanted())]))
}

/// Returns `pass otp`, a shell script around `gpg`, here with a key without a passphrase.
fn pass(store: &Store) -> Option<Program> {
    if ![Path::new("pass"), Path::new("gpg")].into_iter().all(is_installed) {
        return None;
    }
    let keys = store.path("gpg");
    fs::DirBuilder::new().mode(0o700).create(&keys).unwrap();
    let run = |program: &str, arguments: &[&str], input: &str| {
        let mut command = Command::new(program);
        command.args(arguments).env("HOME", store.home()).env("GNUPGHOME", &keys).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{program} {arguments:?}");
    };
    let owner = "bench@example.com";
    run("gpg", &["--batch", "--passphrase", "", "--quick-gen-key", owner, "default", "default", "never"], "");
    run("pass", &["init", owner], "");
    for number in 0..store.size() {
        run("pass", &["otp", "insert", "-f", &name(number)], &(uri(number) + "\n"));
    }
    let program = Program::new("pass otp", "pass", ["otp", &name(store.wanted())]);
    Some(program.with("HOME", store.home().to_owned()).with("GNUPGHOME", keys))
}
