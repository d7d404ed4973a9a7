//! This program's own files: a vault, and the JSON that it exports.

mod export;
mod vault;

pub(in crate::formats) use export::{FORMAT as EXPORT, NAME as EXPORT_NAME, VERSION as EXPORT_VERSION};
pub(in crate::formats) use vault::FORMAT as VAULT;
