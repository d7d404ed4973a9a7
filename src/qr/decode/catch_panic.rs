//! Catches panics of the decoding crates silently.
//!
//! A picture is hostile input, and both engines index it and assert on it. The panic hook would print the location, and perhaps
//! some of the picture's content, to the user's terminal. The first guarded call therefore wraps the installed hook in one
//! that prints nothing while its thread is guarded.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static QUIET_HOOK: Once = Once::new();

/// Returns the result of `work`, or `None` if it panicked.
pub(super) fn catch_panic<T>(work: impl FnOnce() -> T) -> Option<T> {
    QUIET_HOOK.call_once(install);
    GUARDED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    result.ok()
}

fn install() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !GUARDED.get() {
            usual(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catch_panic_returns_none_and_works_again() {
        assert_eq!(catch_panic(|| panic!("hidden")), None::<u8>);
        assert_eq!(catch_panic(|| 7), Some(7));
        assert!(!GUARDED.get());
    }
}
