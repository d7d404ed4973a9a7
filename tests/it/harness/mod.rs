//! The harness of all integration tests: places to run `mfa` in, programs around it, and judges of its results.
//!
//! A file without tests belongs here, a file with tests of `mfa` into a folder beside this one.

#[cfg(unix)]
pub(crate) mod aws;
#[cfg(target_os = "linux")]
pub(crate) mod desktop;
mod encrypted;
#[cfg(target_os = "linux")]
pub(crate) mod faults;
mod fixtures;
#[cfg(unix)]
pub(crate) mod live_view;
mod outcome;
#[cfg(target_os = "linux")]
pub(crate) mod png;
mod process;
#[cfg(unix)]
pub(crate) mod pty;
mod run;
mod sandbox;
#[cfg(unix)]
pub(crate) mod shells;
#[cfg(unix)]
pub(crate) mod svg;
mod vault_kind;
mod vectors;

pub(crate) use encrypted::{CAT, Fixture, alice, check_ssh_unlocks, fixture_sandbox, fixtures, tampered};
pub(crate) use fixtures::{fixture, picture, public_key, ssh_public_key};
pub(crate) use outcome::Outcome;
#[cfg(unix)]
pub(crate) use process::tool_output;
pub(crate) use process::{python, run_with_stdin};
pub(crate) use run::Run;
pub(crate) use sandbox::{Sandbox, restrict, vault_toml};
pub(crate) use vault_kind::{VaultKind, over_all, over_both};
pub(crate) use vectors::{
    RFC_4226, RFC_6238, Vector, by_secret, hotp_and_steam, parameters, rfc_secret, totp, vector,
};

/// The program under test.
pub(crate) const MFA: &str = env!("CARGO_BIN_EXE_mfa");
