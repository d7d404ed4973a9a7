//! Work that depends on others, who may never answer.

use std::sync::mpsc::channel;
use std::time::Duration;

/// What came of the work, if it came in time. Work that does not end is left behind, and ends with the process; what comes
/// of it later is dropped. Where the system gives no thread, nothing comes.
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
    fn what_comes_in_time_is_given_and_nothing_is_waited_for_that_does_not() {
        assert_eq!(run_with_timeout(Duration::from_secs(60), || 5), Some(5));
        assert_eq!(run_with_timeout(Duration::ZERO, || std::thread::sleep(Duration::from_secs(60))), None);
    }
}
