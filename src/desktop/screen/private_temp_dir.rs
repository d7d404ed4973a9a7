//! A folder for programs that insist on a file: nobody else looks into it, and nothing of it stays.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::{flag, low_level};
use tempfile::{Builder, TempDir};

use crate::desktop::screen::ScreenError;

pub(super) struct Folder;

impl Folder {
    /// Gives a folder to `work`, and removes it with all that is in it: after an error, a panic, or a signal too.
    /// Once in a process: what a signal does afterwards is settled for good.
    pub(super) fn with<T>(work: impl FnOnce(&Path) -> Result<T, ScreenError>) -> Result<T, ScreenError> {
        let signals = Signals::held()?;
        let folder = new()?;
        let result = work(folder.path());
        drop(folder);
        signals.release();
        result
    }
}

/// Where the system has a place in memory, there
fn new() -> Result<TempDir, ScreenError> {
    let mut builder = Builder::new();
    builder.prefix("mfa-");
    builder.permissions(std::fs::Permissions::from_mode(0o700));
    let in_memory = crate::platform::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let made = in_memory.and_then(|place| builder.tempdir_in(place).ok());
    Ok(made.map_or_else(|| builder.tempdir(), Ok)?)
}

/// Signals that end a process, which have to wait until the folder is gone
struct Signals(Vec<(i32, Arc<AtomicBool>)>);

impl Signals {
    fn held() -> Result<Self, ScreenError> {
        let hold = |signal| {
            let seen = Arc::default();
            flag::register(signal, Arc::clone(&seen))?;
            Ok((signal, seen))
        };
        [SIGHUP, SIGINT, SIGQUIT, SIGTERM].into_iter().map(hold).collect::<Result<_, _>>().map(Self)
    }

    /// From here on they end the process again, and one that came meanwhile does so now
    fn release(self) {
        for (signal, seen) in self.0 {
            let _ = flag::register_conditional_default(signal, seen.clone());
            if seen.load(Ordering::Relaxed) {
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }
}
