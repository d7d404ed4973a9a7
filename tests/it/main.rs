//! The integration tests: everything that a user sees of `mfa`, from the command line to real terminals and desktops.
//!
//! `harness` has the places to run `mfa` in and the judges of its results; each other folder holds tests of one area.
//! RFCs, independent vectors in `tests/fixtures` and other programs judge the codes, never the output of `mfa` itself.
//! `cargo test --test it cli::add` runs the tests of one module. Tests that need more than Rust are ignored by default:
//! `cargo test --test it -- --ignored` runs them.
#![allow(clippy::unwrap_used, reason = "a failed test stops with a panic, in the code that tests share too")]

#[cfg(unix)]
mod aws;
mod cli;
#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod faults;
mod harness;
mod house;
#[cfg(unix)]
mod readme;
// the cases contain `/proc`, `/dev/full`, `/bin/sh`, file modes and the error texts of Linux
#[cfg(target_os = "linux")]
mod snapshots;
#[cfg(unix)]
mod terminal;
mod vault;
mod words;
