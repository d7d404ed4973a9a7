//! The only place that prints, prompts or draws.
//!
//! stdout carries the answer and nothing else; everything addressed to the user goes to stderr. [`Ui`] holds both streams, and
//! the files beside it add to it: questions (`prompt`), waiting (`countdown`). `live` draws a full-screen view, and `terminal`
//! owns the modes and the signals of the terminal.

mod countdown;
pub(crate) mod live;
mod output;
mod process;
mod prompt;
mod qr_screen;
mod table;
pub(crate) mod terminal;

pub(crate) use output::{Ui, Verbosity, stderr};
pub(crate) use process::{fail_on_file_size_limit, hide_panics};
pub(crate) use qr_screen::show_qr_code;
pub(crate) use table::{Column, Table};
