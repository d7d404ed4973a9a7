//! The time that one picture may take.

use std::time::{Duration, Instant};

/// The time for one picture after loading. Ordinary pictures need a hundredth of it; it bounds hopeless and hostile ones. The
/// last strategy may exceed it, on the largest pictures by about a second.
pub(super) const DECODE_TIMEOUT: Duration = Duration::from_secs(4);

/// The time left for a picture
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    start: Instant,
    timeout: Duration,
}

impl Budget {
    pub(super) fn start(timeout: Duration) -> Self {
        Self { start: Instant::now(), timeout }
    }

    pub(super) fn left(&self) -> Duration {
        self.timeout.saturating_sub(self.start.elapsed())
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left().is_zero()
    }

    /// Returns whether the search for further codes may continue after one was found: during the first eighth of the time.
    pub(super) fn may_search_further(&self) -> bool {
        self.start.elapsed() < self.timeout / 8
    }
}
