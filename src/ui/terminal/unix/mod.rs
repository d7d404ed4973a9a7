//! The terminal of a Unix process: its device, its modes, and the signals of its keys.
//!
//! `prompt`, `screen` and `live` run one round of a question or a view; `suspend_loop` opens the terminal and starts a new round after
//! each suspension; `modes`, `alternate` and `signals` are guards that restore the previous state.

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
pub(crate) use prompt::{read_hidden_line, read_line};
pub(crate) use screen::show_until_key;
pub(crate) use signals::die_by;

/// Returns `true`: every terminal but `TERM=dumb` supports escape sequences, and `anstream` checks that variable.
pub(crate) const fn supports_escapes() -> bool {
    true
}
