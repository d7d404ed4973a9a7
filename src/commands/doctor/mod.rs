//! `mfa doctor`: checks the vault and the machine, a file for each group of checks.

mod accounts;
mod args;
mod clock;
mod completion;
mod conflicts;
mod environment;
mod finding;
mod integrity;
mod location;
mod vault;

pub(super) use args::Doctor;
