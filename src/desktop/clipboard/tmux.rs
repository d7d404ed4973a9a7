//! A buffer of the tmux server, which reaches the terminal's clipboard where an escape sequence from inside tmux does not.

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};
use crate::platform::subprocess::{self, SubprocessError};

/// The tmux buffer that holds the text
#[derive(Debug)]
pub(super) struct Buffer {
    name: String,
    text: Zeroizing<String>,
}

impl Buffer {
    pub(super) fn load(text: Zeroizing<String>) -> Result<Self, ClipboardError> {
        // tmux before 3.2 has no -w, so the text reaches the buffer only.
        run_tmux(&["load-buffer", "-w", "-"], text.as_bytes())
            .or_else(|_| run_tmux(&["load-buffer", "-"], text.as_bytes()))?;
        // The newest buffer is listed first.
        let names = run_tmux(&["list-buffers", "-F", "#{buffer_name}"], &[])?;
        let newest = String::from_utf8_lossy(&names).lines().next().unwrap_or_default().to_owned();
        let buffer = Self { name: newest, text };
        if buffer.holds_text() { Ok(buffer) } else { Err(ClipboardError::TimedOut) }
    }

    fn holds_text(&self) -> bool {
        run_tmux(&["show-buffer", "-b", &self.name], &[])
            .is_ok_and(|content| *content == self.text.as_bytes())
    }
}

impl HeldClipboard for Buffer {
    fn hold(self: Box<Self>, deadline: &Deadline) {
        deadline.sleep();
        if self.holds_text() {
            let _ = run_tmux(&["delete-buffer", "-b", &self.name], &[]);
        }
    }
}

/// Returns the content of the newest buffer; `None` if there is no buffer.
pub(super) fn read_newest_buffer() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match run_tmux(&["show-buffer"], &[]) {
        Err(SubprocessError::Failed { message, .. }) if message.contains("no buffers") => Ok(None),
        shown => Ok(Some(shown?)),
    }
}

fn run_tmux(arguments: &[&str], input: &[u8]) -> Result<Zeroizing<Vec<u8>>, SubprocessError> {
    subprocess::run("tmux", arguments, input)
}
