//! `mfa undo`

use crate::harness::{RFC_4226, Sandbox, VaultKind, alice, rfc_secret, vector};

const ACCOUNTS: [(&str, &str); 3] = [("root", "aws"), ("alice", "plain"), ("john", "sha256-8-60")];

#[test]
fn undo_reverts_the_last_change_and_itself() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox.mfa(["undo"]).run().exits(1).says("no backup");
    let before = sandbox.vault_text();
    sandbox.mfa(["remove", "alice", "-y"]).run().exits(0);
    let after = sandbox.vault_text();
    sandbox.mfa(["undo", "-n"]).run().exits(0).says("+ alice: Example, alice@example.com");
    sandbox.mfa(["undo"]).run().exits(2).hints("-y");
    assert_eq!(sandbox.vault_text(), after);
    sandbox.mfa(["undo", "-y"]).run().exits(0);
    assert_eq!(sandbox.vault_text(), before);
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("- alice");
    assert_eq!(sandbox.vault_text(), after);
}

#[test]
fn undo_shows_that_a_secret_differs_but_not_the_secret() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox.mfa(["add", "alice", "-", "--force"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("~ alice:").says("with another secret");
    sandbox.mfa(["code", "alice"]).run().prints("713653\n");
}

#[test]
fn undo_reports_a_change_of_encryption() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let passphrase = sandbox.write("passphrase", "correct horse battery\n");
    let mfa = |arguments: &[&str]| sandbox.mfa(arguments).env("MFA_PASSPHRASE_FILE", &passphrase).run();
    mfa(&["vault", "encrypt"]).exits(0);
    mfa(&["vault", "decrypt", "-y"]).exits(0);
    mfa(&["undo", "-n"]).exits(0).says("the secrets in the backup are encrypted");
    mfa(&["undo", "-y"]).exits(0).says("'mfa vault decrypt' returns to plain text");
    // any other process could have written it
    let before = sandbox.vault_bytes();
    mfa(&["undo", "-y"]).exits(1).says("vault.toml.bak' is not encrypted").hints("mfa vault decrypt");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn undo_rejects_a_backup_that_mfa_did_not_write() {
    let forged = "version = 1\n[accounts.alice]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n";
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    sandbox.mfa(["remove", "john", "-y"]).run().exits(0);
    let before = sandbox.vault_bytes();
    sandbox.write("vault.toml.bak", forged);
    for how in [&["undo", "-y"][..], &["undo", "-n"]] {
        sandbox.mfa(how).run().exits(1).says("is not encrypted, but it was").says_not("+ ");
    }
    assert_eq!(sandbox.vault_bytes(), before);
    // another vault for the same key
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    let other = VaultKind::Encrypted.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write("vault.toml.bak", other.vault_text());
    sandbox.mfa(["undo", "-y"]).run().exits(1).says("is not the one seen before");
}

#[test]
fn undo_restores_a_backup_if_the_vault_cannot_be_unlocked() {
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    sandbox.mfa(["remove", "john", "-y"]).run().exits(0);
    let begin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
    let whole = sandbox.vault_text();
    let damaged = whole.replace(begin, &format!("{begin}AA"));
    assert_ne!(damaged, whole);
    sandbox.write_vault(damaged.as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(1).prints("");
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("+ john");
    sandbox.mfa(["list", "--names"]).run().prints("root\nalice\njohn\n");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    // an account was rolled back, but the vault unlocks
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    let older = sandbox.vault_text();
    sandbox.mfa(["add", "alice", "-", "-f"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["edit", "root", "--tag", "x"]).run().exits(0);
    let record =
        |text: &str| text[text.find("[accounts.alice]").unwrap()..].split("\n\n").next().unwrap().to_owned();
    let now = sandbox.vault_text();
    sandbox.write_vault(now.replace(&record(&now), &record(&older)).as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(1).says("was tampered with");
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("was tampered with");
    sandbox.mfa(["code", "alice"]).run().exits(0).in_silence();
    sandbox.mfa(["vault", "verify"]).run().exits(0);
}

#[test]
fn undo_shows_a_restored_record_that_is_invalid() {
    let sandbox = Sandbox::with_vault(
        "version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\n[accounts.bad]\nsecret = \"1!\"\n",
    );
    sandbox.mfa(["remove", "bad", "-y"]).run().exits(0);
    sandbox
        .mfa(["undo", "-n"])
        .run()
        .exits(0)
        .says("+ bad, which cannot be used")
        .says_not("no account changed");
    sandbox.mfa(["undo", "-y"]).run().exits(0);
    sandbox.mfa(["undo", "-n"]).run().exits(0).says("- bad, which cannot be used");
}

#[test]
fn undo_keeps_the_higher_counter() {
    let sandbox = Sandbox::new();
    let hotp = "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0";
    sandbox.mfa(["add", "bank", "-"]).stdin(hotp).run().exits(0);
    sandbox.mfa(["add", "other", "-"]).stdin(vector("plain").uri()).run().exits(0);
    sandbox.mfa(["remove", "other", "-y"]).run().exits(0);
    sandbox.mfa(["code", "bank"]).run().prints("755224\n");
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("+ other");
    sandbox.mfa(["list", "--names"]).run().prints("bank\nother\n");
    sandbox.mfa(["code", "bank"]).run().prints("287082\n");
}

/// Checks that the next code of an HOTP account with the RFC's seed belongs to this counter.
#[track_caller]
fn assert_next_counter(sandbox: &Sandbox, name: &str, counter: usize) {
    sandbox.mfa(["code", "-e", name]).run().exits(0).prints(&format!("{}\n", RFC_4226[counter]));
}

fn hotp(name: &str, more: &str) -> String {
    format!("[accounts.{name}]\ntype = \"hotp\"\nsecret = \"{}\"\n{more}\n", rfc_secret(20))
}

#[test]
fn undo_keeps_the_counter_after_a_change_of_encryption() {
    let sandbox = VaultKind::Encrypted.sandbox_with(&format!("version = 1\n{}", hotp("h", "counter = 3")));
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    assert_next_counter(&sandbox, "h", 3);
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("'h' keeps its newer counter");
    assert_next_counter(&sandbox, "h", 4);
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    assert_next_counter(&sandbox, "h", 5);
}

#[test]
fn undo_keeps_the_counter_if_accounts_share_a_secret() {
    let totp = format!("[accounts.a]\nsecret = \"{}\"\n", rfc_secret(20));
    let records = [totp, hotp("b", "counter = 1"), hotp("h", "counter = 3")].concat();
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{records}"));
    sandbox.mfa(["edit", "a", "--tag", "x"]).run().exits(0);
    assert_next_counter(&sandbox, "h", 3);
    sandbox.mfa(["undo", "-y"]).run().exits(0);
    assert_next_counter(&sandbox, "h", 4);
    assert_next_counter(&sandbox, "b", 1);
}

#[test]
fn undo_restores_the_former_account_type() {
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", hotp("h", "counter = 5")));
    let other = format!("otpauth://hotp/h?secret={}&counter=7&digits=8&algorithm=SHA256", rfc_secret(20));
    sandbox.mfa(["add", "h", "-", "--force"]).stdin(other).run().exits(0);
    sandbox.mfa(["undo", "-y"]).run().exits(0).says_not("newer counter");
    assert_next_counter(&sandbox, "h", 5);
}

#[test]
fn undo_does_not_authenticate_a_tampered_backup() {
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    sandbox.mfa(["edit", "john", "--tag", "x"]).run().exits(0);
    let backup = sandbox.path("vault.toml.bak");
    let text = std::fs::read_to_string(&backup).unwrap();
    std::fs::write(&backup, text.replace("issuer = \"Example\"", "issuer = \"Evil\"")).unwrap();
    let before = sandbox.state();
    let run = sandbox.mfa(["undo", "-y"]).run().exits(1).says("vault.toml.bak' was tampered with");
    drop(run.says("the account 'alice' was edited").hints("vault verify'"));
    assert_eq!(sandbox.state(), before);
}

#[test]
fn undo_restores_a_damaged_vault() {
    for kind in [VaultKind::Plain, VaultKind::Encrypted] {
        let sandbox = kind.sandbox_with_accounts(&ACCOUNTS);
        sandbox.mfa(["edit", "john", "--tag", "x"]).run().exits(0);
        for damage in ["", "version = 1\n[accounts.alice\n"] {
            sandbox.write_vault(damage.as_bytes());
            sandbox.mfa(["code", "alice"]).run().exits(1).hints("vault.toml.bak");
            sandbox.mfa(["undo", "-y"]).run().exits(0).says("+ alice: Example, alice@example.com");
            sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
            sandbox.mfa(["edit", "john", "--tag", "y"]).run().exits(0);
        }
    }
}

#[test]
fn undo_of_a_rename_keeps_the_used_codes() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code", "--fresh", "rfc"]).at("30").run().exits(0).prints("287082\n");
    sandbox.mfa(["rename", "rfc", "new"]).run().exits(0);
    sandbox.mfa(["code", "--fresh", "new"]).at("60").run().exits(0).prints("359152\n");
    sandbox.mfa(["undo", "-y"]).run().exits(0);
    sandbox.mfa(["code", "--fresh", "rfc"]).at("60").run().exits(1).prints("").says("used already");
    sandbox.mfa(["code", "--fresh", "rfc"]).at("90").run().exits(0).prints("969429\n");
}

#[test]
fn undo_reports_a_change_of_key_slots() {
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    let passphrase = sandbox.write("passphrase", "correct horse battery\n");
    let add = ["vault", "keys", "add", "--new-passphrase-file", passphrase.to_str().unwrap()];
    sandbox.mfa(add).run().exits(0);
    sandbox.mfa(["undo", "-n"]).run().exits(0).says("the backup has other passphrases or keys");
    sandbox.mfa(["undo", "-y"]).run().exits(0).says("the backup has other passphrases or keys");
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    sandbox.mfa(["undo", "-n"]).run().exits(0).says_not("other passphrases");
}

#[test]
fn undo_after_decrypt_says_that_the_backup_is_encrypted() {
    let sandbox = alice();
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    let run = sandbox.mfa(["undo", "-y"]).locked().run().exits(6).prints("");
    drop(run.says("error: the backup '").says("vault.toml.bak' is encrypted: the vault is locked"));
    sandbox.mfa(["undo", "-y"]).run().exits(0);
}
