//! Names that exist already, with the same secret or another.

use super::{accounts, assert_stored};
use crate::harness::{RFC_4226, Sandbox, rfc_secret, vector};

fn backup(sandbox: &Sandbox) -> Option<String> {
    std::fs::read_to_string(sandbox.path("vault.toml.bak")).ok()
}

#[test]
fn add_reports_a_known_secret_and_writes_nothing() {
    let plain = vector("plain");
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    // the first run may create the lock file
    sandbox.mfa(["add", "alice"]).stdin(plain.uri()).run().exits(0).says("already stored 'alice'");
    let before = sandbox.state();
    for option in ["-q", "--force", "--dry-run", "--json"] {
        sandbox.mfa(["add", "alice", option]).stdin(plain.uri()).run().exits(0);
        assert_eq!(sandbox.state(), before, "{option}");
    }
    assert_eq!(backup(&sandbox), None);
}

#[test]
fn add_rejects_another_secret_under_a_taken_name() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("bob", "aws")]);
    let vault = sandbox.vault();
    let before = (sandbox.vault_bytes(), vault.metadata().unwrap().modified().unwrap());
    for content in [vector("same-name-other-secret").uri(), vector("aws").secret.clone()] {
        let run = sandbox.mfa(["add", "alice"]).stdin(content).run();
        run.exits(5).prints("").says("'alice' already exists").hints("--force");
    }
    assert_eq!((sandbox.vault_bytes(), vault.metadata().unwrap().modified().unwrap()), before);
    assert_eq!(backup(&sandbox), None);
}

#[test]
fn force_replaces_the_account_and_keeps_it_in_the_backup() {
    let other = vector("same-name-other-secret");
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("bob", "aws")]);
    let before = sandbox.vault_text();
    for option in ["--force", "-f"] {
        sandbox.write_vault(before.as_bytes());
        let run = sandbox.mfa(["add", "alice", option]).stdin(other.uri()).run();
        run.exits(0).prints("").says("replaced 'alice'");
        assert_stored(&sandbox, "alice", other);
        assert_stored(&sandbox, "bob", vector("aws"));
        assert_eq!(accounts(&sandbox).len(), 2);
        assert_eq!(backup(&sandbox), Some(before.clone()));
    }
}

#[test]
fn force_matches_exact_names_only() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    sandbox.mfa(["add", "ALICE", "-f"]).stdin(vector("aws").uri()).run().exits(0).says("stored 'ALICE'");
    assert_stored(&sandbox, "alice", vector("plain"));
    assert_stored(&sandbox, "ALICE", vector("aws"));
}

#[test]
fn force_updates_fields_of_the_same_secret() {
    let arn = "arn:aws:iam::123456789012:mfa/root-account-mfa-device";
    let sandbox = Sandbox::with_accounts(&[("root", "aws")]);
    let run = sandbox.mfa(["add", "root", "--force", "--serial", arn]).stdin(vector("aws").uri()).run();
    run.exits(0).says("replaced 'root'");
    assert_eq!(accounts(&sandbox)["root"].get("serial").and_then(toml::Value::as_str), Some(arn));
}

#[test]
fn add_does_not_report_known_if_fields_differ() {
    let arn = "arn:aws:iam::123456789012:mfa/root-account-mfa-device";
    let sandbox = Sandbox::with_accounts(&[("root", "aws")]);
    let run = sandbox.mfa(["add", "root", "--serial", arn]).stdin(vector("aws").uri()).run();
    // in either case, success must mean that the serial is stored
    let stored = accounts(&sandbox)["root"].get("serial").is_some();
    assert!(stored || run.status.code() == Some(5), "{}", run.stderr);
}

#[test]
fn same_secret_with_other_parameters_is_another_account() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let run = sandbox.mfa(["add", "alice", "--digits", "8"]).stdin(vector("plain").uri()).run();
    run.exits(5).says("'alice' already exists").says_not("another secret key");
}

#[test]
fn damaged_record_blocks_its_name() {
    let damaged = "version = 1\n[accounts.alice]\nsecret = 7\nnote = \"mine\"\n";
    let sandbox = Sandbox::with_vault(damaged);
    sandbox.mfa(["add", "alice"]).stdin(vector("plain").uri()).run().exits(5);
    assert_eq!(sandbox.vault_text(), damaged);
    sandbox.mfa(["add", "alice", "-f"]).stdin(vector("plain").uri()).run().exits(0).says("replaced");
    assert_stored(&sandbox, "alice", vector("plain"));
    assert_eq!(backup(&sandbox).as_deref(), Some(damaged));
}

#[test]
fn name_in_another_unicode_composition_is_the_same() {
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", vector("plain").record("\"zoë\"")));
    sandbox.mfa(["add", "zoe\u{308}"]).stdin(vector("plain").uri()).run().exits(0).says("already stored");
    sandbox.mfa(["add", "zoe\u{308}"]).stdin(vector("aws").uri()).run().exits(5);
}

/// Returns the URI of an HOTP account with the RFC's seed.
fn hotp(counter: u64) -> String {
    format!("otpauth://hotp/x?secret={}&counter={counter}", rfc_secret(20))
}

#[test]
fn account_with_an_advanced_counter_is_the_same() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "h", "-"]).stdin(hotp(5)).run().exits(0);
    sandbox.mfa(["code", "h"]).run().prints(&format!("{}\n", RFC_4226[5]));
    sandbox.mfa(["add", "h", "-"]).stdin(hotp(5)).run().exits(0).says("already stored");
    sandbox.mfa(["code", "h"]).run().prints(&format!("{}\n", RFC_4226[6]));
    let run = sandbox.mfa(["add", "h", "-", "--force"]).stdin(hotp(5)).run().exits(0);
    drop(run.says("replaced").says("the counter went back from 7 to 5"));
    sandbox.mfa(["code", "h"]).run().prints(&format!("{}\n", RFC_4226[5]));
}

#[test]
fn force_keeps_each_field_the_new_source_does_not_set() {
    let arn = "arn:aws:iam::123456789012:mfa/bob";
    let shown = |more: &[&str], stdin: &str| {
        let sandbox = Sandbox::new();
        let first =
            ["add", "bob", "-", "-i", "Amazon Web Services", "-a", "bob@123456789012", "--serial", arn];
        sandbox.mfa(first).stdin("JBSWY3DPEHPK3PXP").run().exits(0);
        let run = sandbox.mfa([&["add", "bob", "-", "--force"], more].concat()).stdin(stdin).run().exits(0);
        let account = sandbox.mfa(["show", "bob", "-j"]).run().json();
        let field = |name: &str| account[name].as_str().unwrap_or_default().to_owned();
        (field("issuer"), field("account"), field("serial"), run.stderr)
    };
    let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let (issuer, account, serial, _) = shown(&["-i", "AWS prod"], key);
    assert_eq!((issuer.as_str(), account.as_str(), serial.as_str()), ("AWS prod", "bob@123456789012", arn));
    let other = "arn:aws:iam::123456789012:mfa/other";
    let (issuer, account, serial, _) = shown(&["--serial", other], key);
    let labels = ("Amazon Web Services", "bob@123456789012", other);
    assert_eq!((issuer.as_str(), account.as_str(), serial.as_str()), labels);
    // a new label replaces every field: that account belongs to another device
    let (issuer, account, serial, _) = shown(&[], "otpauth://totp/GitHub?secret=GEZDGNBVGY3TQOJQ");
    assert_eq!((issuer.as_str(), account.as_str(), serial.as_str()), ("", "GitHub", ""));
    let (issuer, account, serial, stderr) = shown(&[], &vector("plain").uri());
    assert_eq!((issuer.as_str(), account.as_str(), serial.as_str()), ("Example", "alice@example.com", ""));
    assert!(stderr.contains(&format!("removed the serial number {arn}")), "{stderr}");
}

#[test]
fn force_with_a_bare_key_keeps_the_account_fields() {
    let sandbox = Sandbox::new();
    let serial = "arn:aws:iam::123456789012:mfa/alice";
    let add = ["add", "root", "-", "--issuer", "Amazon Web Services", "--serial", serial, "--tag", "work"];
    sandbox.mfa(add).stdin(&vector("plain").secret).run().exits(0);
    sandbox.mfa(["add", "root", "-", "--force"]).stdin(&vector("aws").secret).run().exits(0).says("replaced");
    sandbox.mfa(["code", serial]).run().exits(0).prints("596825\n");
    let shown = sandbox.mfa(["show", "root", "-j"]).run().exits(0).json();
    assert_eq!((&shown["issuer"], &shown["tags"][0]), (&"Amazon Web Services".into(), &"work".into()));
}

#[test]
fn add_warns_of_a_tag_that_it_did_not_add() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let run = sandbox.mfa(["add", "alice", "-", "--tag", "a b"]).stdin(vector("plain").uri()).run().exits(0);
    drop(run.says("already stored").says("the tag 'a b' was not added").hints("mfa edit alice --tag 'a b'"));
}
