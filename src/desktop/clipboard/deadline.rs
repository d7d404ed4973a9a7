//! The time until a copied text is cleared.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::clock::Clock;

/// The longest single wait, so that a wait that began before the machine slept ends soon after it wakes
const SLICE: Duration = Duration::from_secs(1);

/// A deadline by the time of day, which runs on while the machine sleeps, and by steady time, which cannot be set back
#[derive(Debug)]
pub(super) struct Deadline {
    /// In Unix seconds; `None` if the clock failed
    wall_clock: Option<u64>,
    steady: Instant,
    /// Whether a signal asked the process to end, which clears the clipboard first
    is_interrupted: Arc<AtomicBool>,
}

impl Deadline {
    pub(super) fn for_seconds(seconds: u64) -> Self {
        Self {
            wall_clock: Clock::System.now().ok().and_then(|now| now.checked_add(seconds)),
            steady: Instant::now() + Duration::from_secs(seconds),
            is_interrupted: Arc::default(),
        }
    }

    /// Makes signals that end the process, such as at a log-out, end the wait instead.
    #[cfg(unix)]
    pub(super) fn end_at_signals(&self) {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            let _ = signal_hook::flag::register(signal, Arc::clone(&self.is_interrupted));
        }
    }

    /// Waits until the deadline.
    pub(super) fn sleep(&self) {
        while let Some(slice) = self.slice() {
            std::thread::sleep(slice);
        }
    }

    /// Returns the length of the next wait; `None` after the deadline.
    pub(super) fn slice(&self) -> Option<Duration> {
        let is_over = self.is_interrupted.load(Ordering::Relaxed)
            || Clock::System.now().ok().zip(self.wall_clock).is_some_and(|(now, end)| now > end);
        let left = self.steady.saturating_duration_since(Instant::now());
        (!is_over && !left.is_zero()).then_some(left.min(SLICE))
    }
}

/// A text in a clipboard
pub(super) trait HeldClipboard {
    /// Waits until the deadline, or until another program copies something. At the deadline clears the clipboard.
    ///
    /// The end of the process may be a part of clearing it, so the caller must exit then.
    fn hold(self: Box<Self>, deadline: &Deadline);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadline_ends_by_time_and_by_signal() {
        assert_eq!(Deadline::for_seconds(0).slice(), None);
        let deadline = Deadline::for_seconds(30);
        assert_eq!(deadline.slice(), Some(SLICE));
        deadline.is_interrupted.store(true, Ordering::Relaxed);
        assert_eq!(deadline.slice(), None);
    }
}
