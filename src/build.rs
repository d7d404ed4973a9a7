//! Tells the linker what to take into the program, and in which order, before it is built.
//!
//! Of `mfa code`, finding and joining shared libraries, and reading the program itself, take longer than everything that is
//! ours. What is said here makes that less; where a linker does not take it, the program is the same, and only slower.

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The unwinder: on Linux with glibc it is a shared library that is there for panics only, and exists as an archive as well,
/// wherever gcc is
const UNWINDER: &str = "gcc_eh";

/// What a code runs, side by side
const LAYOUT: &str = "src/startup/layout.ld";

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed={LAYOUT}");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    // what is fuzzed brings an unwinder of its own
    if !is("CARGO_CFG_TARGET_OS", "linux") || env::var("CARGO_CFG_FUZZING").is_ok() {
        return;
    }
    // another system's archives are not asked for
    let is_native = env::var("HOST") == env::var("TARGET");
    if is_native && is("CARGO_CFG_TARGET_ENV", "gnu") && has_archive() {
        println!("cargo::rustc-link-lib=static:-bundle={UNWINDER}");
    }
    let layout = format!("-T{}", env::current_dir().unwrap_or_default().join(LAYOUT).display());
    if is("PROFILE", "release") && links_with(&layout) {
        println!("cargo::rustc-link-arg-bins={layout}");
    }
}

fn is(variable: &str, value: &str) -> bool {
    env::var(variable).is_ok_and(|set| set == value)
}

/// Whether the linker finds it: what it prints is a bare name where it does not
fn has_archive() -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let output = Command::new(linker).arg(format!("-print-file-name=lib{UNWINDER}.a")).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_absolute())
}

/// Whether a program that does nothing can be linked so: of all linkers only GNU's and LLVM's are known to take an order of
/// code, and only the compiler knows which of them it calls
fn links_with(argument: &str) -> bool {
    let linker = env::var("RUSTC_LINKER").map(|linker| format!("linker={linker}"));
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let mut compiler = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    compiler.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    compiler.args(linker.iter().flat_map(|linker| ["-C", linker]));
    compiler.args([
        "-C",
        &format!("link-arg={argument}"),
        "--target",
        &env::var("TARGET").unwrap_or_default(),
    ]);
    compiler.arg("-o").arg(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("nothing"));
    let compiler =
        compiler.arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut compiler) = compiler else { return false };
    let written = compiler.stdin.take().is_some_and(|mut stdin| stdin.write_all(b"fn main() {}").is_ok());
    compiler.wait().is_ok_and(|status| written && status.success())
}
