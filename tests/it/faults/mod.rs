//! The vault after an interrupted change: at every system call, one after the other.
//!
//! `harness::faults` runs the changes and judges the results; `--nocapture` prints the number of points.
#![allow(clippy::print_stderr, reason = "the number of points is printed with --nocapture")]

mod changes;
mod crowd;
mod no_locks;
mod short_writes;
mod write_order;
