//! A terminal's own clipboard, reached by an escape sequence: OSC 52 of xterm's "Control Sequences".

use std::fs::OpenOptions;
use std::io::Write as _;

use data_encoding::BASE64;

use crate::desktop::clipboard::ClipboardError;

/// The least of what terminals take (hterm, and xterm for a while)
const MAX_BYTES: usize = 74_994;

const TERMINAL: &str = if cfg!(windows) { "CONOUT$" } else { "/dev/tty" };

/// Sends it to the terminal, which does not say whether it took it.
pub(super) fn send(text: &str) -> Result<(), ClipboardError> {
    let sequence = sequence(text).ok_or(ClipboardError::TooLong)?;
    let mut terminal =
        OpenOptions::new().write(true).open(TERMINAL).map_err(|_| ClipboardError::NoTerminal)?;
    Ok(terminal.write_all(sequence.as_bytes())?)
}

/// `c` is the clipboard; ended as every terminal knows it, by BEL
fn sequence(text: &str) -> Option<String> {
    (text.len() <= MAX_BYTES).then(|| format!("\x1b]52;c;{}\x07", BASE64.encode(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_wrapped_as_xterm_wants_it() {
        assert_eq!(sequence("123456").as_deref(), Some("\x1b]52;c;MTIzNDU2\x07"));
        assert_eq!(sequence(&"1".repeat(MAX_BYTES + 1)), None);
    }
}
