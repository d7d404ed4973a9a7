//! People edit the vault by hand: what they wrote stays.

use crate::sandbox::Sandbox;
use crate::vectors::{rfc_secret, vector};

#[test]
fn comments_order_and_unknown_keys_survive() {
    let secret = &vector("plain").secret;
    let before = format!(
        "# my accounts\nversion = 1 # one\nfuture = \"kept\"\n\n[settings]\nx = [1, 2] # two\n\n\
         [accounts.zulu] # three\n  secret = '{secret}' # four\ntags = [\"prod\"]\nadded = 2026-11-21\nissuer = \"Example\"\n\n\
         # five\n[accounts.alpha]\nsecret = \"jbsw y3dp ehpk 3pxp\"\n# six\n"
    );
    let sandbox = Sandbox::with_vault(&before);
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    let after = sandbox.vault_text();
    for line in before.lines() {
        assert_eq!(after.matches(line).count().min(1), 1, "{line}\n{after}");
    }
    assert!(after.starts_with(before.trim_end_matches("# six\n")), "{after}");
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("zulu\nalpha\nnew\n");
    assert_eq!(std::fs::read_to_string(sandbox.path("vault.toml.bak")).unwrap(), before);

    let uri = vector("same-name-other-secret").uri();
    sandbox.mfa(["add", "zulu", "-f"]).stdin(uri).run().exits(0);
    let replaced = sandbox.vault_text();
    for kept in [
        "# my accounts",
        "# three",
        "# four",
        "tags = [\"prod\"]",
        "added = 2026-11-21",
        "# five",
        "# six",
        "x = [1, 2] # two",
    ] {
        assert!(replaced.contains(kept), "{kept}\n{replaced}");
    }
    assert!(!replaced.contains(secret));
    assert_eq!(std::fs::read_to_string(sandbox.path("vault.toml.bak")).unwrap(), after);
}

#[test]
fn every_way_to_write_a_table_is_read_and_added_to() {
    let secret = rfc_secret(20);
    for text in [
        format!("version = 1\n[accounts.rfc]\nsecret = \"{secret}\"\n"),
        format!("version = 1\r\n[accounts.rfc]\r\nsecret = \"{secret}\"\r\n"),
        format!("version = 1\n[accounts.rfc]\nsecret = \"{secret}\""),
        format!("version = 1\n[accounts]\nrfc = {{ secret = \"{secret}\" }}\n"),
        format!("version = 1\n[accounts]\nrfc.secret = \"{secret}\"\n"),
        format!("version = 1\naccounts.rfc.secret = \"{secret}\"\n"),
        format!("version = 1\naccounts.rfc = {{ secret = \"{secret}\" }}\n"),
        format!("version = 1\naccounts = {{ rfc = {{ secret = \"{secret}\" }} }}\n"),
        format!("version = 1\n[\"accounts\".'rfc']\n\"secret\" = '''{secret}'''\n"),
        format!("version = 1\n[accounts.rfc]\nsecret = \"\"\"\n{} {}\"\"\"\n", &secret[..8], &secret[8..]),
        format!("\u{feff}version = 1\n[accounts.rfc]\nsecret = \"{secret}\"\n"),
    ] {
        let sandbox = Sandbox::with_vault(&text);
        sandbox.mfa(["code", "rfc"]).run().exits(0).prints("287082\n").in_silence();
        sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
        sandbox.mfa(["code", "rfc"]).run().exits(0).prints("287082\n").in_silence();
        sandbox.mfa(["code", "new"]).run().exits(0).prints("596825\n").in_silence();
        sandbox.mfa(["add", "rfc", "-f"]).stdin(vector("plain").uri()).run().exits(0);
        sandbox.mfa(["code", "rfc"]).run().exits(0).prints("713653\n").in_silence();
        sandbox.mfa(["code", "new"]).run().exits(0).prints("596825\n").in_silence();
        let table: toml::Table = sandbox.vault_text().parse().expect("it is TOML");
        assert_eq!(table["accounts"].as_table().map(toml::Table::len), Some(2), "{text}");
    }
}

#[test]
fn line_ends_stay_as_they_are() {
    let sandbox =
        Sandbox::with_vault(&format!("version = 1\n{}", vector("plain").record("x")).replace('\n', "\r\n"));
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    let text = sandbox.vault_text();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
}

#[test]
fn values_that_toml_must_quote_come_back() {
    let sandbox = Sandbox::new();
    for (name, issuer) in
        [("a.b", "\"'\\"), ("例え", "a # b"), ("1", "= [x]"), ("true", "'''"), ("a@b+c", "🦀")]
    {
        let run = sandbox.mfa(["add", name, "-", "-i", issuer]).stdin(&vector("plain").secret).run();
        run.exits(0);
        let json = sandbox.mfa(["list", "-j", issuer]).run().exits(0).json();
        assert_eq!(
            (&json["accounts"][0]["name"], &json["accounts"][0]["issuer"]),
            (&name.into(), &issuer.into())
        );
        sandbox.mfa(["code", "-e", name]).run().exits(0).prints("713653\n");
    }
}
