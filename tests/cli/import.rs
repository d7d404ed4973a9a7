//! `mfa import` and `mfa export`, through the command line: every file of `fixtures/import` gives its accounts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::vectors::{fixture, vector};

/// A file and what is expected of it
struct Case {
    path: PathBuf,
    expected: Value,
}

/// Every file of every folder; the list is read, so that none is forgotten
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for app in fs::read_dir(fixture("import")).unwrap() {
        let folder = app.unwrap().path();
        let expected: Value =
            serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name != "expected.json" {
                cases.push(Case { expected: expected["files"][&name].clone(), path });
            }
        }
    }
    assert!(cases.len() > 10, "{} files", cases.len());
    cases
}

/// As `expected.json` tells an account
fn told(account: &Value) -> Value {
    let mut told = json!({
        "type": account["type"],
        "issuer": account["issuer"],
        "name": account["account"],
        "secret": account["secret"],
        "algorithm": account["algorithm"],
        "digits": account["digits"],
    });
    let moved_on_by = if account["type"] == "hotp" { "counter" } else { "period" };
    told[moved_on_by] = account[moved_on_by].clone();
    told
}

/// The accounts of an expectation, each once: an identical one is recognised
fn accounts(expected: &Value) -> BTreeSet<String> {
    let entries = expected["entries"].as_array().cloned().unwrap_or_default();
    let bare = |mut entry: Value| {
        let fields = entry.as_object_mut().unwrap();
        fields.remove("note");
        fields.remove("groups");
        fields.sort_keys();
        entry.to_string()
    };
    entries.into_iter().map(bare).collect()
}

fn exported(sandbox: &Sandbox) -> BTreeSet<String> {
    let json = sandbox.mfa(["export", "--reveal"]).run_unjudged().json();
    let accounts = json["accounts"].as_array().unwrap();
    let sorted = |account: &Value| {
        let mut told = told(account);
        told.as_object_mut().unwrap().sort_keys();
        told.to_string()
    };
    accounts.iter().map(sorted).collect()
}

fn import(sandbox: &Sandbox, path: &Path, password: &str) -> crate::outcome::Outcome {
    let password = sandbox.write("password", password);
    sandbox.mfa(["import".as_ref(), path.as_os_str(), "--password-file".as_ref(), password.as_os_str()]).run()
}

#[test]
fn every_file_gives_its_accounts_through_the_command_line() {
    for Case { path, expected } in cases() {
        let sandbox = Sandbox::new();
        let outcome = import(&sandbox, &path, expected["password"].as_str().unwrap_or("x"));
        if expected["error"].is_string() {
            outcome.exits(1);
            assert_eq!(sandbox.vault_bytes(), None, "{}", path.display());
            continue;
        }
        let code = outcome.status.code();
        assert!(
            code == Some(0) || outcome.stderr.contains("not taken: "),
            "{}: {}",
            path.display(),
            outcome.stderr
        );
        if !expected["entries"].as_array().unwrap().is_empty() {
            assert_eq!(exported(&sandbox), accounts(&expected), "{}", path.display());
        }
    }
}

#[test]
fn what_is_imported_twice_is_there_once() {
    for Case { path, expected } in cases().into_iter().filter(|case| !case.expected["error"].is_string()) {
        let sandbox = Sandbox::new();
        let password = expected["password"].as_str().unwrap_or("x");
        import(&sandbox, &path, password);
        let once = sandbox.vault_bytes();
        import(&sandbox, &path, password);
        assert_eq!(sandbox.vault_bytes(), once, "{}", path.display());
    }
}

#[test]
fn a_wrong_password_is_told_and_changes_nothing() {
    for Case { path, expected } in cases() {
        if expected["error"].is_string() || !expected["password"].is_string() {
            continue;
        }
        let sandbox = Sandbox::new();
        let outcome = import(&sandbox, &path, "not the password");
        assert!(matches!(outcome.status.code(), Some(1 | 6)), "{}", path.display());
        outcome.says("wrong");
        assert_eq!(sandbox.vault_bytes(), None);
    }
}

#[test]
fn an_encrypted_file_asks_for_its_password() {
    let sandbox = Sandbox::new();
    let aegis = fixture("import/aegis/aegis-encrypted.json");
    sandbox.mfa(["import".as_ref(), aegis.as_os_str()]).run().exits(2).hints("--password-file");
}

#[test]
fn a_dry_run_shows_and_stores_nothing() {
    let sandbox = Sandbox::with_accounts(&[("example-alice", "aws")]);
    let before = sandbox.vault_bytes();
    let uri = vector("plain").uri();
    sandbox
        .mfa(["import", "-", "--dry-run"])
        .stdin(&uri)
        .run()
        .exits(0)
        .prints("example-alice-2\tExample\talice@example.com\t\tstored\n")
        .says("'example-alice-2': the name 'example-alice' is another account's");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["import", "-", "--tag", "new"]).stdin(&uri).run().exits(0).says("1 stored");
    sandbox.mfa(["list", "--names", "--tag", "new"]).run().prints("example-alice-2\n");
    sandbox.mfa(["import", "-"]).stdin(&uri).run().exits(0).says("0 stored, 1 already there");
}

#[test]
fn what_cannot_be_taken_is_named_and_the_rest_comes_in() {
    let sandbox = Sandbox::new();
    let good = vector("plain").uri();
    let bad = "otpauth://totp/Shop:eve?secret=JBSWY3DPEHPK3PXP&issuer=Shop&algorithm=MD5";
    let outcome =
        sandbox.mfa(["import", "-", "-j"]).stdin(format!("{good}\n{bad}\n")).run().exits(1).says("MD5");
    let answer = outcome.json();
    assert_eq!(answer["accounts"][0]["outcome"], "stored");
    assert_eq!(answer["refused"][0]["reason"], "unsupported algorithm 'MD5'");
    sandbox.mfa(["list", "--names"]).run().prints("example-alice\n");
    // the error says no more than that it is named
    sandbox
        .mfa(["import", "-", "-q"])
        .stdin(format!("{good}\n{bad}\n"))
        .run()
        .exits(1)
        .says("not taken: line 2");
}

#[test]
fn a_tag_that_is_not_added_to_what_was_there_is_told() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let import = ["import", "-", "--tag", "Work"];
    let run = sandbox.mfa(import).stdin(vector("plain").uri()).run().exits(0);
    drop(run.says("the tag Work was not added").says(": alice").hints("--tag Work"));
    sandbox.mfa(["edit", "alice", "--tag", "Work"]).run().exits(0);
    sandbox.mfa(import).stdin(vector("plain").uri()).run().exits(0).says_not("Work");
}

#[test]
fn codes_of_google_in_several_files_belong_together() {
    let sandbox = Sandbox::new();
    let folder = fixture("import/google-authenticator");
    let (one, two) = (folder.join("migration-batch-2.png"), folder.join("migration-batch-1.png"));
    sandbox.mfa(["import".as_ref(), one.as_os_str(), two.as_os_str()]).run().exits(0).says("12 stored");
    let sandbox = Sandbox::new();
    sandbox.mfa(["import".as_ref(), one.as_os_str()]).run().exits(1).says("code 1 of 2");
}

#[test]
fn a_file_that_is_unknown_is_told_what_is_known() {
    let sandbox = Sandbox::new();
    sandbox
        .mfa(["import", "-"])
        .stdin("a,b\n1,2\n")
        .run()
        .exits(1)
        .says("Aegis")
        .says("Google Authenticator");
    assert_eq!(sandbox.vault_bytes(), None);
}

#[test]
fn an_export_goes_to_a_file_for_its_owner_or_where_it_is_asked_for() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws"), ("alice", "plain")]);
    sandbox.mfa(["export"]).run().exits(2).prints("").hints("--reveal");
    sandbox.mfa(["export", "-o", "-"]).run().exits(2).prints("");
    sandbox.mfa(["export", "-o", "out.json"]).run().exits(0).prints("").says("holds secrets");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(sandbox.path("out.json").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let first = fs::read(sandbox.path("out.json")).unwrap();
    sandbox.mfa(["export", "alice", "-o", "out.json"]).run().exits(5);
    assert_eq!(fs::read(sandbox.path("out.json")).unwrap(), first);
    sandbox.mfa(["export", "alice", "-o", "out.json", "-f"]).run().exits(0);
    assert_ne!(fs::read(sandbox.path("out.json")).unwrap(), first);
    sandbox.mfa(["export", "nobody", "--reveal"]).run().exits(3).prints("");
    sandbox.mfa(["export", "--filter", "nothing", "--reveal"]).run().exits(3).prints("");
}

#[test]
fn googles_codes_carry_what_they_can_and_name_what_they_cannot() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("john", "sha256-8-60")]);
    sandbox
        .mfa(["export", "-F", "google", "-o", "g.png"])
        .run()
        .exits(1)
        .says("not exported: 'john': its period is 60 s");
    let other = Sandbox::new();
    let picture = sandbox.path("g.png");
    other.mfa(["import".as_ref(), picture.as_os_str()]).run().exits(0);
    assert_eq!(exported(&other).len(), 1);
}

#[test]
fn every_format_that_is_written_is_read_again() {
    let accounts = [("root", "aws"), ("alice", "plain"), ("zoe", "unicode"), ("seven", "no-issuer-80bit")];
    let sandbox = Sandbox::with_accounts(&accounts);
    let all = exported(&sandbox);
    sandbox.write("password", "correct horse");
    for format in ["json", "uri", "aegis", "aegis-encrypted", "2fas", "bitwarden", "keepassxc", "google"] {
        let outcome = sandbox
            .mfa(["export", "-F", format, "-o", format, "--password-file", "password"])
            .run()
            .exits(0)
            .prints("");
        drop(outcome);
        let other = Sandbox::new();
        import(&other, &sandbox.path(format), "correct horse").exits(0);
        let again = exported(&other);
        if format == "bitwarden" || format == "keepassxc" {
            // an account without an issuer has its name for one there
            assert_eq!(again.len(), all.len(), "{format}");
        } else {
            assert_eq!(again, all, "{format}");
        }
    }
}

#[test]
fn an_account_without_a_label_goes_out_under_its_name() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "alone", "-"]).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run().exits(0);
    for format in ["uri", "aegis", "2fas", "google"] {
        let text = sandbox.mfa(["export", "-F", format, "--reveal"]).run().exits(0).text();
        let other = Sandbox::new();
        other.mfa(["import", "-"]).stdin(text).run().exits(0);
        other.mfa(["list", "--names"]).run().prints("alone\n");
    }
}

#[test]
fn what_another_program_cannot_carry_is_named() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("john", "sha256-8-60")]);
    sandbox.mfa(["edit", "alice", "--tag", "a", "--tag", "b"]).run().exits(0);
    sandbox.mfa(["export", "-F", "2fas", "--reveal"]).run().exits(0).says("'alice': ").says("'a'");
    sandbox.mfa(["edit", "alice", "--serial", "arn:aws:iam::123456789012:mfa/x"]).run().exits(0);
    sandbox.mfa(["export", "-F", "uri", "--reveal"]).run().exits(0).says("'alice': ").says("ARN");
    let hotp = "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0";
    sandbox.mfa(["add", "bank", "-"]).stdin(hotp).run().exits(0);
    sandbox.mfa(["export", "-F", "bitwarden", "--reveal"]).run().exits(1).says("not exported: 'bank'");
}

#[test]
fn a_colon_where_other_apps_cut_is_told() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws")]);
    for (name, label) in
        [("shop", ["-i", "Shop: Berlin", "-a", "bob"]), ("arn", ["-i", "", "-a", "arn:aws:x:y"])]
    {
        let add = sandbox.mfa([&["add", name, "-"][..], &label].concat()).stdin(&vector("plain").secret);
        add.run().exits(0);
    }
    let colon = |name: &str| format!("'{name}': its issuer or account name holds a colon");
    let run = sandbox.mfa(["export", "-F", "uri", "--reveal"]).run().exits(0).says(&colon("shop"));
    drop(run.says_not(&colon("root")).says_not(&colon("arn")));
    sandbox.mfa(["export-qr", "shop", "-o", "x.png"]).run().exits(0).says(&colon("shop"));
    sandbox.mfa(["export-qr", "root", "-o", "y.png"]).run().exits(0).says_not("colon");
}

#[test]
fn the_password_of_an_export_is_asked_for() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    sandbox.mfa(["export", "-F", "aegis-encrypted", "-o", "x"]).run().exits(2).hints("--password-file");
    assert!(!sandbox.path("x").exists());
}

/// What stands behind a URI would become its issuer, which is shown
#[test]
fn a_line_with_more_than_a_uri_is_refused_and_nothing_of_it_is_shown() {
    let one = "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&issuer=A";
    let other = "otpauth://totp/C:d?secret=KRSXG5CTMVRXEZLUJBSWY3DP&issuer=C";
    let migration = "otpauth-migration://offline?data=ChAKCkhlbGxvId6tvu8SAmJvGAE";
    for line in [
        format!("{one},{other}"),
        format!("{one} {other}"),
        format!("{one} {migration}"),
        format!("{migration} {one}"),
        format!("\"A\",\"{one}\",\"hunter2\""),
        format!("A,{one},hunter2"),
        format!("A;{one};hunter2"),
        format!("A\t{one}\thunter2"),
    ] {
        for arguments in [&["import", "-"][..], &["add", "x", "-"]] {
            let sandbox = Sandbox::new();
            let run = sandbox.mfa(arguments).stdin(&line).run().exits(1).says("more than an otpauth URI");
            drop(run.says_not("hunter2").says_not("KRSXG5"));
            assert_eq!(sandbox.vault_bytes(), None, "{line}");
        }
    }
    let sandbox = Sandbox::new();
    sandbox.mfa(["import", "-"]).stdin(format!("A,b,{one}\n\"{other}\"\n")).run().exits(0).says("2 stored");
}

#[test]
fn a_guess_that_may_make_a_wrong_code_is_told() {
    let sandbox = Sandbox::new();
    let uris = "otpauth://hotp/A:b?secret=JBSWY3DPEHPK3PXP&issuer=A\n\
                otpauth://totp/C:d?secret=JBSWY3DPEHPK3PXPJ&issuer=C&period=0\n";
    sandbox
        .mfa(["import", "-"])
        .stdin(uris)
        .run()
        .exits(0)
        .says("warning: 'a-b': the counter is missing; 0 was taken")
        .says("warning: 'c-d': the secret key has an odd length")
        .says("warning: 'c-d': the period is 0; 30 s was taken");
}

#[test]
fn an_export_is_known_again_whatever_it_had_no_place_for() {
    let sandbox = Sandbox::new();
    let serial = "arn:aws:iam::123456789012:mfa/alice";
    sandbox.mfa(["add", "github", "-"]).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run().exits(0);
    sandbox.mfa(["add", "aws", "-", "--serial", serial]).stdin(vector("aws").secret.as_str()).run().exits(0);
    sandbox.mfa(["add", "-", "--serial", serial]).stdin(vector("plain").uri()).run().exits(0);
    let before = sandbox.vault_bytes();
    for format in ["json", "uri", "aegis", "2fas", "bitwarden", "keepassxc", "google"] {
        let text = sandbox.mfa(["export", "-F", format, "--reveal"]).run().exits(0).text();
        let run = sandbox.mfa(["import", "-"]).stdin(text).run().exits(0);
        drop(run.says("0 stored, 3 already there"));
        assert_eq!(sandbox.vault_bytes(), before, "{format}");
    }
}

#[test]
fn an_account_without_a_label_is_known_again_under_any_name() {
    let sandbox = Sandbox::new();
    let uris: String = ["A", "B"]
        .map(|last| format!("otpauth://totp/?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX{last}\n"))
        .concat();
    sandbox.mfa(["import", "-"]).stdin(&uris).run().exits(0).says("2 stored");
    sandbox.mfa(["rename", "account", "work"]).run().exits(0);
    let before = sandbox.vault_bytes();
    sandbox.mfa(["import", "-"]).stdin(&uris).run().exits(0).says("0 stored, 2 already there");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn a_counter_that_is_further_on_is_taken_over() {
    let sandbox = Sandbox::new();
    let uri = |counter| format!("otpauth://hotp/ACME:bob?secret=JBSWY3DPEHPK3PXP&counter={counter}\n");
    sandbox.mfa(["import", "-"]).stdin(uri(5)).run().exits(0).says("1 stored");
    let run = sandbox.mfa(["import", "-"]).stdin([uri(50), uri(20)].concat()).run().exits(0);
    drop(run.says("'acme-bob': its counter was further on there, at 50").says("0 stored, 2 already there"));
    assert_eq!(sandbox.mfa(["show", "acme-bob", "-j"]).run().json()["counter"], 50);
    sandbox.mfa(["import", "-"]).stdin(uri(5)).run().exits(0).says_not("further");
    assert_eq!(sandbox.mfa(["show", "acme-bob", "-j"]).run().json()["counter"], 50);
}

#[test]
fn an_export_without_an_account_says_so_by_its_exit_code() {
    let damaged = "[accounts.motp]\ntype = \"motp\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n";
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{damaged}{}", vector("plain").record("alice")));
    let run =
        sandbox.mfa(["export", "-o", "out.json"]).run().exits(1).says("not exported: the account 'motp'");
    drop(run.says("1 of 2 accounts are not in the export"));
    let other = Sandbox::new();
    other.mfa(["import".as_ref(), sandbox.path("out.json").as_os_str()]).run().exits(0).says("1 stored");
    sandbox.mfa(["export", "alice", "-o", "alice.json"]).run().exits(0);
}

#[test]
fn of_several_pictures_none_is_written_where_one_is_in_the_way() {
    let sandbox = Sandbox::new();
    let ends = [["X", "Y"], ["Q", "P"]];
    let uri = |n: usize| {
        format!("otpauth://totp/Shop:u{n}?secret=JBSWY3DPEHPK3P{}{}\n", ends[0][n % 2], ends[1][n / 6])
    };
    sandbox.mfa(["import", "-"]).stdin((0..11).map(uri).collect::<String>()).run().exits(0);
    sandbox.write("g-2.png", "in the way");
    let export = ["export", "-F", "google", "-o", "g.png"];
    sandbox.mfa(export).run().exits(5).says("'g-2.png' exists already");
    assert!(!sandbox.path("g-1.png").exists());
    sandbox.mfa([&export[..], &["-f"]].concat()).run().exits(0);
    assert!(sandbox.path("g-1.png").exists());
    assert_ne!(fs::read(sandbox.path("g-2.png")).unwrap(), b"in the way");
}

#[test]
fn an_account_that_fits_into_no_picture_is_left_out_and_the_others_are_written() {
    let sandbox = Sandbox::new();
    let uri =
        |name: &str, length| format!("otpauth://totp/{}?secret=JBSWY3DPEHPK3PXP\n", name.repeat(length));
    let uris = [uri("a", 1500), uri("b", 1500), uri("c", 3000)].concat();
    sandbox.mfa(["import", "-"]).stdin(uris).run().exits(0);
    let export = ["export", "-F", "google"];
    let run = sandbox.mfa([&export[..], &["-o", "g.png"]].concat()).run().exits(1);
    drop(run.says("are too long for a QR code").says("1 of 3 accounts are not in the export"));
    assert!(sandbox.path("g-1.png").exists() && sandbox.path("g-2.png").exists());
    let text = sandbox.mfa([&export[..], &["--reveal"]].concat()).run().exits(1).text();
    Sandbox::new().mfa(["import", "-"]).stdin(text).run().exits(0).says("2 stored");
}

#[test]
fn no_export_is_written_over_the_vault_or_its_backup() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws"), ("alice", "plain")]);
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    let before = sandbox.state();
    for file in ["vault.toml", "./vault.toml", "vault.toml.bak", "vault.toml.lock"] {
        for command in [&["export"][..], &["export-qr", "alice"]] {
            let run = sandbox.mfa([command, &["-f", "-o", file]].concat()).run().exits(5);
            drop(run.says("is the vault, its backup or its lock"));
        }
    }
    assert_eq!(sandbox.state(), before);
}

#[test]
fn a_prefix_of_totp_cli_is_not_taken_over_in_silence() {
    let dump =
        r#"[{"name": "A", "accounts": [{"name": "b", "token": "JBSWY3DPEHPK3PXP", "prefix": "4711"}]}]"#;
    let run = Sandbox::new().mfa(["import", "-"]).stdin(dump).run().exits(0);
    drop(run.says("'b': totp-cli shows a prefix before its codes").says_not("4711"));
}
