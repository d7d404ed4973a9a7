//! Runs blocking work with a timeout.

use std::sync::mpsc::channel;
use std::time::Duration;

/// Runs `work` in a thread, and returns its result if it ends in time.
///
/// Work that takes longer continues in its thread until the process ends, and its result is dropped. Returns `None` as well if
/// the system gives no thread.
pub(crate) fn run_with_timeout<T: Send + 'static>(
    timeout: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = channel();
    std::thread::Builder::new().spawn(move || sender.send(work()).is_ok()).ok()?;
    receiver.recv_timeout(timeout).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_with_timeout_returns_only_results_in_time() {
        assert_eq!(run_with_timeout(Duration::from_secs(60), || 5), Some(5));
        assert_eq!(run_with_timeout(Duration::ZERO, || std::thread::sleep(Duration::from_secs(60))), None);
    }
}
