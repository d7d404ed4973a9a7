//! The terminal's own clipboard, by the escape sequence OSC 52 (xterm, "Control Sequences").

use std::fs::OpenOptions;
use std::io::Write as _;

use data_encoding::BASE64;

use crate::desktop::clipboard::ClipboardError;

/// The smallest limit of the known terminals (hterm, and older versions of xterm)
const MAX_BYTES: usize = 74_994;

const TERMINAL: &str = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };

/// Sends a text to the terminal, which does not report whether it accepts it.
pub(super) fn send(text: &str) -> Result<(), ClipboardError> {
    let sequence = escape_sequence(text).ok_or(ClipboardError::TooLong)?;
    let mut terminal =
        OpenOptions::new().write(true).open(TERMINAL).map_err(|_| ClipboardError::NoTerminal)?;
    Ok(terminal.write_all(sequence.as_bytes())?)
}

/// Returns the sequence for the clipboard (`c`), ended by BEL as every terminal supports it; `None` if the text is too long.
fn escape_sequence(text: &str) -> Option<String> {
    (text.len() <= MAX_BYTES).then(|| format!("\x1b]52;c;{}\x07", BASE64.encode(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequence_has_the_form_of_xterm() {
        assert_eq!(escape_sequence("123456").as_deref(), Some("\x1b]52;c;MTIzNDU2\x07"));
        assert_eq!(escape_sequence(&"1".repeat(MAX_BYTES + 1)), None);
    }
}
