//! Permissions: of the vault, and of folders and files that may not be written.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{MFA, Run, Sandbox, VaultKind, over_all, public_key, vector};

over_all![
    every_file_is_private_under_any_umask,
    vault_that_others_can_read_is_warned_of_with_the_fix,
    change_makes_a_readable_vault_private,
    read_only_folder_is_an_error_and_changes_nothing,
    unreadable_vault_is_an_error_and_not_an_empty_one,
    unusual_umask_keeps_the_owners_access,
    root_keeps_the_owner_of_a_vault,
    pipe_is_read_as_a_vault_and_not_replaced,
    pipe_as_lock_or_backup_is_rejected_without_waiting,
];

const NOBODY: u32 = 65_534;

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

fn every_file_is_private_under_any_umask(kind: VaultKind) {
    for umask in ["000", "022", "077", "0277", "0777"] {
        let sandbox = kind.sandbox_without_vault();
        let vault = sandbox.path("a/b/vault.toml");
        if sandbox.is_for_encrypted() {
            let encrypt = sandbox.encrypt().env("MFA_VAULT", &vault);
            encrypt.after(&format!("umask {umask}")).run().exits(0);
        }
        for id in ["plain", "aws"] {
            let add = sandbox.mfa(["add", id]).env("MFA_VAULT", &vault).stdin(vector(id).uri());
            add.after(&format!("umask {umask}")).run().exits(0);
        }
        for folder in ["a", "a/b"] {
            assert_eq!(mode(&sandbox.path(folder)), 0o700, "{folder} under {umask}");
        }
        for file in ["vault.toml", "vault.toml.bak", "vault.toml.lock"] {
            assert_eq!(mode(&sandbox.path("a/b").join(file)), 0o600, "{file} under {umask}");
        }
    }
}

fn vault_that_others_can_read_is_warned_of_with_the_fix(kind: VaultKind) {
    for (bits, exposed) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o666, true)] {
        let sandbox = kind.sandbox_with_accounts(&[("alice", "plain")]);
        set_permissions(sandbox.vault(), Permissions::from_mode(bits)).unwrap();
        for arguments in
            [&["code", "alice"][..], &["list"], &["next-pair", "alice"], &["export-qr", "alice", "-o", "-"]]
        {
            let run = sandbox.mfa(arguments).run().exits(0);
            if exposed {
                let hint = format!("chmod 600 {}", sandbox.vault().display());
                run.says("warning: others can read the vault").hints(&hint);
            } else {
                run.in_silence();
            }
            sandbox.mfa([arguments, &["-q"]].concat()).run().exits(0).in_silence();
        }
    }
    let sandbox = Sandbox::new();
    let vault = sandbox.write("it's mine", "version = 1\n");
    set_permissions(&vault, Permissions::from_mode(0o644)).unwrap();
    sandbox.mfa(["list"]).env("MFA_VAULT", "it's mine").run().exits(0).hints("chmod 600 \"it's mine\"");
}

fn change_makes_a_readable_vault_private(kind: VaultKind) {
    let sandbox = kind.sandbox_with_accounts(&[("alice", "plain")]);
    set_permissions(sandbox.vault(), Permissions::from_mode(0o644)).unwrap();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    assert_eq!((mode(&sandbox.vault()), mode(&sandbox.path("vault.toml.bak"))), (0o600, 0o600));
}

/// A user without root's rights, with the folder `theirs` and a copy of the program.
struct UnprivilegedUser {
    sandbox: Sandbox,
    program: PathBuf,
    uid: Option<u32>,
}

impl UnprivilegedUser {
    fn new(kind: VaultKind) -> Self {
        let sandbox = kind.sandbox_without_vault();
        let folder = sandbox.path("theirs");
        std::fs::create_dir(&folder).expect("it is ours");
        let is_root = folder.metadata().expect("it is ours").uid() == 0;
        let program = sandbox.path("mfa");
        // cp copies it: a file that this process has open for writing could not be run from another thread
        assert!(Command::new("cp").arg(MFA).arg(&program).status().expect("cp is there").success());
        set_permissions(sandbox.path("."), Permissions::from_mode(0o755)).expect("it is ours");
        let unprivileged = Self { sandbox, program, uid: is_root.then_some(NOBODY) };
        unprivileged.own(&folder);
        // the state of an encrypted vault must be writable
        let state = unprivileged.sandbox.path("home/.local/state");
        std::fs::create_dir_all(&state).expect("it is ours");
        unprivileged.own(&state);
        if unprivileged.sandbox.is_for_encrypted() {
            unprivileged.mfa(&["vault", "encrypt", "-r", &public_key()]).run().exits(0);
        }
        unprivileged
    }

    fn own(&self, path: &Path) {
        if let Some(uid) = self.uid {
            chown(path, Some(uid), Some(uid)).expect("it is ours");
        }
    }

    fn vault(&self) -> PathBuf {
        self.sandbox.path("theirs/vault.toml")
    }

    fn mfa(&self, arguments: &[&str]) -> Run {
        let run = self.sandbox.mfa(arguments).env("MFA_VAULT", self.vault());
        run.in_folder(&self.sandbox.path("theirs")).with_program(self.program.clone(), self.uid)
    }

    fn add(&self, id: &str) -> Run {
        self.mfa(&["add", id]).stdin(vector(id).uri())
    }
}

fn read_only_folder_is_an_error_and_changes_nothing(kind: VaultKind) {
    let theirs = UnprivilegedUser::new(kind);
    theirs.add("plain").run().exits(0);
    let folder = theirs.sandbox.path("theirs");
    for lock in [true, false] {
        if !lock {
            std::fs::remove_file(theirs.sandbox.path("theirs/vault.toml.lock")).unwrap();
        }
        set_permissions(&folder, Permissions::from_mode(0o500)).unwrap();
        let state = || {
            let mut state = theirs.sandbox.state();
            // an encrypted vault records its next state before the change
            state.retain(|(path, ..)| !path.starts_with(theirs.sandbox.path("home")));
            state
        };
        let before = state();
        theirs.add("aws").run().exits(1).prints("").says("could not write the vault").says_not("stored");
        theirs.mfa(&["code", "plain"]).run().exits(0).prints("713653\n").in_silence();
        theirs.mfa(&["add", "new", "-n"]).stdin(vector("aws").uri()).run().exits(0);
        let doctor = theirs.mfa(&["doctor"]).run().text();
        assert!(doctor.contains("is not writable: the vault cannot be changed"), "{doctor}");
        let export = theirs.mfa(&["export-qr", "plain", "-o", "x.png"]).run();
        export.exits(1).says("could not write 'x.png'");
        assert_eq!(state(), before);
        set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    }
}

fn unreadable_vault_is_an_error_and_not_an_empty_one(kind: VaultKind) {
    let theirs = UnprivilegedUser::new(kind);
    theirs.add("plain").run().exits(0);
    set_permissions(theirs.vault(), Permissions::from_mode(0o000)).unwrap();
    let before = std::fs::metadata(theirs.vault()).unwrap().modified().unwrap();
    for arguments in [&["list"][..], &["code", "plain"], &["add", "x"]] {
        let run = theirs.mfa(arguments).stdin(vector("aws").uri()).run();
        run.exits(1).prints("").says("could not read the vault");
    }
    assert_eq!(std::fs::metadata(theirs.vault()).unwrap().modified().unwrap(), before);
    set_permissions(theirs.sandbox.path("theirs"), Permissions::from_mode(0o000)).unwrap();
    theirs
        .mfa(&["list"])
        .in_folder(&theirs.sandbox.path("."))
        .run()
        .exits(1)
        .says("could not read the vault");
    set_permissions(theirs.sandbox.path("theirs"), Permissions::from_mode(0o700)).unwrap();
}

fn unusual_umask_keeps_the_owners_access(kind: VaultKind) {
    for umask in ["0777", "0277", "0377"] {
        let theirs = UnprivilegedUser::new(kind);
        for id in ["plain", "aws"] {
            theirs.add(id).after(&format!("umask {umask}")).run().exits(0);
        }
        theirs.mfa(&["list", "--names"]).run().exits(0).prints("plain\naws\n");
    }
}

fn root_keeps_the_owner_of_a_vault(kind: VaultKind) {
    let theirs = UnprivilegedUser::new(kind);
    theirs.add("plain").run().exits(0);
    if let Some(uid) = theirs.uid {
        for file in ["vault.toml.lock", "vault.toml.bak"] {
            let _ = std::fs::remove_file(theirs.sandbox.path("theirs").join(file));
        }
        let add =
            theirs.sandbox.mfa(["add", "aws"]).env("MFA_VAULT", theirs.vault()).stdin(vector("aws").uri());
        add.run().exits(0);
        for file in ["vault.toml", "vault.toml.lock", "vault.toml.bak"] {
            assert_eq!(theirs.sandbox.path("theirs").join(file).metadata().unwrap().uid(), uid, "{file}");
        }
        theirs.mfa(&["code", "aws"]).run().exits(0).prints("596825\n");
        theirs.add("period15").run().exits(0);
    }
}

fn pipe_is_read_as_a_vault_and_not_replaced(kind: VaultKind) {
    let sandbox = kind.sandbox_with_accounts(&[("alice", "plain")]);
    std::fs::rename(sandbox.vault(), sandbox.path("source")).unwrap();
    let feeding = "cat source > p & MFA_VAULT=p; export MFA_VAULT";
    let run = sandbox.mfa(["code", "alice"]).after(&format!("mkfifo p; {feeding}")).run();
    run.exits(0).prints("713653\n");
    let before = sandbox.path("p").symlink_metadata().unwrap().ino();
    let add = sandbox.mfa(["add", "x"]).stdin(vector("aws").uri());
    add.after("MFA_VAULT=p; export MFA_VAULT").run().exits(1).says("not a regular file");
    assert_eq!(sandbox.path("p").symlink_metadata().unwrap().ino(), before);
}

fn pipe_as_lock_or_backup_is_rejected_without_waiting(kind: VaultKind) {
    for (file, arguments) in [("vault.toml.lock", &["add", "x"][..]), ("vault.toml.bak", &["undo", "-y"])] {
        let sandbox = kind.sandbox_with_accounts(&[("alice", "plain")]);
        let before = sandbox.vault_bytes();
        let run = sandbox.mfa(arguments).stdin(vector("aws").uri());
        let run = run.after(&format!("rm -f {file}; mkfifo {file}")).run();
        run.exits(1).prints("").says(file).says("not a regular file");
        assert_eq!(sandbox.vault_bytes(), before);
    }
}
