//! A limit for calls that may hang: a key store is another program, and may be waiting for the user.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::keyring::store::StoreError;

/// Without a prompt: reaching the service, which the bus may have to start first
pub(super) const REACHING: Duration = Duration::from_secs(10);
/// With the service's own prompt on the screen: time enough to find and type a passphrase
pub(super) const ANSWERING: Duration = Duration::from_secs(60);

/// The answer of a call, or `Silent`. A call that hangs is left behind in its thread, which ends with the program.
pub(super) fn run_with_timeout<T: Send + 'static>(
    limit: Duration,
    call: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (sender, receiver) = channel();
    let run = move || {
        // nobody listens any more where the limit has passed
        let _ = sender.send(call());
    };
    thread::Builder::new().name("key store".to_owned()).spawn(run).map_err(|error| failed(&error))?;
    match receiver.recv_timeout(limit) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(StoreError::Timeout(limit.as_secs())),
        Err(RecvTimeoutError::Disconnected) => Err(StoreError::Failed("its library panicked".to_owned())),
    }
}

fn failed(error: &std::io::Error) -> StoreError {
    StoreError::Failed(crate::error::cause(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_hangs_is_given_up() {
        let (_open, never) = channel::<()>();
        let hang = move || never.recv().map_err(|_| StoreError::Refused);
        assert_eq!(run_with_timeout(Duration::ZERO, hang), Err(StoreError::Timeout(0)));
    }

    #[test]
    fn an_answer_comes_through() {
        assert_eq!(run_with_timeout(REACHING, || Ok(7)), Ok(7));
        assert_eq!(run_with_timeout::<()>(REACHING, || Err(StoreError::Refused)), Err(StoreError::Refused));
    }
}
