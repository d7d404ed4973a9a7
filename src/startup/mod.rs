//! How the process begins where glibc starts it.
//!
//! Of `mfa code`, what comes before our first line takes longer than all that is ours. Two parts of it serve nobody here, and
//! are a fifth of the whole process: Rust's own `main` asks where the stack ends, which glibc reads out of `/proc/self/maps`,
//! only to word one message; and C's mathematics, a shared library, is found, mapped and joined for one function that a QR
//! reader calls. So what else Rust's `main` does is done here, and that function is brought along.
//!
//! `layout.ld` is about the rest: which code lies side by side.

#![expect(unsafe_code, reason = "two names that C calls by, and one signal: nothing safe can give them")]

use std::ffi::c_int;
use std::os::fd::IntoRawFd as _;
use std::panic::catch_unwind;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, Result, fcntl_getfd};
use rustix::stdio::{stderr, stdin, stdout};

/// What Rust's own `main` ends with after a panic
const PANICKED: u8 = 101;

// SAFETY: no other `main` is in the program, and C's start takes one without parameters
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    ignore_closed_pipes();
    if open_streams().is_err() {
        return 1;
    }
    // glibc has handed the arguments to Rust's library before
    catch_unwind(|| mfa::run(std::env::args_os())).unwrap_or(PANICKED).into()
}

/// A pipe that nobody reads any more makes a write fail; the signal would end the process
fn ignore_closed_pipes() {
    // SAFETY: to ignore a signal runs no code when it comes
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}

/// Opens what the caller has closed of stdin, stdout and stderr, so that no file of ours gets their number, and with it what
/// is said to a person
fn open_streams() -> Result<()> {
    for stream in [stdin(), stdout(), stderr()] {
        if fcntl_getfd(stream) == Err(Errno::BADF) {
            // it gets the lowest number that is free, which is this stream's, and keeps it, in programs of ours too
            let _ = open("/dev/null", OFlags::RDWR, Mode::empty())?.into_raw_fd();
        }
    }
    Ok(())
}

/// The length of a vector: C's `hypotf`
///
/// Why not the system's `libm.a`: an archive binds the program to one release of glibc.
// SAFETY: it takes and gives what C's function of that name does
#[unsafe(no_mangle)]
extern "C" fn hypotf(x: f32, y: f32) -> f32 {
    libm::hypotf(x, y)
}
