//! The pinned state of each vault: two vaults, a linked vault, and a machine whose folders cannot be written.

#[cfg(unix)]
use crate::harness::{Sandbox, alice, vector};
use crate::harness::{VaultKind, restrict, vault_of};

/// Windows remembers in no folder that a variable names
#[cfg(unix)]
#[test]
fn a_machine_that_cannot_remember_still_gives_codes() {
    let sandbox = alice();
    sandbox.write("file", "no folder");
    for (name, value) in [("XDG_STATE_HOME", sandbox.path("file")), ("HOME", sandbox.path("file"))] {
        let code = sandbox.mfa(["code", "alice"]).env(name, &value).run();
        code.exits(0).prints("713653\n").in_silence();
        let add = sandbox.mfa(["add", &format!("x{}", name.len())]).env(name, &value);
        add.stdin(vector("aws").uri()).run().exits(0);
    }
}

/// Windows remembers in no folder that a variable names
#[cfg(unix)]
#[test]
fn what_is_remembered_damaged_is_remembered_anew() {
    let sandbox = alice();
    let remembered = |sandbox: &Sandbox| {
        let state = sandbox.state().into_iter();
        state.map(|(path, ..)| path).find(|path| path.extension() == Some("json".as_ref())).unwrap()
    };
    for damage in ["", "{", "[]", "{\"id\": 1}"] {
        std::fs::write(remembered(&sandbox), damage).unwrap();
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        assert!(std::fs::read_to_string(remembered(&sandbox)).unwrap().contains("fingerprint"));
    }
}

#[test]
fn two_vaults_do_not_know_each_other() {
    let sandbox = VaultKind::Sealed.sandbox_with_accounts(&[("alice", "plain")]);
    let second = sandbox.write("second.toml", vault_of(&[("bob", "aws")]));
    restrict(&second);
    sandbox.encrypt().env("MFA_VAULT", &second).run().exits(0).says_not("plain text");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["code", "bob", "--vault", "second.toml"]).run().exits(0).prints("596825\n").in_silence();
    sandbox.mfa(["code", "bob", "--vault", "./second.toml"]).run().exits(0).in_silence();
}

#[cfg(unix)]
#[test]
fn a_linked_vault_is_the_same_vault() {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    std::os::unix::fs::symlink("vault.toml", sandbox.path("link")).unwrap();
    sandbox.mfa(["add", "x", "--vault", "link"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.write_vault(&older);
    for vault in ["vault.toml", "link"] {
        sandbox.mfa(["code", "alice", "--vault", vault]).run().exits(0).says("is older than expected");
    }
}
