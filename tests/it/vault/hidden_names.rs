//! A vault with hidden names: no file shows a name, and each command works once the vault is unlocked.

use crate::harness::{Sandbox, VaultKind, alice, vector};

/// The texts of the accounts that no file may show.
const NAMES: [&str; 5] = ["alice", "Example", "aws-root", "sampleDevice", "secret-project"];

/// Returns a vault with hidden names and two accounts, one with each field.
fn hidden() -> Sandbox {
    let sandbox = VaultKind::HiddenNames.sandbox_with_accounts(&[("alice", "plain")]);
    let serial = "arn:aws:iam::123456789012:mfa/sampleDevice";
    let add = ["add", "aws-root", "-", "--serial", serial, "--tag", "secret-project", "-i", "Example"];
    sandbox.mfa(add).stdin(&vector("aws").secret).run().exits(0);
    sandbox
}

/// Fails if a file of the sandbox, but for its private key, holds one of the names.
#[track_caller]
fn assert_hidden(sandbox: &Sandbox) {
    for (path, bytes, _) in sandbox.state() {
        let text = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned();
        for name in NAMES {
            let path = path.display().to_string();
            assert!(!text.contains(name) && !path.contains(name), "{name} in {path}");
        }
    }
}

#[test]
fn no_file_shows_a_name() {
    let sandbox = hidden();
    assert_hidden(&sandbox);
    sandbox.mfa(["code", "aws-root", "--fresh"]).run().exits(0).prints("596825\n");
    sandbox.mfa(["edit", "alice", "--tag", "secret-project"]).run().exits(0);
    sandbox.mfa(["rename", "alice", "bob"]).run().exits(0);
    sandbox.mfa(["rename", "bob", "alice"]).run().exits(0);
    sandbox.mfa(["remove", "aws-root", "-y"]).run().exits(0);
    sandbox.mfa(["undo", "-y"]).run().exits(0);
    assert_hidden(&sandbox);
    sandbox.mfa(["vault", "verify"]).run().exits(0).says("the vault is intact: 2 accounts");
}

#[test]
fn every_command_finds_a_hidden_name() {
    let sandbox = hidden();
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("alice\naws-root\n");
    for query in ["aws-root", "AWS", "root", "arn:aws:iam::123456789012:mfa/sampleDevice"] {
        sandbox.mfa(["code", query]).run().exits(0).prints("596825\n").in_silence();
    }
    sandbox.mfa(["code", "nobody"]).run().exits(3).prints("");
    sandbox.mfa(["add", "alice", "-"]).stdin(&vector("aws").secret).run().exits(5);
    let shown = sandbox.mfa(["show", "aws-root", "-j"]).run().exits(0).json();
    assert_eq!(shown["tags"], serde_json::json!(["secret-project"]));
    assert_eq!(shown["serial"], "arn:aws:iam::123456789012:mfa/sampleDevice");
    let codes = sandbox.mfa(["list", "--codes", "-j"]).run().exits(0).json();
    assert_eq!(codes["accounts"][0]["code"], "713653");
}

#[test]
fn locked_vault_shows_no_name_and_never_prompts_for_completion() {
    let sandbox = hidden();
    for arguments in [&["list"][..], &["show", "alice"], &["code", "alice"]] {
        sandbox.mfa(arguments).locked().run().exits(6).prints("").says("locked");
    }
    sandbox.mfa(["__complete", "--word=", "--", "code"]).locked().run().says_not("alice");
    let status = sandbox.mfa(["status", "-j"]).locked().run().exits(6).json();
    assert_eq!((&status["accounts"], &status["names_hidden"]), (&2.into(), &true.into()));
    sandbox.mfa(["doctor"]).locked().run().says_not("alice").says_not("cannot be used");
}

#[test]
fn names_are_hidden_and_shown_again() {
    let sandbox = alice();
    sandbox.mfa(["add", "aws-root", "-"]).stdin(&vector("aws").secret).run().exits(0);
    let names =
        |sandbox: &Sandbox| drop(sandbox.mfa(["list", "--names"]).run().exits(0).prints("alice\naws-root\n"));
    for (option, is_shown) in [("--hide-names", false), ("--show-names", true), ("--hide-names", false)] {
        sandbox.mfa(["vault", "encrypt", option]).run().exits(0).says("of the accounts are");
        for file in ["vault.toml", "vault.toml.bak"] {
            let text = std::fs::read_to_string(sandbox.path(file)).unwrap();
            assert_eq!(text.contains("alice") && text.contains("aws-root"), is_shown, "{option}: {text}");
        }
        names(&sandbox);
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        sandbox.mfa(["vault", "verify"]).run().exits(0);
        let before = sandbox.vault_bytes();
        sandbox.mfa(["vault", "encrypt", option]).run().exits(0).says("already");
        assert_eq!(sandbox.vault_bytes(), before);
    }
    let key = crate::harness::public_key();
    sandbox.mfa(["vault", "rekey", "-r", &key]).run().exits(0);
    assert!(!sandbox.vault_text().contains("alice"));
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    assert!(sandbox.vault_text().contains("[accounts.alice]") && !sandbox.vault_text().contains("label"));
    names(&sandbox);
}

#[test]
fn swapped_labels_are_refused() {
    let sandbox = hidden();
    let text = sandbox.vault_text();
    let labels: Vec<&str> = text.lines().filter(|line| line.starts_with("label = ")).collect();
    let swapped = text
        .replace(labels[0], "X")
        .replace(labels[1], labels[0])
        .replace("X\n", &format!("{}\n", labels[1]));
    sandbox.write_vault(swapped.as_bytes());
    for name in ["alice", "aws-root"] {
        sandbox.mfa(["code", name]).run().prints("");
    }
    sandbox.mfa(["vault", "verify"]).run().exits(1);
}
