//! Otpauth URIs: a lenient parser for the variants that occur, and a writer for a form that every app reads.
//!
//! The rules are those of Google's Key URI format, with the deviations of the apps resolved one by one. The parser never
//! guesses a value that changes a code.
//!
//! No library is both lenient and strict enough. The parser of totp-rs rejects lower-case parameter values and the short
//! secrets of some services, and accepts control characters in names.

mod emit;
mod error;
mod parse;
mod query;
mod warning;

pub(crate) use error::UriError;
pub(crate) use parse::{OtpauthUri, looks_like_uri};
pub(crate) use warning::Warning;

#[cfg(test)]
mod tests;
