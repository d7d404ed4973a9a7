//! `mfa import`: reads files of other authenticators, merges their accounts into the vault, and reports each of them.

mod args;
mod reading;
mod report;

pub(super) use args::Import;
