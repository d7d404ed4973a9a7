//! `mfa import`: every file of `fixtures/import` gives its accounts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Outcome, Sandbox, fixture, vector};

/// A file and its expected result.
struct Case {
    path: PathBuf,
    expected: Value,
}

/// Returns every file of every folder, from a directory listing, so that the test covers new files.
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

/// Returns an account as `expected.json` describes it.
fn summary(account: &Value) -> Value {
    let mut summary = json!({
        "type": account["type"],
        "issuer": account["issuer"],
        "name": account["account"],
        "secret": account["secret"],
        "algorithm": account["algorithm"],
        "digits": account["digits"],
    });
    let moved_on_by = if account["type"] == "hotp" { "counter" } else { "period" };
    summary[moved_on_by] = account[moved_on_by].clone();
    summary
}

/// Returns the accounts of an expectation without duplicates, because import skips identical ones.
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
    let json = sandbox.mfa(["export", "--reveal"]).run_unchecked().json();
    let accounts = json["accounts"].as_array().unwrap();
    let sorted = |account: &Value| {
        let mut summary = summary(account);
        summary.as_object_mut().unwrap().sort_keys();
        summary.to_string()
    };
    accounts.iter().map(sorted).collect()
}

pub(super) fn import(sandbox: &Sandbox, path: &Path, password: &str) -> Outcome {
    let password = sandbox.write("password", password);
    sandbox.mfa(["import".as_ref(), path.as_os_str(), "--password-file".as_ref(), password.as_os_str()]).run()
}

#[test]
fn every_fixture_gives_its_accounts() {
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
fn file_imported_twice_is_stored_once() {
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
fn wrong_password_is_reported_and_changes_nothing() {
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
fn encrypted_file_needs_its_password() {
    let sandbox = Sandbox::new();
    let aegis = fixture("import/aegis/aegis-encrypted.json");
    sandbox.mfa(["import".as_ref(), aegis.as_os_str()]).run().exits(2).hints("--password-file");
}

#[test]
fn dry_run_lists_accounts_and_stores_nothing() {
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
fn rejected_accounts_are_named_and_the_others_stored() {
    let sandbox = Sandbox::new();
    let good = vector("plain").uri();
    let bad = "otpauth://totp/Shop:eve?secret=JBSWY3DPEHPK3PXP&issuer=Shop&algorithm=MD5";
    let outcome =
        sandbox.mfa(["import", "-", "-j"]).stdin(format!("{good}\n{bad}\n")).run().exits(1).says("MD5");
    let answer = outcome.json();
    assert_eq!(answer["accounts"][0]["outcome"], "stored");
    assert_eq!(answer["refused"][0]["reason"], "unsupported algorithm 'MD5'");
    sandbox.mfa(["list", "--names"]).run().prints("example-alice\n");
    // the error only refers to the names above it
    sandbox
        .mfa(["import", "-", "-q"])
        .stdin(format!("{good}\n{bad}\n"))
        .run()
        .exits(1)
        .says("not imported: line 2");
}

#[test]
fn import_warns_of_a_tag_that_it_did_not_add() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let import = ["import", "-", "--tag", "Work"];
    let run = sandbox.mfa(import).stdin(vector("plain").uri()).run().exits(0);
    drop(run.says("the tag Work was not added").says(": alice").hints("--tag Work"));
    sandbox.mfa(["edit", "alice", "--tag", "Work"]).run().exits(0);
    sandbox.mfa(import).stdin(vector("plain").uri()).run().exits(0).says_not("Work");
}

#[test]
fn google_batches_in_several_files_belong_together() {
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
fn unrecognised_file_is_an_error_with_the_known_formats() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["import", "-"]).stdin("a,b\n1,2\n").run().exits(1);
    run.says("unrecognised format").hints("mfa help import");
    assert_eq!(sandbox.vault_bytes(), None);
}

/// Text after a URI would become part of its issuer, which messages show.
#[test]
fn line_with_text_after_a_uri_is_rejected_unseen() {
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
fn import_warns_of_a_guessed_parameter() {
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
fn account_without_a_label_is_recognised_under_any_name() {
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
fn higher_counter_is_merged() {
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
fn import_warns_of_a_totp_cli_prefix() {
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
            drop(run.says(&format!("{name}' is a vault of mfa")).hints("mfa vault merge FILE"));
        }
    }
    assert_eq!(sandbox.vault_bytes(), None);
}
