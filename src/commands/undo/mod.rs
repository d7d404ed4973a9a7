//! `mfa undo`: opens the vault and its backup, prints how they differ, and swaps them.

mod args;
mod compare;
mod open;

pub(super) use args::Undo;
