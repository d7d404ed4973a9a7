//! The pinned state of each vault: two vaults, a linked vault, and a machine whose folders cannot be written.

#[cfg(unix)]
use crate::harness::{Sandbox, vector};
use crate::harness::{VaultKind, alice, restrict, vault_toml};

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn state_that_cannot_be_written_warns_and_prevents_changes() {
    let sandbox = alice();
    sandbox.write("file", "no folder");
    for (name, value) in [("XDG_STATE_HOME", sandbox.path("file")), ("HOME", sandbox.path("file"))] {
        let code = sandbox.mfa(["code", "alice"]).env(name, &value).run();
        code.exits(0).prints("713653\n").says("warning: could not read the pinned state of the vault");
        let before = sandbox.vault_bytes();
        let add = sandbox.mfa(["add", &format!("x{}", name.len())]).env(name, &value);
        add.stdin(vector("aws").uri()).run().exits(1).says("could not read the pinned state");
        assert_eq!(sandbox.vault_bytes(), before);
    }
}

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn damaged_pin_warns_and_prevents_changes_until_accepted() {
    let sandbox = alice();
    sandbox.mfa(["code", "alice"]).run().exits(0);
    let pinned = |sandbox: &Sandbox| {
        let state = sandbox.state().into_iter();
        state.map(|(path, ..)| path).find(|path| path.extension() == Some("json".as_ref())).unwrap()
    };
    for damage in ["", "{", "[]", "{\"id\": 1}"] {
        std::fs::write(pinned(&sandbox), damage).unwrap();
        let warns = |run: crate::harness::Outcome| drop(run.says("could not read the pinned state"));
        warns(sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").says("warning: "));
        let before = sandbox.vault_bytes();
        warns(sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(1).hints("--accept"));
        assert_eq!(sandbox.vault_bytes(), before);
        assert_eq!(std::fs::read_to_string(pinned(&sandbox)).unwrap(), damage);
        sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    }
}

#[test]
fn plain_vault_in_place_of_an_encrypted_one_gives_nothing() {
    let sandbox = alice();
    sandbox.mfa(["code", "alice"]).run().exits(0);
    sandbox.write_vault(vault_toml(&[("alice", "aws")]).as_bytes());
    for arguments in [
        &["code", "alice"][..],
        &["next-pair", "alice"],
        &["list"],
        &["list", "--codes", "-j"],
        &["export", "-o", "export.json"],
        &["export-qr", "alice", "-o", "-", "--type", "svg"],
        &["verify", "alice", "123456"],
        &["show", "alice"],
    ] {
        let run = sandbox.mfa(arguments).run().exits(1).prints("");
        drop(run.says("is not encrypted, but it was").hints("vault verify --accept"));
    }
    sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn two_vaults_have_separate_pins() {
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&[("alice", "plain")]);
    let second = sandbox.write("second.toml", vault_toml(&[("bob", "aws")]));
    restrict(&second);
    sandbox.encrypt().env("MFA_VAULT", &second).run().exits(0).says_not("plain text");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["code", "bob", "--vault", "second.toml"]).run().exits(0).prints("596825\n").in_silence();
    sandbox.mfa(["code", "bob", "--vault", "./second.toml"]).run().exits(0).in_silence();
}

#[cfg(unix)]
#[test]
fn linked_vault_shares_the_pin_of_its_target() {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    std::os::unix::fs::symlink("vault.toml", sandbox.path("link")).unwrap();
    sandbox.mfa(["add", "x", "--vault", "link"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.write_vault(&older);
    for vault in ["vault.toml", "link"] {
        sandbox.mfa(["code", "alice", "--vault", vault]).run().exits(0).says("is older than expected");
    }
}
