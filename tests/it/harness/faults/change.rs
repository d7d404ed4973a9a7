//! A change of a vault: its command line, and its result without a fault.

use std::process::{Command, Output};

use crate::harness::faults::place::Place;
use crate::harness::faults::state::State;
use crate::harness::{VaultKind, run_with_stdin};

/// A command line of `mfa`, with its standard input.
#[derive(Debug, Clone)]
pub(crate) struct CommandLine {
    pub(crate) words: Vec<String>,
    pub(crate) stdin: &'static str,
    /// The exit code if the change is done already.
    pub(crate) again: i32,
}

impl CommandLine {
    pub(crate) fn new(words: &str, stdin: &'static str, again: i32) -> Self {
        Self { words: words.split(' ').map(str::to_owned).collect(), stdin, again }
    }

    pub(crate) fn run(&self, place: &Place) -> Output {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        run_with_stdin(&mut place.mfa(&words), self.stdin)
    }

    /// Runs it under another program, whose arguments `command` has already.
    pub(crate) fn run_under(&self, command: &mut Command) -> Output {
        run_with_stdin(command.arg(crate::harness::MFA).args(&self.words), self.stdin)
    }

    pub(crate) fn is(&self, part: &str) -> bool {
        self.words.iter().any(|word| word == part)
    }
}

/// A change with the state before and after it.
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) typed: CommandLine,
    pub(crate) place: Place,
    pub(crate) old: State,
    pub(crate) new: State,
    /// Its standard output.
    pub(crate) answer: Vec<u8>,
}

impl Change {
    pub(crate) fn new(typed: CommandLine, kind: VaultKind) -> Self {
        let place = Place::new(kind);
        let old = State::read(&place).unwrap();
        for (name, (_, code)) in
            [("alice", crate::harness::faults::place::ALICE), ("bob", crate::harness::faults::place::BOB)]
        {
            assert_eq!(old.code(name).as_deref(), Some(code));
        }
        let output = typed.run(&place);
        assert!(output.status.success(), "{typed:?}: {}", String::from_utf8_lossy(&output.stderr));
        let new = State::read(&place).unwrap();
        let name =
            format!("{} ({kind:?})", typed.words.join(" ")).replace(&crate::harness::public_key(), "KEY");
        place.restore();
        Self { name, typed, place, old, new, answer: output.stdout }
    }
}
