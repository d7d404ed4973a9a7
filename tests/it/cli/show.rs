//! `mfa show`

use serde_json::json;

use super::ACCOUNTS;
use crate::harness::{Sandbox, VaultKind, over_all, vector};

#[test]
fn show_prints_every_field_but_the_secret() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let shown = sandbox.mfa(["show", "john"]).run().exits(0).in_silence().text();
    for line in ["name      john", "issuer    ACME Co", "algorithm SHA256", "digits    8", "period    60 s"] {
        assert!(shown.lines().any(|shown| shown == line), "no '{line}' in {shown}");
    }
    assert!(!shown.contains(&vector("sha256-8-60").secret));
    let shown = sandbox.mfa(["show", "ali", "--json"]).run().exits(0).in_silence().json();
    assert_eq!(
        shown,
        json!({"version": 1, "name": "alice", "issuer": "Example", "account": "alice@example.com",
               "type": "totp", "algorithm": "SHA1", "digits": 6, "period": 30})
    );
    sandbox.mfa(["show", "nobody"]).run().exits(3);
}

over_all![note_is_stored_shown_moved_and_removed];

/// Every way in and out: an option, stdin, an import, an export and the change of another field.
fn note_is_stored_shown_moved_and_removed(kind: VaultKind) {
    let sandbox = kind.sandbox_with_accounts(&ACCOUNTS);
    let note = |name: &str| sandbox.mfa(["show", name, "--note"]).run().exits(0).in_silence().text();
    let codes = "recovery codes:\n  1234-5678\n\n\"\"\"''' \\ é 🦀";
    sandbox
        .mfa(["edit", "alice", "--note", "-"])
        .stdin(format!("{codes}\r\n\n"))
        .run()
        .exits(0)
        .in_silence_but("'alice'");
    assert_eq!(note("alice"), format!("{codes}\n"));
    sandbox.mfa(["add", "new", "-", "--note", "old phone"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["edit", "new", "-i", "GitHub"]).run().exits(0);
    sandbox.mfa(["rename", "new", "newer"]).run().exits(0);
    assert_eq!(note("newer"), "old phone\n");
    sandbox.mfa(["show", "john", "--note"]).run().exits(0).prints("").says("'john' has no note");
    assert_eq!(sandbox.vault_text().contains("old phone"), kind == VaultKind::Plain);
    assert!(!sandbox.mfa(["show", "alice"]).run().exits(0).text().contains("recovery"));
    assert!(!sandbox.mfa(["list", "-j"]).run().exits(0).text().contains("recovery"));

    let exported = sandbox.mfa(["export", "--reveal"]).run().exits(0).text();
    let other = Sandbox::new();
    other.mfa(["import", "-"]).stdin(&exported).run().exits(0);
    other.mfa(["show", "alice", "--note"]).run().exits(0).prints(&format!("{codes}\n"));
    sandbox.mfa(["edit", "alice", "--note", ""]).run().exits(0);
    sandbox.mfa(["show", "alice", "--note"]).run().exits(0).prints("");
    sandbox.mfa(["import", "-"]).stdin(&exported).run().exits(0).says("'alice': added its note");
    sandbox.mfa(["edit", "alice", "--note", "mine"]).run().exits(0);
    sandbox
        .mfa(["import", "-"])
        .stdin(&exported)
        .run()
        .exits(0)
        .says("'alice' keeps its note, which differs from the imported one");
    assert_eq!(note("alice"), "mine\n");
}
#[test]
fn note_that_cannot_be_stored_is_rejected_without_showing_it() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let before = sandbox.vault_bytes();
    let long = "hunter2 ".repeat(1100);
    sandbox
        .mfa(["edit", "alice", "--note", &long])
        .run()
        .exits(1)
        .says("the note is longer than 8 KiB")
        .says_not("hunter2");
    sandbox.mfa(["edit", "alice", "--note", "-"]).stdin(&long).run().exits(1).says_not("hunter2");
    sandbox.mfa(["edit", "alice", "--note", "-"]).stdin(b"\xff").run().exits(1).says("not UTF-8");
    sandbox
        .mfa(["add", "x", "-", "--note", "-"])
        .stdin(vector("aws").uri())
        .run()
        .exits(2)
        .says("stdin cannot give both");
    sandbox.mfa(["show", "alice", "--note", "-j"]).run().exits(2);
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox
        .mfa(["add", "alice", "-", "--note", "x"])
        .stdin(vector("plain").uri())
        .run()
        .exits(0)
        .says("the note was not added to 'alice'")
        .hints("mfa edit alice --note TEXT");
}

#[test]
fn export_says_that_a_format_has_no_notes() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox.mfa(["edit", "alice", "--note", "old phone"]).run().exits(0);
    for format in ["uri", "2fas", "google"] {
        sandbox
            .mfa(["export", "alice", "--reveal", "-F", format])
            .run()
            .exits(0)
            .says("'alice': its note is not exported");
    }
    for format in ["json", "aegis", "bitwarden", "keepassxc"] {
        let exported =
            sandbox.mfa(["export", "alice", "--reveal", "-F", format]).run().exits(0).in_silence().text();
        let other = Sandbox::new();
        other.mfa(["import", "-"]).stdin(&exported).run().exits(0);
        let name = other.mfa(["list", "--names"]).run().exits(0).text();
        other.mfa(["show", name.trim_end(), "--note"]).run().exits(0).prints("old phone\n");
    }
}
