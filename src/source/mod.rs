//! Reads accounts from files, stdin, arguments, prompts, the clipboard and the screen.
//!
//! The content decides how a source is read, never the name of a file.

mod account_source;
mod clipboard;
mod error;

pub(crate) use account_source::{Export, Source};
pub(crate) use error::SourceError;
