//! A scene, and the frame of it that is on the screen.

use std::time::Duration;

use crate::clock;
use crate::ui::live::frame::{Frame, Size};
use crate::ui::live::key::Key;
use crate::ui::live::paint;

/// The size of the DEC VT100, for a terminal that does not report its own
const DEFAULT_SIZE: Size = Size { columns: 80, rows: 24 };

/// The content of a full-screen view
pub(crate) trait Scene {
    /// Draws the screen as it looks now.
    fn frame(&mut self, size: Size) -> Frame;

    /// Handles a key.
    fn press(&mut self, key: Key) -> Action;
}

/// The action that follows a key
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Stay,
    /// Paints the whole screen, because another program wrote on it
    Redraw,
    Leave,
}

/// A scene with the frame that was painted last
pub(crate) struct Live<'a> {
    scene: &'a mut dyn Scene,
    coloured: bool,
    painted: Option<(Size, Frame)>,
}

impl<'a> Live<'a> {
    pub(super) fn new(scene: &'a mut dyn Scene, coloured: bool) -> Self {
        Self { scene, coloured, painted: None }
    }

    /// Returns the text to write so that the screen shows the scene as it is now. `size` is in columns and rows.
    pub(in crate::ui) fn paint(&mut self, size: Option<(u16, u16)>) -> String {
        let size =
            size.map_or(DEFAULT_SIZE, |(columns, rows)| Size { columns: columns.into(), rows: rows.into() });
        let frame = self.scene.frame(size);
        let before = self.painted.take().filter(|(before, _)| *before == size).map(|(_, frame)| frame);
        let painted = paint::difference(before.as_ref(), &frame, self.coloured);
        self.painted = Some((size, frame));
        painted
    }

    /// Makes the next `paint` write the whole screen.
    pub(in crate::ui) fn invalidate(&mut self) {
        self.painted = None;
    }

    /// Passes a key to the scene.
    pub(in crate::ui) fn press(&mut self, key: Key) -> Action {
        let action = self.scene.press(key);
        if action == Action::Redraw {
            self.invalidate();
        }
        action
    }

    /// Returns the time until the scene may change without a key.
    #[expect(clippy::unused_self, reason = "the caller must not know how a scene changes")]
    pub(in crate::ui) fn time_to_next_frame(&self) -> Duration {
        clock::to_next_second()
    }
}
