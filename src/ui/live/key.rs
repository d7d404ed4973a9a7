//! Keys, independent of the bytes or events that a terminal sends for them.

/// A key that a scene can handle
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Char(char),
    Enter,
    Escape,
    Backspace,
    /// Ctrl-W
    EraseWord,
    /// Ctrl-U
    EraseLine,
    /// Ctrl-L, which repaints a screen that another program wrote on
    Redraw,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}
