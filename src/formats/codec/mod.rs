//! Encodings that several apps use: JSON, CSV tables, ZIP archives, Android preferences.

pub(super) mod android_preferences;
pub(super) mod csv_table;
pub(super) mod json;
pub(super) mod zip_archive;
