//! A change of a vault: what is typed, and what comes of it where nothing goes wrong.

use std::process::{Command, Output};

use crate::harness::faults::place::Place;
use crate::harness::faults::state::State;
use crate::harness::{VaultKind, run_with_stdin};

/// What is typed
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(crate) words: Vec<String>,
    pub(crate) stdin: &'static str,
    /// With which code it ends where it has been done already
    pub(crate) again: i32,
}

impl Typed {
    pub(crate) fn new(words: &str, stdin: &'static str, again: i32) -> Self {
        Self { words: words.split(' ').map(str::to_owned).collect(), stdin, again }
    }

    pub(crate) fn run(&self, place: &Place) -> Output {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        run_with_stdin(&mut place.mfa(&words), self.stdin)
    }

    /// The same under another program, whose arguments are there already
    pub(crate) fn run_under(&self, command: &mut Command) -> Output {
        run_with_stdin(command.arg(crate::harness::MFA).args(&self.words), self.stdin)
    }

    pub(crate) fn is(&self, part: &str) -> bool {
        self.words.iter().any(|word| word == part)
    }
}

/// A change in its place, with what was before and what is after it
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) typed: Typed,
    pub(crate) place: Place,
    pub(crate) old: State,
    pub(crate) new: State,
    /// What it prints
    pub(crate) answer: Vec<u8>,
}

impl Change {
    pub(crate) fn new(typed: Typed, kind: VaultKind) -> Self {
        let place = Place::new(kind);
        let old = State::of(&place).unwrap();
        for (name, (_, code)) in
            [("alice", crate::harness::faults::place::ALICE), ("bob", crate::harness::faults::place::BOB)]
        {
            assert_eq!(old.code(name).as_deref(), Some(code));
        }
        let output = typed.run(&place);
        assert!(output.status.success(), "{typed:?}: {}", String::from_utf8_lossy(&output.stderr));
        let new = State::of(&place).unwrap();
        let name =
            format!("{} ({kind:?})", typed.words.join(" ")).replace(&crate::harness::public_key(), "KEY");
        place.put_back();
        Self { name, typed, place, old, new, answer: output.stdout }
    }
}
