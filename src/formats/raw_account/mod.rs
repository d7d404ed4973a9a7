//! The fields of an account as an app wrote them, and one set of checks, so that all formats are equally strict.

mod account;
mod error;
mod field;
mod parameters;
mod secret;

pub(super) use account::{RawAccount, collect_tags};
pub(super) use field::Field;
pub(super) use secret::RawSecret;

#[cfg(test)]
mod tests;
