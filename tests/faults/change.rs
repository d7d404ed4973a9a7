//! A change of a vault: what is typed, and what comes of it where nothing goes wrong.

use std::process::{Command, Output};

use crate::place::{Kind, Place, fed};
use crate::state::State;

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
        fed(&mut place.mfa(&words), self.stdin)
    }

    /// The same under another program, whose arguments are there already
    pub(crate) fn run_under(&self, command: &mut Command) -> Output {
        fed(command.arg(crate::place::MFA).args(&self.words), self.stdin)
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
    pub(crate) fn new(typed: Typed, kind: Kind) -> Self {
        let place = Place::new(kind);
        let old = State::of(&place).unwrap();
        for (name, (_, code)) in [("alice", crate::place::ALICE), ("bob", crate::place::BOB)] {
            assert_eq!(old.code(name).as_deref(), Some(code));
        }
        let output = typed.run(&place);
        assert!(output.status.success(), "{typed:?}: {}", String::from_utf8_lossy(&output.stderr));
        let new = State::of(&place).unwrap();
        let name =
            format!("{} ({kind:?})", typed.words.join(" ")).replace(&crate::place::public_key(), "KEY");
        place.put_back();
        Self { name, typed, place, old, new, answer: output.stdout }
    }
}
