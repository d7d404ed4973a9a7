//! A folder whose file system has no locks, as some network folders: nothing is changed without one.

use std::process::{Command, Output};

use crate::harness::VaultKind;
use crate::harness::faults::change::Typed;
use crate::harness::faults::place::{ALICE, BOB, CAROL, Place};
use crate::harness::faults::state::State;

/// What such file systems answer
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

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[ignore = "needs strace, which takes the locks away: .ci/run installs it"]
fn without_locks_a_change_is_refused_with_the_reason_and_what_to_do() {
    for kind in [VaultKind::Plain, VaultKind::Sealed] {
        let place = Place::new(kind);
        let before = State::of(&place).unwrap();
        for (error, reason) in ANSWERS {
            for (words, stdin) in
                [("add carol -", CAROL.0), ("remove bob -y", ""), ("undo -y", ""), ("code count", "")]
            {
                let output = Typed::new(words, stdin, 0).run_under(&mut without_locks(&place, error));
                assert_eq!(output.status.code(), Some(1), "{words}: {}", told(&output));
                assert!(output.stdout.is_empty(), "{words}");
                let lock = place.path("vault/vault.toml.lock").display().to_string();
                let expected = [&format!("no lock on '{lock}': {reason}"), "  hint: ", "--vault FILE"];
                assert!(expected.iter().all(|part| told(&output).contains(part)), "{}", told(&output));
                assert_eq!(State::of(&place).unwrap(), before, "{words}");
            }
        }
    }
}

#[test]
#[ignore = "needs strace, which takes the locks away: .ci/run installs it"]
fn without_locks_codes_are_given_and_fresh_ones_are_not() {
    for kind in [VaultKind::Plain, VaultKind::Sealed] {
        let place = Place::new(kind);
        for (error, reason) in ANSWERS {
            let run = |words| Typed::new(words, "", 0).run_under(&mut without_locks(&place, error));
            for (words, answer) in [
                ("code alice", ALICE.1.to_owned() + "\n"),
                ("list --names", "alice\nbob\ncount\n".to_owned()),
            ] {
                let output = run(words);
                assert_eq!(String::from_utf8_lossy(&output.stdout), answer, "{}", told(&output));
                assert!(output.status.success() && output.stderr.is_empty(), "{}", told(&output));
            }
            let fresh = run("code bob --fresh");
            assert!(fresh.stdout.is_empty() && fresh.status.code() == Some(1), "{}", told(&fresh));
            let expected = ["error: ", "steps/lock'", reason, "  hint: ", "XDG_STATE_HOME"];
            assert!(expected.iter().all(|part| told(&fresh).contains(part)), "{}", told(&fresh));
        }
        // what could not be noted was not handed out
        assert_eq!(place.run(&["code", "bob", "--fresh"], ""), BOB.1.to_owned() + "\n");
    }
}

#[test]
#[ignore = "needs strace, which fails the call: .ci/run installs it"]
fn where_files_cannot_change_places_in_one_step_undo_works_in_two() {
    for error in ["EINVAL", "ENOSYS", "EOPNOTSUPP"] {
        let place = Place::new(VaultKind::Plain);
        let mut strace = place.command("strace");
        strace.args(["-o", "/dev/null", "-e", &format!("inject=renameat2:error={error}"), "--"]);
        let output = Typed::new("undo -y", "", 0).run_under(&mut strace);
        assert!(output.status.success(), "{}", told(&output));
        let after = State::of(&place).unwrap();
        assert!(after.code("gone").is_some());
        place.run(&["undo", "-y"], "");
        let before = State::of(&place).unwrap();
        assert_eq!((after.vault, after.backup), (before.backup, before.vault));
    }
}
