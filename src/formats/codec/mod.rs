//! Encodings that several formats use: JSON, CSV tables, zip archives, Android preferences.

pub(super) mod android_preferences;
pub(super) mod csv_table;
pub(super) mod json;
pub(super) mod zip_archive;
