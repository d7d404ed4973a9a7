//! A full-screen view, drawn again each second, after each key, and after each change of the terminal's size.
//!
//! The caller implements [`Scene`], which draws a [`Frame`] and handles keys. Only the differences to the frame before are written:
//! no flicker, and little to send over a slow line. `terminal` owns the modes and the signals of the terminal.
//!
//! Why not ratatui: it adds 30 crates, and leaves the terminal raw after SIGTERM, SIGHUP and SIGTSTP, so that `terminal` would be
//! needed all the same.

mod frame;
mod glyphs;
mod key;
mod paint;
mod scene;

use crate::ui::terminal::{self, TerminalError};

pub(crate) use frame::{Frame, Row, Size};
pub(crate) use glyphs::Glyphs;
pub(crate) use key::Key;
pub(crate) use scene::{Action, Live, Scene};

/// Shows a scene on the alternate screen until the scene leaves.
///
/// # Errors
/// Returns an error if the terminal is missing or fails, or if a signal ends the process; the terminal is restored before.
pub(crate) fn show(scene: &mut dyn Scene, coloured: bool) -> Result<(), TerminalError> {
    terminal::show_live(&mut Live::new(scene, coloured))
}
