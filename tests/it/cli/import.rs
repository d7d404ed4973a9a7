//! `mfa import`, through the command line: every file of `fixtures/import` gives its accounts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Outcome, Sandbox, fixture, vector};

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

pub(super) fn exported(sandbox: &Sandbox) -> BTreeSet<String> {
    let json = sandbox.mfa(["export", "--reveal"]).run_unjudged().json();
    let accounts = json["accounts"].as_array().unwrap();
    let sorted = |account: &Value| {
        let mut told = told(account);
        told.as_object_mut().unwrap().sort_keys();
        told.to_string()
    };
    accounts.iter().map(sorted).collect()
}

pub(super) fn import(sandbox: &Sandbox, path: &Path, password: &str) -> Outcome {
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
            code == Some(0) || outcome.stderr.contains("not imported: "),
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
        .says("'example-alice' is taken: stored as 'example-alice-2'");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["import", "-", "--tag", "new"]).stdin(&uri).run().exits(0).says("imported 1 account from");
    sandbox.mfa(["list", "--names", "--tag", "new"]).run().prints("example-alice-2\n");
    sandbox
        .mfa(["import", "-"])
        .stdin(&uri)
        .run()
        .exits(0)
        .says("imported 0 accounts")
        .says("; 1 already in the vault");
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
        .says("not imported: line 2");
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
    sandbox
        .mfa(["import".as_ref(), one.as_os_str(), two.as_os_str()])
        .run()
        .exits(0)
        .says("imported 12 accounts from");
    let sandbox = Sandbox::new();
    sandbox.mfa(["import".as_ref(), one.as_os_str()]).run().exits(1).says("code 1 of 2");
}

#[test]
fn a_file_that_is_unknown_is_told_what_is_known() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["import", "-"]).stdin("a,b\n1,2\n").run().exits(1);
    run.says("unrecognised format").hints("mfa help import");
    assert_eq!(sandbox.vault_bytes(), None);
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
    sandbox
        .mfa(["import", "-"])
        .stdin(format!("A,b,{one}\n\"{other}\"\n"))
        .run()
        .exits(0)
        .says("imported 2 accounts from");
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
        .says("warning: 'a-b': the counter is missing; 0 was used")
        .says("warning: 'c-d': the secret key has an odd length")
        .says("warning: 'c-d': the period is 0; 30 s was used");
}

#[test]
fn an_account_without_a_label_is_known_again_under_any_name() {
    let sandbox = Sandbox::new();
    let uris: String = ["A", "B"]
        .map(|last| format!("otpauth://totp/?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX{last}\n"))
        .concat();
    sandbox.mfa(["import", "-"]).stdin(&uris).run().exits(0).says("imported 2 accounts from");
    sandbox.mfa(["rename", "account", "work"]).run().exits(0);
    let before = sandbox.vault_bytes();
    sandbox
        .mfa(["import", "-"])
        .stdin(&uris)
        .run()
        .exits(0)
        .says("imported 0 accounts")
        .says("; 2 already in the vault");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn a_counter_that_is_further_on_is_taken_over() {
    let sandbox = Sandbox::new();
    let uri = |counter| format!("otpauth://hotp/ACME:bob?secret=JBSWY3DPEHPK3PXP&counter={counter}\n");
    sandbox.mfa(["import", "-"]).stdin(uri(5)).run().exits(0).says("imported 1 account from");
    let run = sandbox.mfa(["import", "-"]).stdin([uri(50), uri(20)].concat()).run().exits(0);
    drop(
        run.says("'acme-bob': raised its counter to 50")
            .says("imported 0 accounts")
            .says("; 2 already in the vault"),
    );
    assert_eq!(sandbox.mfa(["show", "acme-bob", "-j"]).run().json()["counter"], 50);
    sandbox.mfa(["import", "-"]).stdin(uri(5)).run().exits(0).says_not("raised");
    assert_eq!(sandbox.mfa(["show", "acme-bob", "-j"]).run().json()["counter"], 50);
}

#[test]
fn a_prefix_of_totp_cli_is_not_taken_over_in_silence() {
    let dump =
        r#"[{"name": "A", "accounts": [{"name": "b", "token": "JBSWY3DPEHPK3PXP", "prefix": "4711"}]}]"#;
    let run = Sandbox::new().mfa(["import", "-"]).stdin(dump).run().exits(0);
    drop(run.says("'b': totp-cli shows a prefix before its codes").says_not("4711"));
}

#[test]
fn a_vault_is_refused_with_a_hint_to_merge_it() {
    let sandbox = Sandbox::new();
    for name in ["vault.toml", "vault-sealed.toml"] {
        let path = fixture("import/mfa").join(name);
        let path = path.to_str().unwrap();
        for arguments in [&["import", path][..], &["add", "x", path], &["code", "--from", path]] {
            let run = sandbox.mfa(arguments).run().exits(1);
            drop(run.says(&format!("{name}' is a vault of mfa")).hints("mfa merge FILE"));
        }
    }
    assert_eq!(sandbox.vault_bytes(), None);
}
