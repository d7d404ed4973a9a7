//! Chooses what the linker takes into the program, and in which order.
//!
//! `mfa code` spends most of its time before the first line of ours: the system finds and joins shared libraries and reads
//! the program. The settings below shorten that. A linker that does not support them gives the same program, only slower.
//! The feature `plain-startup` leaves all of them out.

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The unwinder, which only panics need: a shared library on Linux with glibc, and also an archive wherever gcc is
const UNWINDER: &str = "gcc_eh";

/// The linker script that puts the code of `mfa code` side by side
const LAYOUT: &str = "src/startup/layout.ld";

/// The file for the linker's map, from which `tests/bench/layout` tells which patterns of the script match nothing
const LINK_MAP: &str = "MFA_LINK_MAP";

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed={LAYOUT}");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    println!("cargo::rerun-if-env-changed={LINK_MAP}");
    println!("cargo::rustc-check-cfg=cfg(fast_startup)");
    // A fuzz target brings its own unwinder.
    let is_left_out =
        env::var("CARGO_CFG_FUZZING").is_ok() || env::var("CARGO_FEATURE_PLAIN_STARTUP").is_ok();
    if is("CARGO_CFG_TARGET_OS", "linux") && !is_left_out {
        shorten_startup();
    }
    if let Ok(map) = env::var(LINK_MAP) {
        println!("cargo::rustc-link-arg-bins=-Wl,-Map={map}");
    }
}

fn shorten_startup() {
    let is_glibc = is("CARGO_CFG_TARGET_ENV", "gnu");
    if is_glibc {
        println!("cargo::rustc-cfg=fast_startup");
    }
    // A cross compiler's archives are in folders of their own.
    let is_native = env::var("HOST") == env::var("TARGET");
    if is_native && is_glibc && has_archive() {
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

/// Returns whether the linker finds the unwinder's archive. It prints a bare name if it does not.
fn has_archive() -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let output = Command::new(linker).arg(format!("-print-file-name=lib{UNWINDER}.a")).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_absolute())
}

/// Returns whether an empty program can be linked with this argument. GNU's and LLVM's linkers accept an order of code, and
/// only the compiler knows which linker it calls.
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
