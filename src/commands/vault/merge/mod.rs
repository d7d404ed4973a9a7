//! `mfa vault merge`: brings the changes of another copy into the vault, with or without the common ancestor.
//!
//! - `args`: the arguments, and the order of the steps
//! - `copies`: the other copies, unlocked
//! - `report`: the differences, line by line
//! - `driver`: the same as a merge driver of git, between three files
//! - `install`: the settings of git for that

mod args;
mod copies;
mod driver;
mod install;
mod report;

pub(super) use args::Merge;
