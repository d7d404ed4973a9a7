//! Panics of other people's decoders end here, silently
//!
//! A picture is hostile input, and both engines index and assert their way through it. The panic hook would
//! print the place, and perhaps part of the picture's content, onto the user's terminal; so the first guarded
//! call wraps the hook that is installed by then in one that keeps quiet while this thread is guarded.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static QUIET_HOOK: Once = Once::new();

/// The work's result, or nothing if it panicked
pub(crate) fn catch_panic<T>(work: impl FnOnce() -> T) -> Option<T> {
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
    fn a_panic_becomes_nothing_and_the_next_call_works() {
        assert_eq!(catch_panic(|| panic!("not to be seen")), None::<u8>);
        assert_eq!(catch_panic(|| 7), Some(7));
        assert!(!GUARDED.get());
    }
}
