//! The clipboard and the screen of the desktop.

pub(crate) mod clipboard;
pub(crate) mod screen;
