//! A program on its own pseudo-terminal, and its user: types, and waits for output.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{tcgetattr, tcgetpgrp};
use tempfile::TempDir;

use super::MFA;

pub(crate) const PROMPT: &str = "secret key or otpauth URI of 'x': ";
pub(crate) const SECRET: &str = "JBSWY3DPEHPK3PXP";
pub(crate) const ENTER: &str = "\r";
pub(crate) const TAB: &str = "\t";
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";
pub(crate) const CTRL_Z: &str = "\x1a";

/// The size of a terminal without another one.
const ROWS: u16 = 50;
const COLUMNS: u16 = 120;

const TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

pub(crate) struct Session {
    pty: Pty,
    /// Keeps the terminal and its modes after the program has ended.
    terminal: OwnedFd,
    program: Child,
    /// The whole output.
    bytes: Vec<u8>,
    output: String,
    /// The length of the output that `expect` has consumed.
    seen: usize,
    home: TempDir,
}

impl Session {
    /// Starts `mfa` with these arguments, as `ssh -t host mfa …` does: without a shell
    pub(crate) fn mfa(arguments: &[&str]) -> Self {
        Self::start(MFA, arguments, &[])
    }

    /// Returns the modes of a new terminal.
    pub(crate) fn untouched_modes() -> String {
        Self::start("true", &[], &[]).modes()
    }

    pub(crate) fn start(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_at(ROWS, COLUMNS, program, arguments, variables)
    }

    /// Starts a program on a terminal of this size.
    pub(crate) fn start_at(
        rows: u16,
        columns: u16,
        program: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let (pty, pts) = open().expect("a pseudo-terminal");
        let home = TempDir::new().expect("a temporary folder");
        let terminal = pts.as_fd().try_clone_to_owned().expect("a second handle");
        let command = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8")
            .env("MFA_VAULT", home.path().join("vault.toml"))
            .envs(variables.iter().copied())
            .current_dir(home.path());
        // macOS accepts a size only after the other end is open
        pty.resize(Size::new(rows, columns)).expect("a size");
        let program = command.spawn(pts).unwrap_or_else(|error| panic!("could not start {program}: {error}"));
        Self { pty, terminal, program, bytes: Vec::new(), output: String::new(), seen: 0, home }
    }

    pub(crate) fn send(&mut self, keys: &str) {
        self.send_bytes(keys.as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, keys: &[u8]) {
        self.pty.write_all(keys).expect("the terminal takes input");
    }

    /// Waits until `text` appears after the consumed output. Returns the output in between.
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(at) = self.output[self.seen..].find(text) {
                let between = self.output[self.seen..][..at].to_owned();
                self.seen += at + text.len();
                return between;
            }
            assert!(
                Instant::now() < deadline,
                "{text:?} did not appear; the terminal showed:\n{}",
                self.output
            );
            self.look();
        }
    }

    /// Waits until `is_true` returns true.
    pub(crate) fn until(&mut self, what: &str, mut is_true: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + TIMEOUT;
        while !is_true(self) {
            assert!(Instant::now() < deadline, "{what}: not so; the terminal showed:\n{}", self.output);
            self.look();
        }
    }

    /// Waits for the end of the program.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            if let Some(status) = self.program.try_wait().expect("a status") {
                self.look();
                return status;
            }
            assert!(Instant::now() < deadline, "it did not end; the terminal showed:\n{}", self.output);
            self.look();
        }
    }

    /// Returns the whole output.
    pub(crate) fn output(&self) -> &str {
        &self.output
    }

    /// Returns the whole output as bytes, for a terminal emulator.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        self.pty.resize(Size::new(rows, columns)).expect("a size");
    }

    /// Signals the foreground job, as `kill` in another window does.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.job(), signal).expect("the job lives");
    }

    /// Kills the started program, but not its children.
    pub(crate) fn kill(&mut self) {
        self.program.kill().expect("it lives");
        self.end();
    }

    /// Returns the process id of the foreground job.
    pub(crate) fn foreground(&self) -> String {
        self.job().as_raw_nonzero().to_string()
    }

    fn job(&self) -> Pid {
        tcgetpgrp(&self.pty).expect("a job in the foreground")
    }

    /// Returns the modes of the terminal as text.
    pub(crate) fn modes(&self) -> String {
        format!("{:?}", tcgetattr(&self.terminal).expect("modes"))
    }

    /// Returns the vault as text, empty if the file does not exist.
    pub(crate) fn vault(&self) -> String {
        fs::read_to_string(self.home.path().join("vault.toml")).unwrap_or_default()
    }

    /// Writes a vault with mode 0600.
    pub(crate) fn write_vault(&self, text: &str) {
        let path = self.home.path().join("vault.toml");
        fs::write(&path, text).expect("a vault");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("it is ours");
    }

    /// Creates a file for which the program waits.
    pub(crate) fn write_file(&self, name: &str) {
        fs::write(self.home.path().join(name), "").expect("a file");
    }

    /// Reads the output so far, after a short wait if there is no new output.
    fn look(&mut self) {
        let mut ready = [PollFd::new(&self.pty, PollFlags::IN)];
        if poll(&mut ready, Some(&POLL_INTERVAL)).is_ok_and(|count| count > 0) {
            let mut bytes = [0; 4096];
            let count = self.pty.read(&mut bytes).unwrap_or(0);
            self.bytes.extend_from_slice(&bytes[..count]);
            self.output = text(&self.bytes);
        }
    }
}

/// Returns the bytes as text, without an incomplete character at the end.
fn text(bytes: &[u8]) -> String {
    let mut chunks = bytes.utf8_chunks().peekable();
    let mut text = String::new();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        if chunks.peek().is_some() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
