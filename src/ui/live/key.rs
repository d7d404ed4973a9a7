//! The keys that do something, whatever a terminal makes of them.

/// A key that does something
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
    /// Ctrl-L, for a screen that something else has written on
    Redraw,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}
