//! Messages that wait until the alternate screen is left, where they would not be readable.

use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The deferred messages; `None` while no alternate screen is shown
static DEFERRED: Mutex<Option<String>> = Mutex::new(None);

/// Writes to stderr, now or when the alternate screen is left. Ignores a failure: no stream is left to report it on.
pub(crate) fn write(text: &str) {
    match lock().as_mut() {
        Some(deferred) => deferred.push_str(text),
        None => write_now(text),
    }
}

/// A guard that defers messages until it is dropped
pub(super) struct DeferredStderr(());

impl DeferredStderr {
    pub(super) fn new() -> Self {
        lock().get_or_insert_default();
        Self(())
    }
}

impl Drop for DeferredStderr {
    fn drop(&mut self) {
        let deferred = lock().take();
        write_now(&deferred.unwrap_or_default());
    }
}

fn lock() -> MutexGuard<'static, Option<String>> {
    // The messages of a panic are deferred too.
    DEFERRED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_now(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
