//! Readers and writers beside a change of the encryption: no false alarm, and none that stays.

use std::thread;

use crate::harness::{Outcome, Sandbox, VaultKind, public_key, vector};

const ACCOUNTS: [(&str, &str); 2] = [("alice", "plain"), ("bob", "unicode")];

/// Runs some commands at once while another one changes the vault, and returns their outcomes.
fn beside(change: &[&str], sandbox: &Sandbox, commands: &[Vec<String>]) -> Vec<Outcome> {
    thread::scope(|scope| {
        let run = |words| move || sandbox.mfa::<&String>(words).stdin(vector("aws").uri()).run();
        let running: Vec<_> = commands.iter().map(|words| scope.spawn(run(words))).collect();
        sandbox.mfa(change).run().exits(0);
        running.into_iter().map(|run| run.join().expect("the run does not panic")).collect()
    })
}

/// A reader that had read the vault before the change must not pin what it saw.
#[test]
fn reader_beside_a_change_pins_nothing_stale() {
    let key = public_key();
    for change in [&["vault", "decrypt", "-y"][..], &["vault", "rekey", "-r", &key]] {
        let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
        let readers = vec![vec!["code".to_owned(), "alice".to_owned()]; 6];
        for _ in 0..10 {
            let outcomes = beside(change, &sandbox, &readers);
            for outcome in outcomes {
                let is_given = outcome.status.success() && outcome.stderr.is_empty();
                assert!(is_given || outcome.stderr.contains("another process changed"), "{}", outcome.stderr);
                assert!(!outcome.stderr.contains("--accept"), "{}", outcome.stderr);
            }
            sandbox.mfa(["code", "alice"]).run().exits(0).in_silence().prints("713653\n");
            sandbox.mfa(["edit", "bob", "--tag", "x"]).run().exits(0);
            if change[1] == "decrypt" {
                sandbox.encrypt().run().exits(0);
            }
        }
    }
}

/// A writer that waited for a rekey is done, or says that the vault was changed: not that somebody tampered with it.
#[test]
fn writer_beside_a_rekey_is_done_or_tries_again() {
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&ACCOUNTS);
    let mut expected = 2;
    for round in 0..8 {
        let writers: Vec<Vec<String>> = (0..5)
            .map(|number| ["add", &format!("w-{round}-{number}"), "-"].map(str::to_owned).to_vec())
            .collect();
        for outcome in beside(&["vault", "rekey", "-r", &public_key()], &sandbox, &writers) {
            if outcome.status.success() {
                expected += 1;
                continue;
            }
            assert!(outcome.stderr.contains("another process changed"), "{}", outcome.stderr);
            assert!(!outcome.stderr.contains("--accept"), "{}", outcome.stderr);
        }
        sandbox.mfa(["vault", "verify"]).run().exits(0);
    }
    let names = sandbox.mfa(["list", "--names"]).run().exits(0).text();
    assert_eq!(names.lines().count(), expected, "{names}");
}
