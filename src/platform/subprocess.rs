//! Programs of the machine: bytes in, bytes out, and never for longer than a while.

use std::ffi::OsStr;
use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::error::cause;
use crate::text::sanitize;

/// Long enough for a desktop that asks its user first
const TIMEOUT: Duration = Duration::from_secs(60);

/// Why a program gave nothing
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubprocessError {
    #[error("there is no '{0}'")]
    Missing(&'static str),
    #[error("could not run '{name}': {}", cause(error))]
    Unusable { name: &'static str, error: io::Error },
    #[error("'{name}' failed: {said}")]
    Failed { name: &'static str, said: String },
    #[error("'{0}' does not come to an end")]
    TimedOut(&'static str),
}

/// Runs a program to its end, and gives what it has written.
///
/// # Errors
/// A program that is not there, that fails, or that does not end.
pub(crate) fn run<A: AsRef<OsStr>>(
    name: &'static str,
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SubprocessError> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| unusable(name, error))?;
    let (written, said) = (drained(child.stdout.take()), drained(child.stderr.take()));
    feed(&mut child, input);
    let Ok(written) = written.recv_timeout(TIMEOUT) else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(SubprocessError::TimedOut(name));
    };
    let status = child.wait().map_err(|error| SubprocessError::Unusable { name, error })?;
    if status.success() {
        return Ok(written);
    }
    let said = said.recv_timeout(TIMEOUT).unwrap_or_default();
    Err(SubprocessError::Failed { name, said: last_line(&said, status) })
}

fn unusable(name: &'static str, error: io::Error) -> SubprocessError {
    match error.kind() {
        io::ErrorKind::NotFound => SubprocessError::Missing(name),
        _ => SubprocessError::Unusable { name, error },
    }
}

/// A program that reads nothing may have closed its end
fn feed(child: &mut Child, input: &[u8]) {
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(input);
    }
}

fn drained(stream: Option<impl Read + Send + 'static>) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::new());
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        // nobody listens to a program that was given up
        let _ = sender.send(bytes);
    });
    receiver
}

/// What a program has said last, as part of a sentence
fn last_line(said: &[u8], status: ExitStatus) -> String {
    let text = String::from_utf8_lossy(said);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    line.map_or_else(|| status.to_string(), sanitize)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let out = run("cat", [""; 0], b"123456").unwrap();
        assert_eq!(&**out, b"123456");
    }

    #[test]
    fn a_program_that_is_not_there_is_missing() {
        let error = run("no-such-program", [""; 0], b"").unwrap_err();
        assert_eq!(error.to_string(), "there is no 'no-such-program'");
    }

    #[test]
    fn what_a_program_says_last_is_told_without_escapes() {
        let error = run("sh", ["-c", "printf 'first\\n\\033[31mlast\\n\\n' >&2; exit 3"], b"").unwrap_err();
        assert!(error.to_string().ends_with("last") && !error.to_string().contains('\u{1b}'), "{error}");
    }
}
