//! `mfa`: a command-line authenticator.
#![cfg_attr(fast_startup, no_main)]

#[cfg(fast_startup)]
mod startup;

#[cfg(not(fast_startup))]
fn main() -> std::process::ExitCode {
    mfa::run(std::env::args_os()).into()
}
