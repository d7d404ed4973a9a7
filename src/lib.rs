//! `mfa`: a command-line authenticator.
#![doc(hidden)]

#[allow(
    dead_code,
    unused_imports,
    reason = "its callers come with the commands"
)]
mod ui;
