//! `mfa decrypt`

use crate::harness::{Sandbox, VaultKind, alice, sandbox_of, vault_of, vector};

#[test]
fn the_plain_vault_is_the_one_that_was_encrypted() {
    let before = vault_of(&[("alice", "plain"), ("root", "aws")]);
    let sandbox = VaultKind::Sealed.sandbox_with(&before);
    assert!(sandbox.vault_text().contains("version = 2") && !sandbox.vault_text().contains("secret ="));
    sandbox.mfa(["decrypt", "-y"]).run().exits(0).prints("").says("its secrets are plain text");
    assert_eq!(sandbox.vault_text(), before);
    sandbox.mfa(["code", "alice"]).locked().run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "new"]).locked().stdin(vector("sha512").uri()).run().exits(0);
}

#[test]
fn it_asks_first_and_where_it_cannot_nothing_is_changed() {
    let sandbox = alice();
    let before = sandbox.state();
    sandbox.mfa(["decrypt"]).run().exits(2).prints("").hints("-y");
    sandbox.mfa(["decrypt", "-y"]).locked().run().exits(6).prints("").says("locked");
    assert_eq!(sandbox.state(), before);
}

#[test]
fn a_plain_vault_has_nothing_to_decrypt() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    for arguments in [&["decrypt", "-y"][..], &["passwd"], &["unlock"], &["rekey"], &["slots", "add", "-p"]] {
        sandbox.mfa(arguments).run().exits(1).prints("");
    }
    sandbox.mfa(["lock"]).run().exits(0).says("already locked");
    sandbox.mfa(["verify-vault"]).run().exits(0).prints("").says("not encrypted");
    assert_eq!(sandbox.vault_text(), vault_of(&[("alice", "plain")]));
}

#[test]
fn a_secret_that_does_not_open_is_not_lost() {
    let sandbox = sandbox_of("bad-padding.toml");
    let words = sandbox.write("words", "correct horse battery staple");
    let before = sandbox.vault_bytes();
    let run = sandbox.mfa(["decrypt", "-y"]).env("MFA_PASSPHRASE_FILE", words).run();
    run.exits(1).says("the secret of 'github' cannot be decrypted; nothing was changed");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn encrypted_anew_it_has_another_key() {
    let sandbox = alice();
    let id = |text: &str| text.lines().find(|line| line.starts_with("id = ")).map(str::to_owned);
    let first = id(&sandbox.vault_text());
    sandbox.mfa(["decrypt", "-y"]).run().exits(0);
    sandbox.encrypt().run().exits(0);
    assert_ne!(id(&sandbox.vault_text()), first);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}
