//! Tells the linker what to take into the program itself, before it is built.
//!
//! Of `mfa code`, finding and joining shared libraries takes longer than everything that is ours. On Linux with glibc
//! one of them is there for panics only, and exists as an archive as well, wherever gcc is.

use std::env;
use std::path::Path;
use std::process::Command;

/// The unwinder
const UNWINDER: &str = "gcc_eh";

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let is = |variable: &str, value: &str| env::var(variable).is_ok_and(|set| set == value);
    let is_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    // another system's archives are not asked for, and what is fuzzed brings an unwinder of its own
    let is_native = env::var("HOST") == env::var("TARGET") && env::var("CARGO_CFG_FUZZING").is_err();
    if is_glibc && is_native && has_archive() {
        println!("cargo::rustc-link-lib=static:-bundle={UNWINDER}");
    }
}

/// Whether the linker finds it: what it prints is a bare name where it does not
fn has_archive() -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let output = Command::new(linker).arg(format!("-print-file-name=lib{UNWINDER}.a")).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_absolute())
}
