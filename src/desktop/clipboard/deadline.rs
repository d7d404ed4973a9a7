//! How long a text stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::clock::Clock;

/// A wait is cut into such slices, so that one that began before the machine slept ends soon after it wakes
const SLICE: Duration = Duration::from_secs(1);

/// An end by the time of day, which runs on while the machine sleeps, or by steady time, which nobody sets back
#[derive(Debug)]
pub(super) struct Deadline {
    by_day: Option<u64>,
    steady: Instant,
    /// Somebody wants the process to end: it clears first
    cut_short: Arc<AtomicBool>,
}

impl Deadline {
    pub(super) fn for_seconds(seconds: u64) -> Self {
        Self {
            by_day: Clock::System.now().ok().and_then(|now| now.checked_add(seconds)),
            steady: Instant::now() + Duration::from_secs(seconds),
            cut_short: Arc::default(),
        }
    }

    /// From here on a signal that asks the process to end, as at a log-out, ends this instead.
    #[cfg(unix)]
    pub(super) fn end_at_signals(&self) {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            let _ = signal_hook::flag::register(signal, Arc::clone(&self.cut_short));
        }
    }

    /// Waits to the end.
    pub(super) fn sleep(&self) {
        while let Some(slice) = self.slice() {
            std::thread::sleep(slice);
        }
    }

    /// The next wait; none when the time has come
    pub(super) fn slice(&self) -> Option<Duration> {
        let is_over = self.cut_short.load(Ordering::Relaxed)
            || Clock::System.now().ok().zip(self.by_day).is_some_and(|(now, end)| now > end);
        let left = self.steady.saturating_duration_since(Instant::now());
        (!is_over && !left.is_zero()).then_some(left.min(SLICE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends() {
        assert_eq!(Deadline::for_seconds(0).slice(), None);
        let lasting = Deadline::for_seconds(30);
        assert_eq!(lasting.slice(), Some(SLICE));
        lasting.cut_short.store(true, Ordering::Relaxed);
        assert_eq!(lasting.slice(), None);
    }
}
