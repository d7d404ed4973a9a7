//! The commands as a user sees them: both streams, the files afterwards, the exit code.
//!
//! Each file tests the command of its name. `network`, `secrecy` and `streams` test promises that all commands keep.
//! Every run has its own folder, a clean environment and a fixed time.

mod add;
mod code;
mod completions;
mod doctor;
mod edit;
mod export;
mod export_qr;
mod help;
mod import;
mod list;
#[cfg(target_os = "linux")]
mod lock;
mod man;
#[cfg(target_os = "linux")]
mod network;
mod next_pair;
mod remove;
mod rename;
mod secrecy;
mod show;
#[cfg(target_os = "linux")]
mod status;
mod streams;
mod undo;
#[cfg(target_os = "linux")]
mod unlock;
mod vault;
mod verify;
mod watch;

use crate::harness::{Sandbox, vector};

/// The names of three accounts, and the vectors that they have
const ACCOUNTS: [(&str, &str); 3] = [("root", "aws"), ("alice", "plain"), ("john", "sha256-8-60")];

/// Returns a sandbox with an account that the ARN of a device finds.
fn with_device() -> Sandbox {
    let secret = &vector("plain").secret;
    let label = "issuer = \"Amazon Web Services\"\naccount = \"bob@123456789012\"";
    Sandbox::with_vault(&format!("version = 1\n[accounts.bob]\n{label}\nsecret = \"{secret}\"\n"))
}
