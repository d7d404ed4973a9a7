//! A buffer of the tmux server, which reaches the terminal's clipboard where an escape sequence from inside does not.

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::Deadline;
use crate::desktop::clipboard::held::HeldClipboard;
use crate::platform::subprocess::{self, SubprocessError};

const NOTHING: &[u8] = &[];

/// The buffer that holds our text
#[derive(Debug)]
pub(super) struct Buffer {
    name: String,
    text: Zeroizing<String>,
}

impl Buffer {
    pub(super) fn load(text: Zeroizing<String>) -> Result<Self, ClipboardError> {
        // before 3.2 there was no -w: the buffer is all there is then
        tmux(&["load-buffer", "-w", "-"], text.as_bytes())
            .or_else(|_| tmux(&["load-buffer", "-"], text.as_bytes()))?;
        // the newest is listed first
        let names = tmux(&["list-buffers", "-F", "#{buffer_name}"], NOTHING)?;
        let newest = String::from_utf8_lossy(&names).lines().next().unwrap_or_default().to_owned();
        let buffer = Self { name: newest, text };
        if buffer.is_ours() { Ok(buffer) } else { Err(ClipboardError::Silent) }
    }

    fn is_ours(&self) -> bool {
        tmux(&["show-buffer", "-b", &self.name], NOTHING)
            .is_ok_and(|content| *content == self.text.as_bytes())
    }
}

impl HeldClipboard for Buffer {
    fn keep(self: Box<Self>, lasting: &Deadline) {
        lasting.sleep();
        if self.is_ours() {
            let _ = tmux(&["delete-buffer", "-b", &self.name], NOTHING);
        }
    }
}

/// What is in the newest buffer; none where there is no buffer
pub(super) fn newest() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match tmux(&["show-buffer"], NOTHING) {
        Err(SubprocessError::Failed { said, .. }) if said.contains("no buffers") => Ok(None),
        shown => Ok(Some(shown?)),
    }
}

fn tmux(arguments: &[&str], input: &[u8]) -> Result<Zeroizing<Vec<u8>>, SubprocessError> {
    subprocess::run("tmux", arguments, input)
}
