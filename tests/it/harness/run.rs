//! One run of `mfa`: its arguments, environment and input, prepared step by step.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::MFA;
use super::outcome::Outcome;

/// The time after which a run counts as hanging.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A run in preparation.
#[must_use]
pub(crate) struct Run {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    folder: PathBuf,
    stdin: Vec<u8>,
    prelude: Option<String>,
    stdout: Option<Stdio>,
    #[cfg(unix)]
    uid: Option<u32>,
}

impl Run {
    /// Prepares a run with an empty standard input and captured output.
    pub(super) fn new(
        arguments: Vec<OsString>,
        environment: Vec<(OsString, OsString)>,
        folder: PathBuf,
    ) -> Self {
        Self {
            program: MFA.into(),
            arguments,
            environment,
            folder,
            stdin: Vec::new(),
            prelude: None,
            stdout: None,
            #[cfg(unix)]
            uid: None,
        }
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self = self.unset(name);
        self.environment.push((name.into(), value.as_ref().to_owned()));
        self
    }

    pub(crate) fn unset(mut self, name: &str) -> Self {
        self.environment.retain(|(there, _)| there != name);
        self
    }

    /// Sets the time, in the format of `--at`.
    pub(crate) fn at(self, time: &str) -> Self {
        self.env("MFA_AT", time)
    }

    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().clone_into(&mut self.stdin);
        self
    }

    /// Runs shell commands first: `umask 0`, `ulimit -f 0`.
    #[cfg(unix)]
    pub(crate) fn after(mut self, prelude: &str) -> Self {
        self.prelude = Some(prelude.to_owned());
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.stdout = Some(stdout.into());
        self
    }

    /// Sets the working folder.
    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    /// Uses another copy of the program, as this user.
    #[cfg(unix)]
    pub(crate) fn with_program(mut self, program: PathBuf, uid: Option<u32>) -> Self {
        self.program = program;
        self.uid = uid;
        self
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = match &self.prelude {
            None => Command::new(&self.program),
            Some(prelude) => {
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(format!("{prelude}; exec \"$0\" \"$@\"")).arg(&self.program);
                shell
            }
        };
        command.args(&self.arguments).env_clear().envs(self.environment.iter().map(|(k, v)| (k, v)));
        command.current_dir(&self.folder);
        #[cfg(unix)]
        if let Some(uid) = self.uid {
            std::os::unix::process::CommandExt::uid(&mut command, uid);
            std::os::unix::process::CommandExt::gid(&mut command, uid);
        }
        command
    }

    /// Runs it. Fails the test if it hangs, panics, dies or prints a secret of the fixtures on stderr.
    #[track_caller]
    pub(crate) fn run(self) -> Outcome {
        let outcome = self.run_unchecked();
        outcome.assert_clean();
        outcome
    }

    /// Runs it. Fails the test if it hangs.
    pub(crate) fn run_unchecked(mut self) -> Outcome {
        let said = format!("mfa {:?}", self.arguments);
        let mut command = self.command();
        command.stdin(if self.stdin.is_empty() { Stdio::null() } else { Stdio::piped() });
        command.stdout(self.stdout.take().unwrap_or_else(Stdio::piped)).stderr(Stdio::piped());
        let mut child = start(&mut command);
        feed(&mut child, std::mem::take(&mut self.stdin));
        Outcome { said, ..finish(child) }
    }
}

/// Starts it. On a busy machine wine may fail to start a program: it has not run then, and can be started again.
fn start(command: &mut Command) -> Child {
    const ERROR_INTERNAL_ERROR: i32 = 1359;
    let started = (0..3).map(|_| command.spawn()).find(|started| match started {
        Err(error) if cfg!(windows) => error.raw_os_error() != Some(ERROR_INTERNAL_ERROR),
        _ => true,
    });
    started.expect("wine starts it").expect("the program starts")
}

fn feed(child: &mut Child, bytes: Vec<u8>) {
    if let Some(mut stdin) = child.stdin.take() {
        // a program may stop reading early
        std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    }
}

fn finish(mut child: Child) -> Outcome {
    let start = Instant::now();
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let mut received = |stream: Receiver<Vec<u8>>| {
        stream.recv_timeout(TIMEOUT).unwrap_or_else(|_| {
            child.kill().expect("it is ours");
            panic!("it hangs");
        })
    };
    let (stdout, stderr) = (received(stdout), received(stderr));
    let status = child.wait().expect("it is ours");
    let stderr = String::from_utf8(stderr).expect("messages are text");
    Outcome { said: String::new(), status, stdout, stderr, seconds: start.elapsed().as_secs_f64() }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        // the receiver is gone if the test has failed already
        let _ = sender.send(bytes);
    });
    receiver
}
