//! A QR code on the alternate screen of the terminal.

use crate::text::sanitize;
use crate::ui::live::Glyphs;
use crate::ui::terminal::{self, TerminalError};

/// Black on white from the fixed part of the 256 colours, which no theme changes
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// Shows rows of half-blocks, black on white, with a caption below, until a key is pressed.
///
/// # Errors
/// Returns an error if the terminal is too small, missing, or interrupted.
pub(crate) fn show_qr_code(half_blocks: &str, caption: &str) -> Result<(), TerminalError> {
    let columns = half_blocks.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let rows = half_blocks.lines().count() + 1;
    let mut painted: Vec<String> =
        half_blocks.lines().map(|line| format!("{BLACK_ON_WHITE}{line}{RESET}")).collect();
    // A caption that wraps would scroll the code off the top.
    painted.push(Glyphs::Unicode.fit(&sanitize(caption), columns));
    let size = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    terminal::show_until_key(&painted.join("\n"), size(columns), size(rows))
}
