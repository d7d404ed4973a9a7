//! A folder on a file system without locks, like some network folders: no change without a lock.

use std::process::{Command, Output};

use crate::harness::VaultKind;
use crate::harness::faults::change::CommandLine;
use crate::harness::faults::place::{ALICE, BOB, CAROL, Place};
use crate::harness::faults::state::State;

/// The errors of such file systems.
const ANSWERS: [(&str, &str); 3] = [
    ("ENOLCK", "no locks available"),
    ("ENOSYS", "function not implemented"),
    ("EOPNOTSUPP", "operation not supported"),
];

fn without_locks(place: &Place, error: &str) -> Command {
    let mut strace = place.command("strace");
    strace.args(["-o", "/dev/null", "-e", "trace=flock", "-e", &format!("inject=flock:error={error}"), "--"]);
    strace
}

fn stderr_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[ignore = "needs strace, which takes the locks away: .ci/run installs it"]
fn change_without_locks_is_an_error_with_a_hint() {
    for kind in [VaultKind::Plain, VaultKind::Encrypted] {
        let place = Place::new(kind);
        let before = State::read(&place).unwrap();
        for (error, reason) in ANSWERS {
            for (words, stdin) in
                [("add carol -", CAROL.0), ("remove bob -y", ""), ("undo -y", ""), ("code count", "")]
            {
                let output = CommandLine::new(words, stdin, 0).run_under(&mut without_locks(&place, error));
                assert_eq!(output.status.code(), Some(1), "{words}: {}", stderr_of(&output));
                assert!(output.stdout.is_empty(), "{words}");
                let lock = place.path("vault/vault.toml.lock").display().to_string();
                let expected = [&format!("no lock on '{lock}': {reason}"), "  hint: ", "--vault FILE"];
                assert!(
                    expected.iter().all(|part| stderr_of(&output).contains(part)),
                    "{}",
                    stderr_of(&output)
                );
                assert_eq!(State::read(&place).unwrap(), before, "{words}");
            }
        }
    }
}

#[test]
#[ignore = "needs strace, which takes the locks away: .ci/run installs it"]
fn without_locks_code_works_and_fresh_fails() {
    for kind in [VaultKind::Plain, VaultKind::Encrypted] {
        let place = Place::new(kind);
        for (error, reason) in ANSWERS {
            let run = |words| CommandLine::new(words, "", 0).run_under(&mut without_locks(&place, error));
            for (words, answer) in [
                ("code alice", ALICE.1.to_owned() + "\n"),
                ("list --names", "alice\nbob\ncount\n".to_owned()),
            ] {
                let output = run(words);
                assert_eq!(String::from_utf8_lossy(&output.stdout), answer, "{}", stderr_of(&output));
                assert!(output.status.success() && output.stderr.is_empty(), "{}", stderr_of(&output));
            }
            let fresh = run("code bob --fresh");
            assert!(fresh.stdout.is_empty() && fresh.status.code() == Some(1), "{}", stderr_of(&fresh));
            let expected = ["error: ", "steps/lock'", reason, "  hint: ", "XDG_STATE_HOME"];
            assert!(expected.iter().all(|part| stderr_of(&fresh).contains(part)), "{}", stderr_of(&fresh));
        }
        // a code that could not be recorded was not used
        assert_eq!(place.run(&["code", "bob", "--fresh"], ""), BOB.1.to_owned() + "\n");
    }
}

#[test]
#[ignore = "needs strace, which fails the call: .ci/run installs it"]
fn undo_works_without_an_atomic_swap() {
    for error in ["EINVAL", "ENOSYS", "EOPNOTSUPP"] {
        let place = Place::new(VaultKind::Plain);
        let mut strace = place.command("strace");
        strace.args(["-o", "/dev/null", "-e", &format!("inject=renameat2:error={error}"), "--"]);
        let output = CommandLine::new("undo -y", "", 0).run_under(&mut strace);
        assert!(output.status.success(), "{}", stderr_of(&output));
        let after = State::read(&place).unwrap();
        assert!(after.code("gone").is_some());
        place.run(&["undo", "-y"], "");
        let before = State::read(&place).unwrap();
        assert_eq!((after.vault, after.backup), (before.backup, before.vault));
    }
}
