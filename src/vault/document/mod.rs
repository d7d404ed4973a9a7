//! The text of a vault: parses TOML into accounts, and writes changes back so that comments, order and unknown keys stay.

mod account_fields;
mod comments;
mod error;
mod integrity_fields;
mod parse;
mod plaintext_check;
mod render;
mod table_edit;
mod version;

pub(crate) use error::DocumentError;
pub(super) use parse::parse;
pub(super) use render::render;
pub(super) use version::ENCRYPTED;

#[cfg(test)]
mod tests;
