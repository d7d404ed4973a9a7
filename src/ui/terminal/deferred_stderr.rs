//! What is said while the alternate screen is shown, and can be read only once it has been left

use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// None: no alternate screen is shown
static HELD: Mutex<Option<String>> = Mutex::new(None);

/// Writes to stderr, now or as soon as it can be read; nobody can be told that stderr is gone
pub(crate) fn say(text: &str) {
    match held().as_mut() {
        Some(held) => held.push_str(text),
        None => write(text),
    }
}

/// As long as it lives, what is said is held back.
pub(super) struct DeferredStderr(());

impl DeferredStderr {
    pub(super) fn new() -> Self {
        held().get_or_insert_default();
        Self(())
    }
}

impl Drop for DeferredStderr {
    fn drop(&mut self) {
        let said = held().take();
        write(&said.unwrap_or_default());
    }
}

fn held() -> MutexGuard<'static, Option<String>> {
    // a panic is what this is for
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
