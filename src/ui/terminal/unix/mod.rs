//! The terminal of a unix process: its device, its modes, and the signals that come from its keys
//!
//! `prompt`, `screen` and `live` say what is asked or shown in one round; `rounds` opens the terminal, and begins a new round after
//! each suspension; `modes`, `alternate` and `signals` are guards that undo themselves.

mod alternate;
mod device;
mod keyboard;
mod line_editor;
mod live;
mod modes;
mod pause;
mod prompt;
mod screen;
mod signals;
mod suspend_loop;

pub(crate) use live::show_live;
pub(crate) use pause::InterruptibleSleep;
pub(crate) use prompt::{hidden_line, line};
pub(crate) use screen::show_until_key;
pub(crate) use signals::die_by;

/// Every terminal does, but for the dumb one, which has been told by its variable
pub(crate) const fn obeys_escapes() -> bool {
    true
}
