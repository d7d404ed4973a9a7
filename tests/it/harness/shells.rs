//! A shell with a user at its prompt.

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

/// A session with an interactive shell.
pub(crate) struct ShellSession {
    pub(crate) session: Session,
    shell: &'static Shell,
    modes: String,
}

impl ShellSession {
    pub(crate) fn start(shell: &'static Shell) -> Self {
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

    /// Types `mfa add x` and waits for its prompt.
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

    /// Returns the exit status of the last command.
    pub(crate) fn status(&mut self) -> String {
        self.answer(self.shell.status)
    }

    /// Returns the process id of the last background job.
    pub(crate) fn last_job(&mut self) -> String {
        self.answer(self.shell.last_job)
    }

    /// Waits until `job` has stopped: an earlier `fg` would race with the signal that stops it.
    pub(crate) fn until_stopped(&mut self, job: &str) {
        self.session.until("it has stopped", |_| {
            let state = Command::new("ps").args(["-o", "stat=", "-p", job]).output();
            state.expect("ps runs").stdout.starts_with(b"T")
        });
    }

    /// Returns the shell's expansion of `word`.
    pub(crate) fn answer(&mut self, word: &str) -> String {
        // the quotes distinguish the output from the echo of the input
        self.type_line(&format!("echo ans\"\"wer={word}="));
        self.session.expect("answer=");
        let answer = self.session.expect("=");
        self.expect_shell();
        answer
    }

    /// Returns whether commands find the terminal's modes unchanged.
    pub(crate) fn has_original_modes(&mut self) -> bool {
        self.modes_of_commands() == self.modes
    }

    fn modes_of_commands(&mut self) -> String {
        self.answer("$(stty -g)")
    }
}

/// The name of the shell and its output, for the message of a failed test.
impl fmt::Display for ShellSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in {}, showing:\n{}", self.shell.name, self.session.output())
    }
}
