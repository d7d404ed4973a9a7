//! The time a picture may cost

use std::time::{Duration, Instant};

/// Ordinary pictures need a hundredth of it; it is for the hopeless and the hostile. The last try may run over,
/// on the largest pictures by more than a second.
const WORK: Duration = Duration::from_secs(3);

/// How long a search goes on for further codes after one was found
const LEISURE: Duration = Duration::from_millis(500);

#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    start: Instant,
}

impl Budget {
    pub(super) fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    pub(super) fn left(&self) -> Duration {
        WORK.saturating_sub(self.start.elapsed())
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left().is_zero()
    }

    pub(super) fn has_leisure(&self) -> bool {
        self.start.elapsed() < LEISURE
    }
}
