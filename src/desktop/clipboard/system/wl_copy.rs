//! `wl-copy` and `wl-paste`, for compositors that open their clipboard only to programs with a window.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};
use crate::desktop::clipboard::system::PICTURE_TYPES;
use crate::platform::subprocess::{self, SubprocessError};

/// The time within which a failing `wl-copy` ends; it does not report success
const FAILURE_TIMEOUT: Duration = Duration::from_millis(300);

/// A running `wl-copy`, which offers the text until it ends
#[derive(Debug)]
pub(crate) struct WlCopy(Child);

impl WlCopy {
    pub(super) fn copy(text: &str) -> Result<Self, ClipboardError> {
        let mut command = Command::new("wl-copy");
        command.args(["--foreground", "--type", "text/plain;charset=utf-8"]);
        if supports_sensitive() {
            command.arg("--sensitive");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|_| SubprocessError::Missing("wl-copy"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        std::thread::sleep(FAILURE_TIMEOUT);
        if child.try_wait()?.is_some() {
            return Err(ClipboardError::Refused("'wl-copy' failed".to_owned()));
        }
        Ok(Self(child))
    }
}

impl HeldClipboard for WlCopy {
    /// Waits until the tool ends because another program copied something. At the deadline ends the tool, which clears the
    /// clipboard.
    fn hold(mut self: Box<Self>, deadline: &Deadline) {
        while let Some(slice) = deadline.slice() {
            std::thread::sleep(slice);
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns whether `wl-copy` has the option `--sensitive`, which it has since version 2.3.
fn supports_sensitive() -> bool {
    subprocess::run("wl-copy", ["--help"], &[])
        .is_ok_and(|help| String::from_utf8_lossy(&help).contains("--sensitive"))
}

pub(super) fn read_text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    paste("text")
}

pub(super) fn read_picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    PICTURE_TYPES.iter().find_map(|kind| paste(kind).transpose()).transpose()
}

/// Returns the content of this type; `None` if the clipboard has no such content.
fn paste(kind: &str) -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match subprocess::run("wl-paste", ["--no-newline", "--type", kind], &[]) {
        Err(SubprocessError::Failed { message, .. })
            if message.contains("copied") || message.contains("type") =>
        {
            Ok(None)
        }
        pasted => Ok(Some(pasted?)),
    }
}
