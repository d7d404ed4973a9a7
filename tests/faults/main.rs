//! What is left where a change of the vault is broken off: at every system call, one after the other.
//!
//! `trace` runs a change once under strace and lists its calls, from the first that touches the vault's folder on: what
//! comes before loads the program and reads no account. `points` runs it anew for each of them, and has strace kill it
//! there (SIGKILL) or fail that one call; `judge` looks at what is left then: the vault is the old or the new one, whole;
//! no success was told that is not on the disk; no secret is open to others; the next run works. How many points that
//! were is printed with `--nocapture`.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by a panic, in what its tests share too"
)]
#![allow(clippy::print_stderr, reason = "how many points there were is what it is for")]

mod change;
mod changes;
mod crowd;
mod judge;
mod no_locks;
mod order;
mod place;
mod points;
mod short_writes;
mod state;
mod trace;
