//! The time a picture may cost

use std::time::{Duration, Instant};

/// Ordinary pictures need a hundredth of it; it is for the hopeless and the hostile. The last try may run over,
/// on the largest pictures by about a second.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(4);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    start: Instant,
    patience: Duration,
}

impl Budget {
    pub(crate) fn start(patience: Duration) -> Self {
        Self { start: Instant::now(), patience }
    }

    pub(crate) fn left(&self) -> Duration {
        self.patience.saturating_sub(self.start.elapsed())
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.left().is_zero()
    }

    /// Whether to go on looking for further codes after one was found: for the first eighth
    pub(crate) fn may_search_further(&self) -> bool {
        self.start.elapsed() < self.patience / 8
    }
}
