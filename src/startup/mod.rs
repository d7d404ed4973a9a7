//! The start of the process on Linux with glibc.
//!
//! `mfa code` spends most of its time before the first line of ours. Each shortcut saves this much of the CPU time of
//! `oathtool`, right after installation and after a reboot (1.76 and 1.99 without any, 1.20 and 1.25 with all):
//!
//! - the unwinder as an archive (`src/build.rs`): 0.15 and 0.17
//! - `hypotf`, for which a QR reader needs the shared library of C's mathematics: 0.13 and 0.14
//! - our own `main`, because Rust's reads `/proc/self/maps` to word one message: 0.13 and 0.13
//! - the order of code (`layout.ld`): 0.08 and 0.26
//!
//! The feature `plain-startup` builds without all of them. `tests/bench/layout` reports patterns of `layout.ld` that match
//! nothing.

#![expect(
    unsafe_code,
    reason = "only unsafe code can export the two names that C calls, and ignore a signal"
)]

use std::ffi::c_int;
use std::os::fd::IntoRawFd as _;
use std::panic::catch_unwind;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, Result, fcntl_getfd};
use rustix::stdio::{stderr, stdin, stdout};

/// The exit code of Rust's own `main` after a panic
const PANICKED: u8 = 101;

// SAFETY: the program has no other `main`, and C's start accepts one without parameters
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    ignore_closed_pipes();
    if open_streams().is_err() {
        return 1;
    }
    // glibc passed the arguments to Rust's library before.
    catch_unwind(|| mfa::run(std::env::args_os())).unwrap_or(PANICKED).into()
}

/// Ignores SIGPIPE, so that a write to a closed pipe fails instead of ending the process.
fn ignore_closed_pipes() {
    // SAFETY: an ignored signal runs no code when it arrives
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}

/// Opens `/dev/null` for each of stdin, stdout and stderr that the caller closed. Otherwise the next file that mfa opens
/// would get its number, and messages would go into that file.
fn open_streams() -> Result<()> {
    for stream in [stdin(), stdout(), stderr()] {
        if fcntl_getfd(stream) == Err(Errno::BADF) {
            // The new file gets the lowest free number, which is this stream's, and subprocesses inherit it.
            let _ = open("/dev/null", OFlags::RDWR, Mode::empty())?.into_raw_fd();
        }
    }
    Ok(())
}

/// Returns the length of a vector, as C's `hypotf` does.
///
/// Why not the system's `libm.a`: an archive binds the program to one release of glibc.
// SAFETY: the signature is that of C's function
#[unsafe(no_mangle)]
extern "C" fn hypotf(x: f32, y: f32) -> f32 {
    libm::hypotf(x, y)
}
