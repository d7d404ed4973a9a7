//! `mfa vault decrypt`

use crate::harness::{Sandbox, VaultKind, alice, fixture_sandbox, vault_toml, vector};

#[test]
fn decrypt_restores_the_text_before_encryption() {
    let before = vault_toml(&[("alice", "plain"), ("root", "aws")]);
    let sandbox = VaultKind::Encrypted.sandbox_with(&before);
    assert!(sandbox.vault_text().contains("version = 3") && !sandbox.vault_text().contains("secret ="));
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0).prints("").says("its secrets are plain text");
    assert_eq!(sandbox.vault_text(), before);
    sandbox.mfa(["code", "alice"]).locked().run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "new"]).locked().stdin(vector("sha512").uri()).run().exits(0);
}

#[test]
fn decrypt_without_a_terminal_changes_nothing() {
    let sandbox = alice();
    let before = sandbox.state();
    sandbox.mfa(["vault", "decrypt"]).run().exits(2).prints("").hints("-y");
    sandbox.mfa(["vault", "decrypt", "-y"]).locked().run().exits(6).prints("").says("locked");
    assert_eq!(sandbox.state(), before);
}

#[test]
fn decrypt_rejects_a_plain_vault() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    for arguments in [
        &["vault", "decrypt", "-y"][..],
        &["vault", "passwd"],
        &["unlock"],
        &["vault", "rekey"],
        &["vault", "keys", "add", "-p"],
    ] {
        sandbox.mfa(arguments).run().exits(1).prints("");
    }
    sandbox.mfa(["lock"]).run().exits(0).says("already locked");
    sandbox.mfa(["vault", "verify"]).run().exits(0).prints("").says("not encrypted");
    assert_eq!(sandbox.vault_text(), vault_toml(&[("alice", "plain")]));
}

#[test]
fn decrypt_keeps_a_secret_that_it_cannot_decrypt() {
    let sandbox = fixture_sandbox("bad-padding.toml");
    let words = sandbox.write("words", "correct horse battery staple");
    let before = sandbox.vault_bytes();
    let run = sandbox.mfa(["vault", "decrypt", "-y"]).env("MFA_PASSPHRASE_FILE", words).run();
    run.exits(1).says("the secret of 'github' cannot be decrypted; nothing was changed");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn encrypting_again_creates_another_key() {
    let sandbox = alice();
    let id = |text: &str| text.lines().find(|line| line.starts_with("id = ")).map(str::to_owned);
    let first = id(&sandbox.vault_text());
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    sandbox.encrypt().run().exits(0);
    assert_ne!(id(&sandbox.vault_text()), first);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}
