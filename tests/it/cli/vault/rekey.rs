//! `mfa vault rekey`

use crate::harness::{alice, check_ssh_unlocks, ssh_public_key};

#[test]
fn rekey_locks_out_every_key_but_the_given_ones() {
    let sandbox = alice();
    sandbox.mfa(["vault", "keys", "add", "-r", &ssh_public_key()]).run().exits(0);
    let before = sandbox.vault_text();
    sandbox.mfa(["vault", "rekey"]).run().exits(2).hints("--new-passphrase-file");
    assert_eq!(sandbox.vault_text(), before);
    sandbox
        .mfa(["vault", "rekey", "-r", &ssh_public_key()])
        .run()
        .exits(0)
        .says("re-encrypted all secrets with a new key");
    let after = sandbox.vault_text();
    for line in before.lines().filter(|line| line.contains("sealed = ") || line.starts_with("id = ")) {
        assert!(!after.contains(line), "{line}");
    }
    assert_eq!(std::fs::read_to_string(sandbox.path("vault.toml.bak")).unwrap(), after);
    check_ssh_unlocks(&sandbox, true);
    sandbox.mfa(["code", "alice"]).run().exits(6).prints("");
}
