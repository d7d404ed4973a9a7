//! Damaged vaults: a clear error, and no change.

use std::fs::File;

use crate::harness::{Sandbox, VaultKind, over_both, restrict, vault_toml, vector};

over_both![
    error_names_the_backup_if_there_is_one,
    vault_cut_off_anywhere_gives_no_wrong_code,
    mfa_vault_cut_off_anywhere_gives_no_wrong_code,
    invalid_record_does_not_block_the_others,
    change_beyond_the_size_limit_is_rejected,
];

const COMMANDS: [&[&str]; 6] = [
    &["list"],
    &["code", "x"],
    &["next-pair", "x"],
    &["export-qr", "x", "-o", "-"],
    &["add", "y"],
    &["add", "x", "--force"],
];

#[track_caller]
fn assert_rejected(sandbox: &Sandbox, message: &str) {
    for arguments in COMMANDS {
        let before = sandbox.vault_bytes();
        let run = sandbox.mfa(arguments).stdin(vector("aws").uri()).run();
        run.exits(1).prints("").says("vault.toml'").says(message).says_not("stored");
        assert!(sandbox.vault_bytes() == before, "{arguments:?} changed it");
        assert!(!sandbox.path("vault.toml.bak").exists());
    }
}

#[test]
fn damaged_vault_is_rejected_and_unchanged() {
    let twice = format!("version = 1\n{0}{0}", vector("plain").record("x"));
    for (bytes, message) in [
        (&b""[..], "is empty"),
        (b"\n \n", "is empty"),
        (&[0; 4096], "is empty"),
        (b"\xff\xfe\0\0", "is not text"),
        (b"version = 1\n\xc3\x28", "byte 13 is not UTF-8"),
        (b"\x7fELF\x02\x01\x01\0", ""),
        (b"version = 1\n[accounts.x\nsecret = \"A\"\n", "syntax error at line 2, column 12"),
        (b"version = 1\n[accounts.x]\nsecret = \"PVOW74MC\n", "line 3, column 19"),
        (b"version = 1\nversion = 1\n", "line 2"),
        (twice.as_bytes(), "line 8, column 11"),
        (b"[accounts.x]\nsecret = \"A\"\n", "has no 'version'"),
        (b"# only a comment\n", "has no 'version'"),
        (b"version = 4\n", "has version 4"),
        (b"version = 2\n", "has version 2, which this mfa no longer reads"),
        (b"version = 3\n", "has no table 'vault'"),
        (b"version = 9223372036854775807\nanything = \"new\"\n", "has version 9223372036854775807"),
        (b"version = 0\n", "'version'"),
        (b"version = -1\n", "'version'"),
        (b"version = \"1\"\n", "'version'"),
        (b"version = 1.0\n", "'version'"),
        (b"version = 99999999999999999999\n", ""),
        (b"version = 1\naccounts = 1\n", "'accounts'"),
        (b"version = 1\naccounts = []\n", "'accounts'"),
        (b"{\"version\": 1}", "syntax error"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write_vault(bytes);
        assert_rejected(&sandbox, message);
    }
}

#[test]
fn newer_version_is_rejected_with_a_hint() {
    let sandbox = Sandbox::with_vault("version = 4\n");
    sandbox.mfa(["add", "x", "-f"]).stdin(vector("plain").uri()).run().exits(1).hints("a newer version");
}

fn error_names_the_backup_if_there_is_one(kind: VaultKind) {
    let sandbox = kind.sandbox();
    for content in ["plain", "aws"] {
        sandbox.mfa(["add", content]).stdin(vector(content).uri()).run().exits(0);
    }
    sandbox.write_vault(b"");
    sandbox.mfa(["list"]).run().exits(1).hints("vault.toml.bak");
    std::fs::copy(sandbox.path("vault.toml.bak"), sandbox.vault()).unwrap();
    sandbox.mfa(["code", "plain"]).run().exits(0).prints("713653\n");
}

#[test]
fn deep_nesting_is_a_syntax_error() {
    for deep in [
        "a = ".to_owned() + &"[".repeat(100_000),
        "a = ".to_owned() + &"{a=".repeat(100_000),
        vec!["a"; 50_000].join(".") + " = 1",
    ] {
        let sandbox = Sandbox::with_vault(&format!("version = 1\n{deep}\n"));
        assert_rejected(&sandbox, "syntax error");
    }
}

#[test]
fn file_of_a_hundred_megabytes_is_rejected() {
    let sandbox = Sandbox::new();
    let file = File::create(sandbox.vault()).unwrap();
    file.set_len(100 << 20).unwrap();
    restrict(&sandbox.vault());
    for arguments in COMMANDS {
        let run = sandbox.mfa(arguments).stdin(vector("aws").uri()).run();
        run.exits(1).prints("").says("is larger than 16 MiB");
    }
    assert_eq!(sandbox.vault().metadata().unwrap().len(), 100 << 20);
}

fn change_beyond_the_size_limit_is_rejected(kind: VaultKind) {
    let filler = format!("# {}\n", "x".repeat((16 << 20) - 3000));
    let sandbox = kind.sandbox_with(&(vault_toml(&[("alice", "plain")]) + &filler));
    let before = sandbox.vault_bytes();
    let backup = std::fs::read(sandbox.path("vault.toml.bak")).ok();
    let add = sandbox.mfa(["add", "big", "-", "-i", &"y".repeat(3000)]).stdin(&vector("aws").secret);
    add.run().exits(1).prints("").says("would be larger than 16 MiB").says_not("stored");
    assert!(sandbox.vault_bytes() == before);
    assert!(std::fs::read(sandbox.path("vault.toml.bak")).ok() == backup);
}

/// Cuts the vault off at every position: the remaining codes are right, and damaged records stay unchanged.
fn cut_everywhere(sandbox: &Sandbox, right: &[(&str, &str)]) {
    let vault = sandbox.vault_text();
    for length in 0..vault.len() {
        let part = &vault.as_bytes()[..length];
        sandbox.write_vault(part);
        let run = sandbox.mfa(["list", "--codes", "-j"]).at("1234567890").run();
        match run.status.code() {
            Some(1) => {
                drop(run.prints("").says(if sandbox.is_for_encrypted() { "vault" } else { "vault.toml'" }));
            }
            Some(0) => {
                if sandbox.is_for_encrypted() {
                    let is_whole = length + 1 == vault.len();
                    assert!(is_whole || run.stderr.contains("warning: "), "cut at {length} in silence");
                }
                for row in run.json()["accounts"].as_array().expect("a list") {
                    let id = right.iter().find(|(name, _)| row["name"] == *name).map(|(_, id)| *id);
                    let expected = id.map(|id| vector(id).at("1234567890"));
                    let gives_none = sandbox.is_for_encrypted() && row["code"].is_null();
                    assert!(
                        gives_none || row["code"].as_str() == expected,
                        "cut at {length}:\n{}",
                        &vault[..length]
                    );
                }
            }
            other => panic!("cut at {length}: {other:?}"),
        }
        assert_eq!(sandbox.vault_bytes().as_deref(), Some(part));
    }
}

fn vault_cut_off_anywhere_gives_no_wrong_code(kind: VaultKind) {
    let accounts = [("one", "plain"), ("two", "aws")];
    cut_everywhere(&kind.sandbox_with_accounts(&accounts), &accounts);
}

fn mfa_vault_cut_off_anywhere_gives_no_wrong_code(kind: VaultKind) {
    let sandbox = kind.sandbox();
    sandbox.mfa(["add", "two"]).stdin(vector("sha256-8-60").uri()).run().exits(0);
    cut_everywhere(&sandbox, &[("two", "sha256-8-60")]);
}

fn invalid_record_does_not_block_the_others(kind: VaultKind) {
    let bad = [
        "secret = \"\"",
        "secret = \"1\"",
        "secret = 1",
        "secret = [\"A\"]",
        "",
        "issuer = 1\nsecret = \"JBSWY3DP\"",
        "secret = \"JBSWY3DP\"\ndigits = 9",
        "secret = \"JBSWY3DP\"\ndigits = -6",
        "secret = \"JBSWY3DP\"\ndigits = \"6\"",
        "secret = \"JBSWY3DP\"\nperiod = 0",
        "secret = \"JBSWY3DP\"\nperiod = 4294967326",
        "secret = \"JBSWY3DP\"\nalgorithm = \"MD5\"",
        "secret = \"JBSWY3DP\"\ntype = \"hotp\"",
        "secret = \"JBSWY3DP\"\nserial = \"x\"",
    ];
    for record in bad {
        let bad = format!("\n[accounts.bad] # mine\n{record}\n");
        let sandbox = kind.sandbox_with_accounts(&[("good", "plain")]);
        // in an encrypted vault the MAC covers it, as another version of mfa might have written it
        let text = sandbox.vault_text() + &bad.replace("secret", kind.secret_field());
        sandbox.write_vault(text.as_bytes());
        if kind == VaultKind::Encrypted {
            sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
        }
        let text = sandbox.vault_text();
        sandbox.mfa(["code", "good"]).run().exits(0).prints("713653\n").in_silence();
        sandbox.mfa(["code", "bad"]).run().exits(1).prints("").says("'bad'");
        let list = sandbox.mfa(["list", "--names"]).run().exits(0);
        // only decryption shows whether an encrypted secret is valid
        if kind == VaultKind::Plain || list.text() != "good\nbad\n" {
            list.prints("good\n").says("'bad'");
        }
        sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
        let after = sandbox.vault_text();
        assert!(after.contains("[accounts.bad] # mine\n"), "{after}");
        assert!(kind == VaultKind::Encrypted || after.starts_with(&text), "{after}");
    }
}
