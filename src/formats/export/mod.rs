//! Writes accounts as files that other apps import.
//!
//! Each format has a writer beside its reader or in this folder. Property tests read back the written files.

mod file;
mod group;
mod json;
mod keepassxc;
mod limitation;
mod random;
mod render;
#[cfg(test)]
pub(super) mod samples;
mod uri_list;

pub(crate) use file::Export;
pub(super) use group::Groups;
pub(crate) use json::to_json;
pub(crate) use keepassxc::to_keepassxc_csv;
pub(crate) use limitation::ExportLimitation;
pub(super) use random::{random, uuid};
pub(super) use render::{Base32, SecretText, note_with_serial, render};
pub(crate) use uri_list::to_uri_list;

#[cfg(test)]
mod tests;
