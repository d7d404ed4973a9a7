//! Credentials: their order, and the errors if one does not unlock the vault.

use crate::harness::{CAT, Fixture, Run, Sandbox, fixture, fixture_sandbox, fixtures};

const RIGHT: &str = "correct horse battery staple";
const CODE: &str = "287082\n";

/// Returns a vault for a passphrase, an age key and an SSH key.
fn sandbox_with_all_slots() -> Sandbox {
    let sandbox = fixture_sandbox("good-all.toml");
    sandbox.write("right", RIGHT);
    sandbox.write("two lines", format!("{RIGHT}\r\nmore\n"));
    sandbox.write("wrong", "Tr0ub4dor&3 xkcd\n");
    sandbox.write("stranger", "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33\n");
    for key in ["age-key.txt", "ssh-key"] {
        std::fs::copy(fixture("sealed").join(key), sandbox.path(key)).unwrap();
    }
    sandbox
}

fn verify(sandbox: &Sandbox) -> Run {
    sandbox.mfa(["vault", "verify", "--no-input"])
}

const FILE: &str = "MFA_PASSPHRASE_FILE";
const COMMAND: &str = "MFA_PASSPHRASE_COMMAND";
const IDENTITY: &str = "MFA_IDENTITY";

#[test]
fn every_credential_unlocks_alone() {
    let sandbox = sandbox_with_all_slots();
    for (name, value) in [
        (FILE, "right"),
        (COMMAND, &format!("{CAT} right")),
        (COMMAND, &format!("{CAT} \"two lines\"")),
        (IDENTITY, "age-key.txt"),
        (IDENTITY, "ssh-key"),
    ] {
        verify(&sandbox).env(name, value).run().exits(0).prints("").says("the vault is intact: 6 accounts");
    }
    for key in ["age-key.txt", "ssh-key"] {
        sandbox.mfa(["vault", "verify", "--identity", key]).run().exits(0);
    }
}

#[test]
fn credentials_are_used_in_their_order() {
    let sandbox = sandbox_with_all_slots();
    // flag before variable, key before passphrase, file before command; an empty variable counts as unset
    let flag = sandbox.mfa(["vault", "verify", "--identity", "age-key.txt"]);
    flag.env(IDENTITY, "missing").env(FILE, "wrong").run().exits(0);
    verify(&sandbox).env(IDENTITY, "age-key.txt").env(FILE, "missing").run().exits(0);
    verify(&sandbox).env(IDENTITY, "stranger").env(FILE, "right").run().exits(0);
    verify(&sandbox).env(FILE, "right").env(COMMAND, "echo > called && exit 1").run().exits(0);
    assert!(!sandbox.path("called").exists());
    verify(&sandbox).env(FILE, "wrong").env(COMMAND, format!("{CAT} right")).run().exits(6);
    verify(&sandbox).env(FILE, "").env(IDENTITY, "").env(COMMAND, format!("{CAT} right")).run().exits(0);
    let several = ["vault", "verify", "--identity", "stranger", "--identity", "ssh-key"];
    sandbox.mfa(several).run().exits(0);
}

#[test]
fn wrong_credential_is_exit_6() {
    let sandbox = sandbox_with_all_slots();
    let before = sandbox.vault_bytes();
    verify(&sandbox).run().exits(6).prints("").says("the vault is locked").hints("MFA_PASSPHRASE_FILE");
    verify(&sandbox).env(FILE, "wrong").run().exits(6).prints("").says("wrong passphrase");
    if std::path::Path::new("/dev/zero").exists() {
        verify(&sandbox).env(FILE, "/dev/zero").run().exits(1).says("too long");
    }
    verify(&sandbox).env(COMMAND, "echo").run().exits(6).says("wrong passphrase");
    verify(&sandbox)
        .env(COMMAND, "exit 3")
        .run()
        .exits(6)
        .says("the command in MFA_PASSPHRASE_COMMAND failed");
    let none =
        verify(&sandbox).env(IDENTITY, "stranger").run().exits(6).says("the identities do not unlock it");
    none.hints("name another one");
    for arguments in
        [&["code", "aws-root"][..], &["list", "--codes"], &["add", "x"], &["unlock"], &["vault", "rekey"]]
    {
        let run = sandbox.mfa(arguments).env(FILE, "wrong").stdin("JBSWY3DPEHPK3PXP").run();
        run.exits(6).prints("").says("wrong passphrase").says_not("stored").says_not("Tr0ub4dor");
    }
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn identity_is_read_from_a_pipe_and_endless_input_rejected() {
    let sandbox = sandbox_with_all_slots();
    let key = std::fs::read(sandbox.path("age-key.txt")).unwrap();
    sandbox.mfa(["vault", "verify", "--identity", "-"]).stdin(&key).run().exits(0);
    verify(&sandbox).env(IDENTITY, "-").stdin(&key).run().exits(0);
    verify(&sandbox).env(IDENTITY, "-").run().exits(1).says("the identity '-'");
    if std::path::Path::new("/dev/zero").exists() {
        verify(&sandbox)
            .env(IDENTITY, "/dev/zero")
            .run()
            .exits(1)
            .says("'/dev/zero'")
            .says("larger than 1 MiB");
    }
}

#[test]
fn unreadable_credential_is_named() {
    let sandbox = sandbox_with_all_slots();
    verify(&sandbox).env(FILE, "missing").run().exits(1).says("passphrase from 'missing'");
    verify(&sandbox).env(IDENTITY, "missing").run().exits(1).says("the identity 'missing'");
    verify(&sandbox)
        .env(IDENTITY, "right")
        .run()
        .exits(1)
        .says("line 1 is not an identity")
        .says_not("correct");
    sandbox.write("no text", [0xff]);
    verify(&sandbox).env(COMMAND, format!("{CAT} \"no text\"")).run().exits(2).says("is not UTF-8");
    sandbox.write("binary", [0xff, 0xfe, 0]);
    verify(&sandbox).env(FILE, "binary").run().exits(1).says("could not read");
    verify(&sandbox).env(IDENTITY, "binary").run().exits(1).says("could not read");
}

#[cfg(unix)]
#[test]
fn passphrase_command_does_not_read_stdin() {
    let sandbox = crate::harness::alice();
    let words = sandbox.write("words", RIGHT);
    sandbox.mfa(["vault", "keys", "add", "--new-passphrase-file", "words"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).locked().env(COMMAND, "cat").stdin(RIGHT).run().exits(6);
    let add = sandbox.mfa(["add", "new", "-"]).locked().env(COMMAND, format!("cat; cat {}", words.display()));
    add.stdin("JBSWY3DPEHPK3PXP").run().exits(0);
}

#[test]
fn encrypted_identity_without_a_terminal_is_an_error() {
    let sandbox = sandbox_with_all_slots();
    let bytes = std::fs::read(fixture("sealed/bad-slot-holds-no-key.toml")).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let age_file = text.split("\"\"\"\n").nth(1).unwrap().split("\"\"\"").next().unwrap();
    sandbox.write("encrypted", age_file);
    verify(&sandbox).env(IDENTITY, "encrypted").run().exits(6).says("a passphrase protects the identity");
}

#[test]
fn wrong_passphrase_differs_from_damage() {
    let opens = |vector: &&Fixture| vector.opens.is_some();
    let mut seen = 0;
    for vector in fixtures().iter().filter(opens) {
        let sandbox = vector.sandbox();
        let before = sandbox.vault_bytes();
        let (code, message) = match vector.opens.as_deref().unwrap() {
            "wrong-passphrase" => (6, "wrong passphrase"),
            "damaged" => (1, "is damaged"),
            "of-another-vault" => (1, "another vault"),
            "not-a-data-key" => (1, "does not contain the data key"),
            "too-costly" => (1, "N = 2^40"),
            other => panic!("{other}"),
        };
        for arguments in
            [&["code", "github"][..], &["vault", "verify"], &["add", "x"], &["unlock"], &["vault", "passwd"]]
        {
            let run = sandbox.mfa(arguments).stdin("JBSWY3DPEHPK3PXP").run();
            assert!(run.seconds < 20.0);
            run.exits(code).prints("").says(message).says_not("correct horse");
        }
        assert_eq!(sandbox.vault_bytes(), before, "{}", vector.file);
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn damage_is_reported_before_the_prompt() {
    let sandbox = fixture_sandbox("bad-slot-bit.toml");
    sandbox.mfa(["code", "github"]).run().exits(1).says("is damaged").hints(".bak");
}

#[test]
fn good_fixtures_give_their_codes() {
    for (file, name, code) in [
        ("good-one.toml", "github", CODE),
        ("good-crlf.toml", "github", CODE),
        ("good-two-passphrases.toml", "a", "112887\n"),
    ] {
        let sandbox = fixture_sandbox(file);
        let words = sandbox.write("words", RIGHT);
        let run = sandbox.mfa(["code", name]).env(FILE, &words).run();
        run.exits(0).prints(code).in_silence();
        sandbox.mfa(["add", "new"]).env(FILE, &words).stdin("JBSWY3DPEHPK3PXP").run().exits(0);
        sandbox.mfa(["code", name]).env(FILE, &words).run().exits(0).prints(code).in_silence();
        let text = sandbox.vault_text();
        assert_eq!(text.contains("\r\n"), file == "good-crlf.toml");
        // the slot of a key that this test does not have stays
        assert_eq!(text.contains("name = \"spare\""), file == "good-two-passphrases.toml", "{text}");
    }
}

/// The passphrase command must not open a file under stderr's number, and so write messages into it.
#[cfg(target_os = "linux")]
#[test]
fn closed_stream_is_dev_null_in_child_processes() {
    let sandbox = sandbox_with_all_slots();
    let command = "readlink /proc/$$/fd/2 >said; cat right";
    verify(&sandbox).env(COMMAND, command).after("exec 2>&-").run().exits(0);
    assert_eq!(std::fs::read_to_string(sandbox.path("said")).unwrap(), "/dev/null\n");
}
