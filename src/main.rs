//! `mfa`: a command-line authenticator.

use std::process::ExitCode;

fn main() -> ExitCode {
    mfa::run(std::env::args_os())
}
