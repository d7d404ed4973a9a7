//! A temporary folder that only the user can read, for programs that need a file. It is removed on signals too.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::{flag, low_level};
use tempfile::{Builder, TempDir};

use crate::desktop::screen::ScreenError;
use crate::platform::env;

/// Passes a temporary folder to `work` and removes it with its content, also after an error, a panic or a signal.
///
/// To be called once in a process, because the handlers of the signals stay afterwards.
pub(super) fn with_private_temp_dir<T>(
    work: impl FnOnce(&Path) -> Result<T, ScreenError>,
) -> Result<T, ScreenError> {
    let signals = HeldSignals::hold()?;
    let folder = create()?;
    let result = work(folder.path());
    drop(folder);
    signals.release();
    result
}

/// Creates the folder, in memory if the system has a place there.
fn create() -> Result<TempDir, ScreenError> {
    let mut builder = Builder::new();
    builder.prefix("mfa-");
    builder.permissions(Permissions::from_mode(0o700));
    let in_memory = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let created = in_memory.and_then(|parent| builder.tempdir_in(parent).ok());
    Ok(created.map_or_else(|| builder.tempdir(), Ok)?)
}

/// The signals that end a process, held back until the folder is removed
struct HeldSignals(Vec<(i32, Arc<AtomicBool>)>);

impl HeldSignals {
    fn hold() -> Result<Self, ScreenError> {
        let hold = |signal| {
            let is_pending = Arc::default();
            flag::register(signal, Arc::clone(&is_pending))?;
            Ok((signal, is_pending))
        };
        [SIGHUP, SIGINT, SIGQUIT, SIGTERM].into_iter().map(hold).collect::<Result<_, _>>().map(Self)
    }

    /// Lets the signals end the process again, now if one is pending.
    fn release(self) {
        for (signal, is_pending) in self.0 {
            let _ = flag::register_conditional_default(signal, is_pending.clone());
            if is_pending.load(Ordering::Relaxed) {
                let _ = low_level::emulate_default_handler(signal);
            }
        }
    }
}
