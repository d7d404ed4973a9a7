//! A detached process that holds a copied text for a while and then clears it.
//!
//! It is this program again. It reads the text from a pipe, never from arguments or variables. It leaves the session and inherits no
//! stream and no open file of its parent, so that no terminal, no `$(…)` and no lock waits for it.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};
use crate::desktop::clipboard::{Backend, ClipboardError, system, tmux};
use crate::error::ExitCode;

/// The first argument that makes this program the clipboard daemon
const ARGUMENT: &str = "keep-clipboard";

/// The replies of the daemon when the text can be pasted, and when there is no clipboard; any other reply is an error message
const HELD: &str = "held";
const MISSING: &str = "missing";

/// The time limit for the reply
const REPLY_TIMEOUT: Duration = Duration::from_secs(10);

/// A process that holds a text in a clipboard for some seconds
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClipboardDaemon {
    backend: Backend,
    seconds: u64,
}

impl ClipboardDaemon {
    pub(super) fn new(backend: Backend, seconds: u64) -> Self {
        Self { backend, seconds }
    }

    /// Starts the process. Returns when the text can be pasted.
    ///
    /// # Errors
    /// Returns `Missing` if there is no clipboard, `TimedOut` without a reply, and `Refused` with the error of the process.
    pub(super) fn start(self, text: &str) -> Result<(), ClipboardError> {
        #[cfg(unix)]
        close_fds::set_fds_cloexec(3, &[]);
        let mut child = self.command()?.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        let (sender, receiver) = channel();
        let stdout = child.stdout.take();
        let listener = std::thread::spawn(move || sender.send(read_reply(stdout)));
        let Ok(reply) = receiver.recv_timeout(REPLY_TIMEOUT) else {
            child.kill()?;
            child.wait()?;
            return Err(ClipboardError::TimedOut);
        };
        // A live view runs on, and would collect zombies.
        std::thread::spawn(move || (listener.join().is_ok(), child.wait()));
        match reply.as_str() {
            HELD => Ok(()),
            MISSING => Err(ClipboardError::Missing),
            "" => Err(ClipboardError::TimedOut),
            reason => Err(ClipboardError::Refused(reason.to_owned())),
        }
    }

    fn command(self) -> io::Result<Command> {
        let mut command = Command::new(program_path()?);
        command.args([ARGUMENT, self.backend.as_str(), &self.seconds.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            command.arg0("mfa").current_dir("/");
        }
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt as _;
            const DETACHED_PROCESS: u32 = 0x8;
            command.creation_flags(DETACHED_PROCESS);
        }
        Ok(command)
    }

    /// Returns the daemon that a command line requests, if any. The program's name comes first.
    pub(crate) fn from_arguments(arguments: &[OsString]) -> Option<Self> {
        match arguments {
            [_, argument, backend, seconds] if argument == ARGUMENT => Some(Self {
                backend: Backend::parse(backend.to_str()?)?,
                seconds: seconds.to_str()?.parse().ok()?,
            }),
            _ => None,
        }
    }

    /// Runs the process until the text is cleared or replaced. Returns its exit code.
    pub(crate) fn run(self) -> u8 {
        // A terminal that closes sends signals to its own session only.
        #[cfg(unix)]
        let _ = rustix::process::setsid();
        let deadline = Deadline::for_seconds(self.seconds);
        #[cfg(unix)]
        deadline.end_at_signals();
        match self.copy() {
            Ok(held) => {
                reply(HELD);
                held.hold(&deadline);
                0
            }
            Err(ClipboardError::Missing) => fail(MISSING),
            Err(ClipboardError::Refused(reason)) => fail(&reason),
            Err(error) => fail(&error.to_string()),
        }
    }

    fn copy(self) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
        let mut text = Zeroizing::new(String::new());
        io::stdin().read_to_string(&mut text)?;
        match self.backend {
            Backend::Tmux => Ok(Box::new(tmux::Buffer::load(text)?)),
            Backend::System => system::copy(text),
            Backend::Terminal => Err(ClipboardError::NoTerminal),
        }
    }
}

/// Returns the path of this program; on Linux one that stays valid if an update replaces the file.
fn program_path() -> io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}

/// Reads the first line, or what there is of it.
fn read_reply(stdout: Option<ChildStdout>) -> String {
    let mut line = String::new();
    if let Some(stdout) = stdout {
        let _ = BufReader::new(stdout).read_line(&mut line);
    }
    line.trim_end().to_owned()
}

fn fail(reason: &str) -> u8 {
    reply(reason);
    ExitCode::Failed as u8
}

/// Sends a line to the process that started the daemon.
fn reply(line: &str) {
    let _ = writeln!(io::stdout(), "{}", line.replace('\n', " "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn daemon_starts_by_its_whole_command_line_only() {
        let daemon = ClipboardDaemon::from_arguments(&arguments("mfa keep-clipboard system 12"));
        assert_eq!(daemon, Some(ClipboardDaemon::new(Backend::System, 12)));
        for other in ["mfa", "mfa code keep-clipboard", "mfa keep-clipboard", "mfa keep-clipboard x 1"] {
            assert_eq!(ClipboardDaemon::from_arguments(&arguments(other)), None, "{other}");
        }
    }

    #[test]
    fn daemon_gets_no_text_by_arguments_or_variables() {
        let command = ClipboardDaemon::new(Backend::Tmux, 7).command().unwrap();
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments, ["keep-clipboard", "tmux", "7"]);
        assert_eq!(command.get_envs().count(), 0);
    }
}
