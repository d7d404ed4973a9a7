//! The signals that a prompt or a view has to survive until it has restored the terminal.
//!
//! A handler cannot be removed without `unsafe`. So each signal gets, from its first use on, an action that does what the default
//! would do, except while a [`Signals`] exists. Code that handles these signals in another way must hold a `Signals` too, or this
//! action ends the process first.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rustix::process::{Resource, Rlimit, getpgrp, getsid, setrlimit};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::flag::register_conditional_default;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;
use signal_hook::low_level::emulate_default_handler;

const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// Whether the default actions apply, because no `Signals` exists
static DEFAULTS_APPLY: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The arrival of a signal
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignalEvent {
    /// The process has to end: the caller restores the terminal, then calls `die_by`
    End(i32),
    /// Ctrl-Z: the caller restores the terminal, then calls `suspend`
    Suspend,
    /// The process was stopped and continues
    Resumed,
    /// The size of the terminal changed
    Resized,
}

/// A guard that turns signals into events and disables their default actions until it is dropped
pub(super) struct Signals {
    delivery: SignalDelivery<UnixStream, SignalOnly>,
    defaults_apply: &'static AtomicBool,
    applied_before: bool,
}

impl Signals {
    pub(super) fn catch() -> io::Result<Self> {
        let defaults_apply = register_defaults()?;
        let (read, write) = UnixStream::pair()?;
        let signals = handled_signals().chain([SIGCONT, SIGWINCH]);
        let delivery = SignalDelivery::with_pipe(read, write, SignalOnly, signals)?;
        let applied_before = defaults_apply.swap(false, Ordering::SeqCst);
        Ok(Self { delivery, defaults_apply, applied_before })
    }

    /// Returns the most urgent event since the last call.
    pub(super) fn next(&mut self) -> Option<SignalEvent> {
        let pending: Vec<i32> = self.delivery.pending().collect();
        if let Some(&signal) = pending.iter().find(|signal| ENDING.contains(signal)) {
            return Some(SignalEvent::End(signal));
        }
        // SIGCONT before SIGTSTP: the process already continues after that stop.
        [(SIGCONT, SignalEvent::Resumed), (SIGTSTP, SignalEvent::Suspend), (SIGWINCH, SignalEvent::Resized)]
            .into_iter()
            .find_map(|(signal, event)| pending.contains(&signal).then_some(event))
    }

    /// Restores the default actions. Returns a signal that ends the process if it arrived after the last call of `next`.
    pub(super) fn release(mut self) -> Option<i32> {
        self.defaults_apply.store(self.applied_before, Ordering::SeqCst);
        match self.next() {
            Some(SignalEvent::End(signal)) => Some(signal),
            _ => None,
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.defaults_apply.store(self.applied_before, Ordering::SeqCst);
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.delivery.get_read().as_fd()
    }
}

/// Stops this process. Returns when it continues.
pub(super) fn suspend() -> io::Result<()> {
    emulate_default_handler(SIGTSTP)
}

/// Ends this process by `signal`, so that the shell sees the cause and stops a script too. Returns only if the system refuses.
///
/// Writes no core file, because it would contain secrets.
pub(crate) fn die_by(signal: i32) {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = emulate_default_handler(signal);
}

fn handled_signals() -> impl Iterator<Item = i32> {
    ENDING.into_iter().chain(can_be_resumed().then_some(SIGTSTP))
}

/// Returns whether a shell could continue this process after a stop.
///
/// In the group of the session's leader (`ssh -t host mfa`, `docker run`) no shell can. The kernel ignores Ctrl-Z there, and so does
/// mfa, because it would hang.
fn can_be_resumed() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Registers the default actions once, and returns the flag that enables them.
fn register_defaults() -> io::Result<&'static AtomicBool> {
    if DEFAULTS_APPLY.get().is_none() {
        let defaults_apply = Arc::new(AtomicBool::new(true));
        for signal in handled_signals() {
            register_conditional_default(signal, Arc::clone(&defaults_apply))?;
        }
        let _ = DEFAULTS_APPLY.set(defaults_apply);
    }
    Ok(DEFAULTS_APPLY.get().expect("it is set above"))
}
