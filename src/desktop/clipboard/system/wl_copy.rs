//! `wl-copy` and `wl-paste`, for compositors that grant their clipboard to programs with a window only.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::Deadline;
use crate::desktop::clipboard::held::HeldClipboard;
use crate::platform::subprocess::{self, SubprocessError};

/// Within which it fails where it fails: it does not say that it has succeeded
const FAILS_WITHIN: Duration = Duration::from_millis(300);

/// The tool, which offers the text as long as it runs
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    pub(super) fn take(text: &str) -> Result<Self, ClipboardError> {
        let mut command = Command::new("wl-copy");
        command.args(["--foreground", "--type", "text/plain;charset=utf-8"]);
        if knows_sensitive() {
            command.arg("--sensitive");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|_| SubprocessError::Missing("wl-copy"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        std::thread::sleep(FAILS_WITHIN);
        if child.try_wait()?.is_some() {
            return Err(ClipboardError::Refused("'wl-copy' failed".to_owned()));
        }
        Ok(Self(child))
    }
}

impl HeldClipboard for Running {
    /// It ends by itself when something else is copied; otherwise its end clears the clipboard
    fn keep(mut self: Box<Self>, lasting: &Deadline) {
        while let Some(slice) = lasting.slice() {
            std::thread::sleep(slice);
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Since version 2.3
fn knows_sensitive() -> bool {
    subprocess::run("wl-copy", ["--help"], &[])
        .is_ok_and(|help| String::from_utf8_lossy(&help).contains("--sensitive"))
}

pub(super) fn text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    pasted("text")
}

pub(super) fn picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    crate::desktop::clipboard::system::PICTURES.iter().find_map(|kind| pasted(kind).transpose()).transpose()
}

/// None where there is nothing of that kind
fn pasted(kind: &str) -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match subprocess::run("wl-paste", ["--no-newline", "--type", kind], &[]) {
        Err(SubprocessError::Failed { said, .. }) if said.contains("copied") || said.contains("type") => {
            Ok(None)
        }
        pasted => Ok(Some(pasted?)),
    }
}
