//! Runs external programs with a timeout: bytes in, bytes out.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::cause;
use crate::text::sanitize;

/// The longest run of a program, enough for a desktop that asks its user first
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a program gave no output
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubprocessError {
    #[error("the program '{0}' is not installed")]
    Missing(&'static str),
    #[error("could not run '{name}': {}", cause(error))]
    NotRun { name: &'static str, error: io::Error },
    #[error("'{name}' failed: {message}")]
    Failed { name: &'static str, message: String },
    #[error("'{}' did not end within {} s", .0, PROGRAM_TIMEOUT.as_secs())]
    TimedOut(&'static str),
}

/// Runs a program to its end, and returns its output.
///
/// # Errors
/// If the program is missing, fails, or runs for longer than a minute.
pub(crate) fn run<A: AsRef<OsStr>>(
    name: &'static str,
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SubprocessError> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| run_error(name, error))?;
    let (output, messages) = (read_in_thread(child.stdout.take()), read_in_thread(child.stderr.take()));
    write_input(&mut child, input);
    let Ok(output) = output.recv_timeout(PROGRAM_TIMEOUT) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(SubprocessError::TimedOut(name));
    };
    let status = child.wait().map_err(|error| SubprocessError::NotRun { name, error })?;
    if status.success() {
        return Ok(output);
    }
    let messages = messages.recv_timeout(PROGRAM_TIMEOUT).unwrap_or_default();
    Err(SubprocessError::Failed { name, message: last_line(&messages, status) })
}

fn run_error(name: &'static str, error: io::Error) -> SubprocessError {
    match error.kind() {
        io::ErrorKind::NotFound => SubprocessError::Missing(name),
        _ => SubprocessError::NotRun { name, error },
    }
}

/// Writes the input, and ignores errors: a program that reads nothing may have closed its end.
fn write_input(child: &mut Child, input: &[u8]) {
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(input);
    }
}

fn read_in_thread(stream: Option<impl Read + Send + 'static>) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::new());
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        // After a timeout the receiver is gone.
        let _ = sender.send(bytes);
    });
    receiver
}

/// Returns the last line of a program's messages, as part of a sentence.
fn last_line(messages: &[u8], status: ExitStatus) -> String {
    let text = String::from_utf8_lossy(messages);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    line.map_or_else(|| status.to_string(), sanitize)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn run_passes_input_and_output() {
        let out = run("cat", [""; 0], b"123456").unwrap();
        assert_eq!(&**out, b"123456");
    }

    #[test]
    fn run_reports_a_missing_program() {
        let error = run("no-such-program", [""; 0], b"").unwrap_err();
        assert_eq!(error.to_string(), "the program 'no-such-program' is not installed");
    }

    #[test]
    fn run_reports_the_last_line_without_escapes() {
        let error = run("sh", ["-c", "printf 'first\\n\\033[31mlast\\n\\n' >&2; exit 3"], b"").unwrap_err();
        assert!(error.to_string().ends_with("last") && !error.to_string().contains('\u{1b}'), "{error}");
    }
}
