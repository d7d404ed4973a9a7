//! A QR code on a terminal.

use crate::text::sanitize;
use crate::ui::live::Glyphs;
use crate::ui::terminal::{self, TerminalError};

/// Black on white from the fixed part of the 256 colours, which themes leave alone
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// Shows rows of half-blocks, black on white, on the alternate screen until a key is pressed, a caption below.
///
/// # Errors
/// A window that is too small, with the size it needs; an interrupted or missing terminal.
pub(crate) fn on_terminal(half_blocks: &str, caption: &str) -> Result<(), TerminalError> {
    let columns = half_blocks.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let rows = half_blocks.lines().count() + 1;
    let mut painted: Vec<String> =
        half_blocks.lines().map(|line| format!("{BLACK_ON_WHITE}{line}{RESET}")).collect();
    // a caption that would wrap would scroll the code off the top
    painted.push(Glyphs::Unicode.fit(&sanitize(caption), columns));
    let size = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    terminal::show_until_key(&painted.join("\n"), size(columns), size(rows))
}
