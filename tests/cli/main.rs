//! What the commands do as a user sees it: what reaches which stream, what is on the disk afterwards, the exit code.
//!
//! Every run has its own folder, a clean environment and a fixed time; codes are judged by RFC vectors and by the
//! independent ones in `tests/fixtures`, never by what `mfa` itself has printed.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by a panic, in what its tests share too"
)]

mod add;
mod code;
mod completions;
mod doctor;
mod export_qr;
mod floors;
mod fresh;
mod help;
mod import;
mod kind;
mod list;
mod man;
mod managing;
mod matching;
mod merging;
mod next_pair;
mod outcome;
#[cfg(unix)]
mod outside;
#[cfg(target_os = "linux")]
mod png;
// the home folder of Windows is named by no variable, and its shell is another
#[cfg(unix)]
mod profile;
#[cfg(unix)]
mod readme;
mod sandbox;
mod sealed;
mod secrecy;
mod streams;
mod types;
mod undoing;
mod vault;
mod vectors;
mod verify;
mod watch;
