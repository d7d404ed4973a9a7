//! The desktop: its clipboard and its screen.

pub(crate) mod clipboard;
pub(crate) mod screen;
