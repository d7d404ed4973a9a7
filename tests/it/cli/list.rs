//! `mfa list`

use serde_json::json;

use crate::harness::{Sandbox, vector};

const ACCOUNTS: [(&str, &str); 3] = [("root", "aws"), ("alice", "plain"), ("zoe", "unicode")];

#[test]
fn list_in_a_pipe_has_tabs_and_file_order_without_header() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox.mfa(["list"]).run().exits(0).in_silence().prints(concat!(
        "root\tAmazon Web Services\troot-account-mfa-device@123456789012\n",
        "alice\tExample\talice@example.com\n",
        "zoe\tBücher & Töne\tzoë+2@例え.jp\n",
    ));
}

#[test]
fn names_option_prints_one_name_a_line() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox.mfa(["list", "--names"]).run().exits(0).in_silence().prints("root\nalice\nzoe\n");
}

#[test]
fn codes_option_prints_codes_and_seconds_left() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS[..2]);
    sandbox.mfa(["list", "--codes"]).run().exits(0).in_silence().prints(concat!(
        "root\tAmazon Web Services\troot-account-mfa-device@123456789012\t596825\t1\n",
        "alice\tExample\talice@example.com\t713653\t1\n",
    ));
}

#[test]
fn unusual_parameters_are_shown_as_the_type() {
    let sandbox =
        Sandbox::with_accounts(&[("john", "sha256-8-60"), ("dave", "period15"), ("erin", "digits7")]);
    sandbox.mfa(["list"]).run().exits(0).prints(concat!(
        "john\tACME Co\tjohn.doe@example.org\t8 digits, 60 s, SHA256\n",
        "dave\tShort\tdave\t15 s\n",
        "erin\tSeven\terin\t7 digits\n",
    ));
}

#[test]
fn every_line_has_the_same_columns() {
    let sandbox =
        Sandbox::with_accounts(&[("john", "sha256-8-60"), ("alice", "plain"), ("bare", "no-issuer-80bit")]);
    for arguments in [&["list"][..], &["list", "--codes"]] {
        let text = sandbox.mfa(arguments).run().exits(0).text();
        let tabs: Vec<usize> = text.lines().map(|line| line.matches('\t').count()).collect();
        assert!(tabs.iter().all(|count| *count == tabs[0]), "{text:?}");
    }
}

#[test]
fn json_has_every_field_but_the_secret() {
    let sandbox = Sandbox::with_vault(&format!(
        "version = 1\n{}{}serial = \"arn:aws:iam::123456789012:mfa/x\"\n",
        vector("sha256-8-60").record("john"),
        vector("no-issuer-80bit").record("bare"),
    ));
    let john = json!({
        "name": "john", "issuer": "ACME Co", "account": "john.doe@example.org",
        "type": "totp", "algorithm": "SHA256", "digits": 8, "period": 60,
    });
    let bare = json!({
        "name": "bare", "issuer": "", "account": "bare-account", "serial": "arn:aws:iam::123456789012:mfa/x",
        "type": "totp", "algorithm": "SHA1", "digits": 6, "period": 30,
    });
    let list = sandbox.mfa(["list", "-j"]).run().exits(0).in_silence().json();
    assert_eq!(list, json!({ "version": 1, "accounts": [john, bare] }));
}

#[test]
fn json_has_codes_as_text() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws")]);
    let list = sandbox.mfa(["list", "--codes", "--json"]).at("0").run().exits(0).json();
    let account = &list["accounts"][0];
    assert_eq!(account["code"], "012366");
    assert_eq!(account["valid_from"], 0);
    assert_eq!(account["valid_until"], 30);
    assert_eq!(account["remaining"], 30);
}

#[test]
fn json_is_ascii_in_any_script() {
    let run = Sandbox::with_accounts(&[("zoe", "unicode")]).mfa(["list", "-j"]).run().exits(0);
    assert!(run.text().contains(r"B\u00fccher & T\u00f6ne"), "{}", run.text());
    assert_eq!(run.json()["accounts"][0]["account"], "zoë+2@例え.jp");
}

#[test]
fn filter_matches_name_issuer_and_account_name() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    for (filter, names) in [
        ("alice", "alice\n"),
        ("ALICE@EXAMPLE", "alice\n"),
        ("web services", "root\n"),
        ("BÜCHER", "zoe\n"),
        ("ｚｏｅ", "zoe\n"),
        ("o", "root\nalice\nzoe\n"),
        ("", "root\nalice\nzoe\n"),
    ] {
        sandbox.mfa(["list", "--names", filter]).run().exits(0).prints(names).in_silence();
    }
    let nothing = sandbox.mfa(["list", "nobody"]).run();
    nothing.exits(0).prints("").says("no account contains 'nobody'");
    let json = sandbox.mfa(["list", "-j", "nobody"]).run().exits(0).json();
    assert_eq!(json, json!({ "version": 1, "accounts": [] }));
}

#[test]
fn empty_vault_is_a_success() {
    for sandbox in [Sandbox::new(), Sandbox::with_vault("version = 1\n")] {
        let before = sandbox.state();
        for arguments in [&["list"][..], &["list", "--names"], &["list", "--codes"]] {
            sandbox.mfa(arguments).run().exits(0).prints("").says("mfa add");
        }
        let json = sandbox.mfa(["list", "-j"]).run().exits(0).says("mfa add");
        assert_eq!(json.json(), json!({ "version": 1, "accounts": [] }));
        sandbox.mfa(["list", "-q"]).run().exits(0).prints("").in_silence();
        assert_eq!(sandbox.state(), before, "nothing was written");
    }
}

#[test]
fn damaged_records_are_skipped_with_a_warning() {
    let sandbox = Sandbox::with_vault(&format!(
        "version = 1\n[accounts.bad]\nissuer = \"Bad\"\n{}[accounts.worse]\nsecret = 1\n",
        vector("plain").record("alice")
    ));
    for arguments in [&["list"][..], &["list", "--codes"], &["list", "-j"], &["list", "--names"]] {
        let run = sandbox.mfa(arguments).run().exits(0);
        assert!(run.text().contains("alice") && !run.text().contains("bad"), "{}", run.text());
        run.says("warning: the account 'bad' cannot be used: the field 'secret' is missing")
            .says("warning: the account 'worse' cannot be used: the field 'secret' is not a string");
    }
    sandbox.mfa(["list", "-q"]).run().exits(0).prints("alice\tExample\talice@example.com\n").in_silence();
}

#[test]
fn escapes_in_a_hand_edited_vault_are_sanitized() {
    let sandbox = Sandbox::with_vault(&format!(
        "version = 1\n[accounts.evil]\nissuer = \"a\\u001b[31m\\tb\\u202e\"\naccount = \"c\\nd\"\nsecret = \"{}\"\n",
        vector("plain").secret
    ));
    sandbox.mfa(["list"]).run().exits(0).prints("evil\ta\u{fffd}[31m\u{fffd}b\u{fffd}\tc\u{fffd}d\n");
}

#[test]
fn wrong_usage_is_2() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    for arguments in [
        &["list", "--names", "--codes"][..],
        &["list", "--names", "-j"],
        &["list", "a", "b"],
        &["list", "--reveal"],
    ] {
        sandbox.mfa(arguments).run().exits(2).prints("");
    }
}
