//! A process of its own that holds a text for a while and then clears it.
//!
//! It is this program once more. The text comes through a pipe, never among arguments or variables; the session, the streams and
//! all other open files of the one who started it stay behind, so that no terminal, no `$(…)` and no lock waits for it.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::desktop::clipboard::deadline::Deadline;
use crate::desktop::clipboard::held::HeldClipboard;
use crate::desktop::clipboard::{Backend, ClipboardError, system, tmux};
use crate::error::ExitCode;

/// The first argument that makes this program a keeper
const ARGUMENT: &str = "keep-clipboard";

/// What a keeper answers once the text can be pasted, and where there is no clipboard; every other line says what failed
const HELD: &str = "held";
const MISSING: &str = "missing";

/// For the answer
const TIMEOUT: Duration = Duration::from_secs(10);

/// Holds a text in this clipboard, for so many seconds
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClipboardDaemon {
    way: Backend,
    seconds: u64,
}

impl ClipboardDaemon {
    pub(super) fn new(way: Backend, seconds: u64) -> Self {
        Self { way, seconds }
    }

    /// Starts the process, and returns once the text can be pasted.
    pub(super) fn start(self, text: &str) -> Result<(), ClipboardError> {
        #[cfg(unix)]
        close_fds::set_fds_cloexec(3, &[]);
        let mut child = self.command()?.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        let (sender, receiver) = channel();
        let stdout = child.stdout.take();
        let listener = std::thread::spawn(move || sender.send(answer(stdout)));
        let Ok(answer) = receiver.recv_timeout(TIMEOUT) else {
            child.kill()?;
            child.wait()?;
            return Err(ClipboardError::Silent);
        };
        // a live view lives on, and would gather the ended ones
        std::thread::spawn(move || (listener.join().is_ok(), child.wait()));
        match answer.as_str() {
            HELD => Ok(()),
            MISSING => Err(ClipboardError::Missing),
            "" => Err(ClipboardError::Silent),
            reason => Err(ClipboardError::Refused(reason.to_owned())),
        }
    }

    fn command(self) -> io::Result<Command> {
        let mut command = Command::new(this_program()?);
        command.args([ARGUMENT, self.way.as_str(), &self.seconds.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(unix)]
        {
            std::os::unix::process::CommandExt::arg0(&mut command, "mfa");
            command.current_dir("/");
        }
        #[cfg(windows)]
        {
            const DETACHED_PROCESS: u32 = 0x8;
            std::os::windows::process::CommandExt::creation_flags(&mut command, DETACHED_PROCESS);
        }
        Ok(command)
    }

    /// The keeper that a command line asks for, the program's name first
    pub(crate) fn asked(arguments: &[OsString]) -> Option<Self> {
        match arguments {
            [_, argument, way, seconds] if argument == ARGUMENT => {
                Some(Self { way: Backend::parse(way.to_str()?)?, seconds: seconds.to_str()?.parse().ok()? })
            }
            _ => None,
        }
    }

    /// What the process does from its start to its end; its exit code
    pub(crate) fn run(self) -> u8 {
        // the signals of a terminal that is closed do not reach another session
        #[cfg(unix)]
        let _ = rustix::process::setsid();
        let lasting = Deadline::for_seconds(self.seconds);
        #[cfg(unix)]
        lasting.end_at_signals();
        match self.take() {
            Ok(held) => {
                tell(HELD);
                held.keep(&lasting);
                0
            }
            Err(ClipboardError::Missing) => refuse(MISSING),
            Err(ClipboardError::Refused(reason)) => refuse(&reason),
            Err(error) => refuse(&error.to_string()),
        }
    }

    fn take(self) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
        let mut text = Zeroizing::new(String::new());
        io::stdin().read_to_string(&mut text)?;
        match self.way {
            Backend::Tmux => Ok(Box::new(tmux::Buffer::load(text)?)),
            Backend::System => system::take(text),
            Backend::Terminal => Err(ClipboardError::NoTerminal),
        }
    }
}

/// On Linux by a name that holds when the file was replaced meanwhile
fn this_program() -> io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}

/// The first line, or what there is of it
fn answer(stdout: Option<ChildStdout>) -> String {
    let mut line = String::new();
    if let Some(stdout) = stdout {
        let _ = BufReader::new(stdout).read_line(&mut line);
    }
    line.trim_end().to_owned()
}

fn refuse(reason: &str) -> u8 {
    tell(reason);
    ExitCode::Failed as u8
}

/// To the one who has started the keeper, and nobody else
fn tell(line: &str) {
    let _ = writeln!(io::stdout(), "{}", line.replace('\n', " "));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn a_keeper_is_asked_for_by_its_whole_command_line_only() {
        let keeper = ClipboardDaemon::asked(&arguments("mfa keep-clipboard system 12"));
        assert_eq!(keeper, Some(ClipboardDaemon::new(Backend::System, 12)));
        for other in ["mfa", "mfa code keep-clipboard", "mfa keep-clipboard", "mfa keep-clipboard x 1"] {
            assert_eq!(ClipboardDaemon::asked(&arguments(other)), None, "{other}");
        }
    }

    #[test]
    fn no_text_is_among_the_arguments_or_the_variables() {
        let command = ClipboardDaemon::new(Backend::Tmux, 7).command().unwrap();
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments, ["keep-clipboard", "tmux", "7"]);
        assert_eq!(command.get_envs().count(), 0);
    }
}
