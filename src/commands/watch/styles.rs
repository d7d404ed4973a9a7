//! The colours of the view.

use anstyle::{AnsiColor, Style};

pub(super) const PLAIN: Style = Style::new();
pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const SELECTED: Style = AnsiColor::Cyan.on_default().bold();

/// The bar: much time left, little, almost none
pub(super) const LONG: Style = AnsiColor::Green.on_default();
pub(super) const SHORT: Style = AnsiColor::Yellow.on_default();
pub(super) const OVER: Style = AnsiColor::Red.on_default();

pub(super) const NOTE: Style = AnsiColor::Yellow.on_default();
