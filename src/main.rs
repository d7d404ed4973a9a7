//! `mfa`: a command-line authenticator.
fn main() {}
