//! A change of the vault, interrupted at each of its system calls.
//!
//! `trace` runs a change once under strace and lists its calls, from the first that touches the vault's folder on: the
//! calls before it load the program and read no account. `points` runs the change again for each of them, and has strace
//! kill it there (SIGKILL) or fail that one call. `judge` looks at the rest: the vault is the old or the new one, whole;
//! no success was reported that is not on the disk; no secret is open to others; the next run works.
#![allow(clippy::print_stderr, reason = "the number of points is printed with --nocapture")]

pub(crate) mod change;
mod judge;
pub(crate) mod place;
pub(crate) mod points;
pub(crate) mod state;
pub(crate) mod trace;
