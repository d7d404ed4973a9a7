//! Links and files that another user puts where `mfa` reads and writes, as root and as a user.
#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, lchown, symlink};
use std::path::{Path, PathBuf};

use crate::harness::{Outcome, Run, Sandbox, restrict, vault_toml, vector};

/// The user who owns the folder.
const OTHER: u32 = 65_534;
/// The user who owns the file that a link leads to.
const VICTIM: u32 = 1234;

/// A folder of another user with a vault, in which root runs `mfa`.
struct ForeignFolder {
    sandbox: Sandbox,
}

/// Returns the folder, or `None` if this process is not root and cannot give files away.
fn foreign_folder() -> Option<ForeignFolder> {
    let sandbox = Sandbox::new();
    let folder = sandbox.path("theirs");
    fs::create_dir(&folder).unwrap();
    if folder.metadata().unwrap().uid() != 0 {
        eprintln!("NOT RUN: only root can give files to another user");
        return None;
    }
    let foreign = ForeignFolder { sandbox };
    give(&folder);
    foreign.write("vault.toml", &vault_toml(&[("alice", "plain")]));
    let victim = foreign.sandbox.write("victim", "precious");
    fs::set_permissions(&victim, Permissions::from_mode(0o644)).unwrap();
    chown(&victim, Some(VICTIM), Some(VICTIM)).unwrap();
    Some(foreign)
}

/// Gives a file, or a link itself, to the other user.
fn give(path: &Path) {
    lchown(path, Some(OTHER), Some(OTHER)).unwrap();
}

impl ForeignFolder {
    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path("theirs").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        restrict(&path);
        give(&path);
    }

    /// Replaces a file by a link of the other user.
    fn link(&self, name: &str, target: &Path) {
        let _ = fs::remove_file(self.path(name));
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        symlink(target, self.path(name)).unwrap();
        give(&self.path(name));
    }

    fn victim(&self) -> PathBuf {
        self.sandbox.path("victim")
    }

    fn mfa(&self, arguments: &[&str]) -> Run {
        let run = self.sandbox.mfa(arguments).env("MFA_VAULT", self.path("vault.toml"));
        run.in_folder(&self.path("."))
    }

    fn add(&self) -> Outcome {
        self.mfa(&["add", "new"]).stdin(vector("aws").uri()).run()
    }

    #[track_caller]
    fn assert_victim_is_untouched(&self) {
        let metadata = self.victim().symlink_metadata().unwrap();
        assert_eq!(fs::read_to_string(self.victim()).unwrap(), "precious");
        let state = (metadata.uid(), metadata.gid(), metadata.permissions().mode() & 0o777);
        assert_eq!(state, (VICTIM, VICTIM, 0o644));
    }
}

#[test]
fn root_neither_follows_nor_owns_a_linked_lock() {
    let Some(foreign) = foreign_folder() else { return };
    foreign.link("vault.toml.lock", &foreign.victim());
    let before = fs::read(foreign.path("vault.toml")).unwrap();
    foreign.add().exits(1).prints("").says("vault.toml.lock'").says("symbolic link");
    assert_eq!(fs::read(foreign.path("vault.toml")).unwrap(), before);
    foreign.assert_victim_is_untouched();

    // a dangling one creates no file
    foreign.link("vault.toml.lock", &foreign.sandbox.path("made"));
    foreign.add().exits(1).says("symbolic link");
    assert!(!foreign.sandbox.path("made").exists());
}

#[test]
fn root_gives_no_existing_lock_away() {
    let Some(foreign) = foreign_folder() else { return };
    let _ = fs::remove_file(foreign.path("vault.toml.lock"));
    fs::hard_link(foreign.victim(), foreign.path("vault.toml.lock")).unwrap();
    foreign.add().exits(0);
    foreign.assert_victim_is_untouched();
}

#[test]
fn root_replaces_a_linked_backup_and_restores_none() {
    let Some(foreign) = foreign_folder() else { return };
    foreign.link("vault.toml.bak", &foreign.victim());
    foreign.mfa(&["undo", "-y"]).run().exits(1).prints("").says("vault.toml.bak'").says("symbolic link");
    foreign.add().exits(0);
    foreign.assert_victim_is_untouched();
    let backup = foreign.path("vault.toml.bak").symlink_metadata().unwrap();
    assert!(backup.is_file() && backup.uid() == OTHER);
}

#[test]
fn root_writes_into_no_planted_temporary_file() {
    let Some(foreign) = foreign_folder() else { return };
    for name in [".vault.toml.new", ".vault.toml.bak.new"] {
        foreign.link(name, &foreign.victim());
    }
    foreign.add().exits(0);
    foreign.assert_victim_is_untouched();
    assert_eq!(foreign.path("vault.toml").symlink_metadata().unwrap().uid(), OTHER);
}

#[test]
fn root_changes_no_vault_behind_a_link_of_another_user() {
    let Some(foreign) = foreign_folder() else { return };
    let before = foreign.sandbox.write("root.toml", vault_toml(&[("alice", "plain")]));
    restrict(&before);
    for target in [before.clone(), foreign.sandbox.path("made.toml")] {
        foreign.link("vault.toml", &target);
        foreign.add().exits(1).prints("").says("symbolic link").says("another user");
    }
    assert!(!foreign.sandbox.path("made.toml").exists());
    assert!(!foreign.sandbox.path("made.toml.lock").exists());
    assert_eq!(fs::read_to_string(before).unwrap(), vault_toml(&[("alice", "plain")]));

    // a linked folder leads there just as well
    foreign.link("folder", &foreign.sandbox.path("."));
    let add = foreign.mfa(&["add", "new"]).env("MFA_VAULT", foreign.path("folder/made.toml"));
    add.stdin(vector("aws").uri()).run().exits(1).says("another user");
    assert!(!foreign.sandbox.path("made.toml").exists());

    // links of root are followed
    symlink(foreign.sandbox.path("root.toml"), foreign.sandbox.path("ours")).unwrap();
    let add = foreign.mfa(&["add", "new"]).env("MFA_VAULT", foreign.sandbox.path("ours"));
    add.stdin(vector("aws").uri()).run().exits(0);
}

#[test]
fn root_follows_no_link_in_the_state_folder() {
    let Some(foreign) = foreign_folder() else { return };
    let fresh = || {
        let state = foreign.path("state");
        foreign.mfa(&["code", "alice", "--fresh"]).env("XDG_STATE_HOME", state).run()
    };
    foreign.link("state/mfa/steps/lock", &foreign.victim());
    for folder in ["state", "state/mfa", "state/mfa/steps"] {
        give(&foreign.path(folder));
    }
    fresh().exits(1).prints("").says("steps/lock'").says("symbolic link");
    foreign.assert_victim_is_untouched();

    fs::remove_file(foreign.path("state/mfa/steps/lock")).unwrap();
    fresh().exits(0).prints("713653\n");
    let files: Vec<PathBuf> =
        fs::read_dir(foreign.path("state/mfa/steps")).unwrap().map(|entry| entry.unwrap().path()).collect();
    for file in &files {
        assert_eq!(file.symlink_metadata().unwrap().uid(), OTHER, "{}", file.display());
    }
    let record = files.iter().find(|file| file.extension().is_some_and(|ending| ending == "json")).unwrap();
    fs::remove_file(record).unwrap();
    symlink(foreign.victim(), record).unwrap();
    give(record);
    fresh().exits(1).prints("").says("symbolic link").says_not("precious");
    foreign.assert_victim_is_untouched();
}

#[test]
fn root_creates_state_folders_for_the_owner_of_the_home_folder() {
    let Some(foreign) = foreign_folder() else { return };
    foreign.mfa(&["code", "alice", "--fresh"]).env("HOME", foreign.path(".")).run().exits(0);
    for folder in [".local", ".local/state", ".local/state/mfa", ".local/state/mfa/steps"] {
        assert_eq!(foreign.path(folder).metadata().unwrap().uid(), OTHER, "{folder}");
    }
}

#[test]
fn root_exports_through_no_link_and_gives_no_export_away() {
    let Some(foreign) = foreign_folder() else { return };
    foreign.link("out", &foreign.victim());
    for arguments in [&["export", "-f", "-o", "out"][..], &["export-qr", "alice", "-f", "-o", "out"]] {
        foreign.mfa(arguments).run().exits(1).says("could not write 'out'").says("another user");
        foreign.assert_victim_is_untouched();
    }
    fs::remove_file(foreign.path("out")).unwrap();
    foreign.write("out", "theirs");
    foreign.mfa(&["export", "-f", "-o", "out"]).run().exits(0);
    let metadata = foreign.path("out").symlink_metadata().unwrap();
    assert_eq!((metadata.uid(), metadata.permissions().mode() & 0o777), (0, 0o600));
}

#[test]
fn user_follows_no_linked_lock_or_backup_either() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let other = sandbox.write("other", "precious");
    for (name, arguments) in [("vault.toml.lock", &["add", "new"][..]), ("vault.toml.bak", &["undo", "-y"])] {
        let _ = fs::remove_file(sandbox.path(name));
        symlink(&other, sandbox.path(name)).unwrap();
        let run = sandbox.mfa(arguments).stdin(vector("aws").uri()).run();
        run.exits(1).prints("").says(name).says("symbolic link");
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
        fs::remove_file(sandbox.path(name)).unwrap();
    }
}

#[test]
fn abandoned_temporary_files_of_an_export_are_removed() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let abandoned = sandbox.write(".out.new0123abcd", "secrets");
    let [another, unlike] = [".other.new0123abcd", ".out.newer"].map(|name| sandbox.write(name, "secrets"));
    let busy = sandbox.write(".out.newffffffff", "secrets");
    let held = fs::File::open(&busy).unwrap();
    held.lock().unwrap();
    sandbox.mfa(["export", "-f", "-o", "out"]).run().exits(0);
    assert!(!abandoned.exists());
    assert!(another.exists() && unlike.exists() && busy.exists());
    drop(held);
    sandbox.mfa(["export-qr", "alice", "-f", "-o", "out"]).run().exits(0);
    assert!(!busy.exists());
}
