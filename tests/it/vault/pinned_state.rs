//! The pinned state of each vault: two vaults, a linked vault, and a machine whose folders cannot be written.

#[cfg(unix)]
use crate::harness::{Sandbox, alice, vector};
use crate::harness::{VaultKind, restrict, vault_toml};

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn code_works_if_the_state_cannot_be_written() {
    let sandbox = alice();
    sandbox.write("file", "no folder");
    for (name, value) in [("XDG_STATE_HOME", sandbox.path("file")), ("HOME", sandbox.path("file"))] {
        let code = sandbox.mfa(["code", "alice"]).env(name, &value).run();
        code.exits(0).prints("713653\n").in_silence();
        let add = sandbox.mfa(["add", &format!("x{}", name.len())]).env(name, &value);
        add.stdin(vector("aws").uri()).run().exits(0);
    }
}

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn damaged_pin_is_replaced() {
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
