//! `mfa vault passwd`

use crate::harness::{alice, fixture_sandbox};

const CODE: &str = "713653\n";
const FILE: &str = "MFA_PASSPHRASE_FILE";

#[test]
fn passwd_changes_the_given_passphrase() {
    let sandbox = alice();
    let (old, new) = (sandbox.write("old", "old words"), sandbox.write("new", "new words\n"));
    sandbox.mfa(["vault", "keys", "add", "--new-passphrase-file", "old"]).run().exits(0).says("passphrase");
    let code = |words| sandbox.mfa(["code", "alice"]).locked().env(FILE, words).run();
    code(&old).exits(0).prints(CODE).in_silence();
    let before = sandbox.vault_bytes();
    sandbox.mfa(["vault", "passwd"]).locked().env(FILE, &old).run().exits(2).hints("--new-passphrase-file");
    sandbox.mfa(["vault", "passwd", "--new-passphrase-file", "new"]).locked().env(FILE, &new).run().exits(6);
    assert_eq!(sandbox.vault_bytes(), before);
    let passwd = sandbox.mfa(["vault", "passwd", "--new-passphrase-file", "new"]).locked().env(FILE, &old);
    passwd.run().exits(0).says("changed the passphrase").says_not("words");
    code(&old).exits(6).prints("");
    code(&new).exits(0).prints(CODE).in_silence();
    sandbox.mfa(["code", "alice"]).run().exits(0).prints(CODE).in_silence();
}

#[test]
fn passwd_needs_a_passphrase_to_change() {
    let sandbox = alice();
    let new = sandbox.write("new", "new words");
    let run = sandbox.mfa(["vault", "passwd", "--new-passphrase-file"]).run();
    run.exits(2);
    let run = sandbox.mfa(["vault", "passwd", "--new-passphrase-file", new.to_str().unwrap()]).run();
    run.exits(1).says("the vault has no passphrase").hints("mfa vault keys add");
}

#[test]
fn passwd_with_several_passphrases_needs_the_old_one() {
    let sandbox = fixture_sandbox("good-two-passphrases.toml");
    let (right, new) = (sandbox.write("right", "correct horse battery staple"), sandbox.write("new", "new"));
    let passwd = ["vault", "passwd", "--new-passphrase-file", new.to_str().unwrap()];
    sandbox.mfa(passwd).env(FILE, &right).run().exits(0);
    let verify =
        |words: &str| sandbox.mfa(["vault", "verify"]).env(FILE, sandbox.write("words", words)).run();
    verify("correct horse battery staple").exits(6);
    verify("another passphrase").exits(0);
    verify("new").exits(0);
}
