//! Hand edits: mfa keeps the comments, order and form of the file.

use crate::harness::{VaultKind, over_both, rfc_secret, vector};

over_both![
    comments_order_and_unknown_keys_are_kept,
    every_form_of_a_table_is_read_and_extended,
    line_endings_are_kept,
    values_that_toml_must_quote_are_kept,
    list_keeps_its_lines_and_comments,
];

fn list_keeps_its_lines_and_comments(kind: VaultKind) {
    let secret = &vector("plain").secret;
    let list = "tags = [ # all\n  \"prod\", # one\n  \"work\", # two\n]";
    let sandbox = kind.sandbox_with(&format!("version = 1\n[accounts.a]\nsecret = \"{secret}\"\n{list}\n"));
    sandbox.mfa(["edit", "a", "--tag", "new"]).run().exits(0);
    let text = sandbox.vault_text();
    for kept in ["tags = [ # all\n  \"prod\", # one\n  \"work\"", "# two\n"] {
        assert!(text.contains(kept), "{kept:?} in {text}");
    }
    sandbox.mfa(["edit", "a", "-i", "Bank"]).run().exits(0);
    assert!(sandbox.vault_text().contains("tags = [ # all\n  \"prod\", # one\n  \"work\""));
    // the comment of a removed tag goes with it
    sandbox.mfa(["edit", "a", "--untag", "prod"]).run().exits(0);
    assert!(sandbox.vault_text().contains("# two\n"));
    let shown = sandbox.mfa(["show", "a", "-j"]).run().exits(0).json();
    assert_eq!(shown["tags"], serde_json::json!(["work", "new"]));
}

fn comments_order_and_unknown_keys_are_kept(kind: VaultKind) {
    let secret = &vector("plain").secret;
    let before = format!(
        "# my accounts\nversion = 1 # one\nfuture = \"kept\"\n\n[settings]\nx = [1, 2] # two\n\n\
         [accounts.zulu] # three\n  secret = '{secret}' # four\ntags = [\"prod\"]\nadded = 2026-11-21\nissuer = \"Example\"\n\n\
         # five\n[accounts.alpha]\nsecret = \"jbsw y3dp ehpk 3pxp\"\n# six\n"
    );
    let sandbox = kind.sandbox_with(&before);
    let backup = || std::fs::read_to_string(sandbox.path("vault.toml.bak")).unwrap();
    let first = sandbox.vault_text();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    let after = sandbox.vault_text();
    for line in before.lines() {
        // encryption changes these lines; their comments stay
        let sealed = sandbox.is_for_encrypted() && (line.contains("secret") || line.contains("version"));
        let kept = if sealed { line.split_once('#').map_or("", |(_, comment)| comment) } else { line };
        assert_eq!(after.matches(kept).count().min(1), 1, "{kept}\n{after}");
    }
    if kind == VaultKind::Plain {
        assert!(after.starts_with(before.trim_end_matches("# six\n")), "{after}");
    }
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("zulu\nalpha\nnew\n");
    assert_eq!(backup(), first);

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
    assert_eq!(backup(), after);
}

fn every_form_of_a_table_is_read_and_extended(kind: VaultKind) {
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
        let sandbox = kind.sandbox_with(&text);
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

fn line_endings_are_kept(kind: VaultKind) {
    let text = format!("version = 1\n{}", vector("plain").record("x"));
    let sandbox = kind.sandbox_with(&text.replace('\n', "\r\n"));
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    let text = sandbox.vault_text();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
}

fn values_that_toml_must_quote_are_kept(kind: VaultKind) {
    let sandbox = kind.sandbox();
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
