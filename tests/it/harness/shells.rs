//! A shell as a person sits before it

use std::fmt;
use std::process::Command;

use crate::harness::MFA;
use crate::harness::pty::{CTRL_Z, ENTER, PROMPT, Session};

const SHELL_PROMPT: &str = "READY> ";

pub(crate) struct Shell {
    pub(crate) name: &'static str,
    arguments: &'static [&'static str],
    status: &'static str,
    last_job: &'static str,
}

pub(crate) const SHELLS: [Shell; 4] = [
    Shell { name: "bash", arguments: &["--norc", "--noprofile", "-i"], status: "$?", last_job: "$!" },
    Shell { name: "dash", arguments: &["-i"], status: "$?", last_job: "$!" },
    Shell { name: "zsh", arguments: &["-f", "-i"], status: "$?", last_job: "$!" },
    Shell {
        name: "fish",
        arguments: &[
            "--no-config",
            "--interactive",
            "--init-command",
            "function fish_prompt; printf 'READY> '; end",
        ],
        status: "$status",
        last_job: "$last_pid",
    },
];

/// A session with an interactive shell
pub(crate) struct Desk {
    pub(crate) session: Session,
    shell: &'static Shell,
    modes: String,
}

impl Desk {
    pub(crate) fn at(shell: &'static Shell) -> Self {
        let mut session = Session::start(shell.name, shell.arguments, &[("PS1", SHELL_PROMPT)]);
        session.expect(SHELL_PROMPT);
        let mut desk = Self { session, shell, modes: String::new() };
        desk.modes = desk.modes_of_commands();
        desk
    }

    pub(crate) fn type_line(&mut self, line: &str) {
        self.session.send(line);
        self.session.send(ENTER);
    }

    /// Types `mfa add x` and waits for its prompt
    pub(crate) fn ask(&mut self) {
        self.type_line(&format!("{MFA} add x"));
        self.session.expect(PROMPT);
    }

    pub(crate) fn suspend(&mut self) {
        self.session.send(CTRL_Z);
        self.expect_shell();
    }

    pub(crate) fn expect_shell(&mut self) {
        self.session.expect(SHELL_PROMPT);
    }

    /// The exit status of the last command
    pub(crate) fn status(&mut self) -> String {
        self.answer(self.shell.status)
    }

    /// The process that was last started in the background
    pub(crate) fn last_job(&mut self) -> String {
        self.answer(self.shell.last_job)
    }

    /// Waits until `job` has stopped: an `fg` before that would race with the signal that stops it.
    pub(crate) fn until_stopped(&mut self, job: &str) {
        self.session.until("it has stopped", |_| {
            let state = Command::new("ps").args(["-o", "stat=", "-p", job]).output();
            state.expect("ps runs").stdout.starts_with(b"T")
        });
    }

    /// What the shell makes of `word`
    pub(crate) fn answer(&mut self, word: &str) -> String {
        // the quotes tell the answer from the echo of the question
        self.type_line(&format!("echo ans\"\"wer={word}="));
        self.session.expect("answer=");
        let answer = self.session.expect("=");
        self.expect_shell();
        answer
    }

    /// Whether commands find the terminal as they did before
    pub(crate) fn has_its_modes(&mut self) -> bool {
        self.modes_of_commands() == self.modes
    }

    fn modes_of_commands(&mut self) -> String {
        self.answer("$(stty -g)")
    }
}

/// Which shell it is and what it showed, for the message of a failed test
impl fmt::Display for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in {}, showing:\n{}", self.shell.name, self.session.output())
    }
}
