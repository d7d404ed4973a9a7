//! `mfa export`: selects accounts, converts them to the format of another program, and writes a file or to stdout.

mod accounts;
mod args;
mod output;
mod qr_codes;
mod text;

pub(super) use args::Export;
