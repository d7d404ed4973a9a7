//! A picture that fills the terminal and moves: drawn again at each turn of a second, after each key and each resize.
//!
//! Whoever shows one is a [`Scene`]: it says what the screen shall look like ([`Frame`]) and what a key does. What differs from the
//! picture before is painted, and nothing else: no flicker, and little to send over a slow line. The terminal itself, its modes and
//! its signals are the business of `terminal`, which has one owner for them.
//!
//! Why not ratatui: it adds 30 crates, and leaves the terminal raw after SIGTERM, SIGHUP and SIGTSTP, so that `terminal` would be
//! needed all the same.

mod frame;
mod glyphs;
mod key;
mod paint;

use std::time::Duration;

use crate::clock;
use crate::ui::terminal::{self, TerminalError};

pub(crate) use frame::{Frame, Row, Size};
pub(crate) use glyphs::Glyphs;
pub(crate) use key::Key;

/// A terminal that does not know its size is taken for the one that everybody once had
const USUAL: Size = Size { columns: 80, rows: 24 };

/// What is shown
pub(crate) trait Scene {
    /// How the screen looks now
    fn frame(&mut self, size: Size) -> Frame;
    fn press(&mut self, key: Key) -> Action;
}

/// Whether a scene goes on
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Stay,
    /// Paints all of it, for a screen that something else has written on
    Redraw,
    Leave,
}

/// Shows a scene on the alternate screen until it leaves.
///
/// # Errors
/// A missing terminal, or one that fails; a signal that ends the process, for `die_by`, once the terminal is as it was.
pub(crate) fn show(scene: &mut dyn Scene, coloured: bool) -> Result<(), TerminalError> {
    terminal::show_live(&mut Live { scene, coloured, painted: None })
}

/// A scene, and what of it stands on the screen
pub(crate) struct Live<'a> {
    scene: &'a mut dyn Scene,
    coloured: bool,
    painted: Option<(Size, Frame)>,
}

impl Live<'_> {
    /// What to write so that the screen shows the scene as it is now
    pub(super) fn paint(&mut self, size: Option<(u16, u16)>) -> String {
        let size = size.map_or(USUAL, |(columns, rows)| Size { columns: columns.into(), rows: rows.into() });
        let frame = self.scene.frame(size);
        let before = self.painted.take().filter(|(before, _)| *before == size).map(|(_, frame)| frame);
        let painted = paint::difference(before.as_ref(), &frame, self.coloured);
        self.painted = Some((size, frame));
        painted
    }

    /// Nothing that was painted is on the screen any more
    pub(super) fn forget(&mut self) {
        self.painted = None;
    }

    pub(super) fn press(&mut self, key: Key) -> Action {
        let flow = self.scene.press(key);
        if flow == Action::Redraw {
            self.forget();
        }
        flow
    }

    /// How long until the scene may look different though nobody has done anything
    #[expect(clippy::unused_self, reason = "how a scene moves is its own business")]
    pub(super) fn rests(&self) -> Duration {
        clock::to_next_second()
    }
}
