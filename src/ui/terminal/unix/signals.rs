//! The signals that a question must outlive for as long as it takes to put the terminal right
//!
//! A signal that was once caught stays caught: the handler cannot be taken away without `unsafe`. So each of them has, from its first
//! use on, an action that does what the default would do, and that rests only while a `Signals` lives. Code that catches these
//! signals in another way must hold a `Signals` too, or this action ends the process under its feet.

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

/// Whether nobody holds a `Signals`, so that the defaults apply
static UNHELD: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// What arrived
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caught {
    /// A signal that ends the process: put things right, then `die_by`
    End(i32),
    /// Ctrl-Z: put things right, then `suspend`
    Suspend,
    /// The process had been stopped and goes on.
    Resumed,
    /// The terminal has another size.
    Resized,
}

/// As long as it lives, signals are told and do nothing else.
pub(crate) struct Signals {
    delivery: SignalDelivery<UnixStream, SignalOnly>,
    unheld: &'static AtomicBool,
    unheld_before: bool,
}

impl Signals {
    pub(crate) fn catch() -> io::Result<Self> {
        let unheld = defaults()?;
        let (read, write) = UnixStream::pair()?;
        let signals = caught().chain([SIGCONT, SIGWINCH]);
        let delivery = SignalDelivery::with_pipe(read, write, SignalOnly, signals)?;
        let unheld_before = unheld.swap(false, Ordering::SeqCst);
        Ok(Self { delivery, unheld, unheld_before })
    }

    /// What arrived since the last call, the most pressing of it
    pub(crate) fn next(&mut self) -> Option<Caught> {
        let pending: Vec<i32> = self.delivery.pending().collect();
        if let Some(&signal) = pending.iter().find(|signal| ENDING.contains(signal)) {
            return Some(Caught::End(signal));
        }
        // SIGCONT before SIGTSTP: a stop that was already taken back
        [(SIGCONT, Caught::Resumed), (SIGTSTP, Caught::Suspend), (SIGWINCH, Caught::Resized)]
            .into_iter()
            .find_map(|(signal, caught)| pending.contains(&signal).then_some(caught))
    }

    /// Gives the signals back to their defaults; the one that ends the process, if it came too late for `next`
    pub(crate) fn release(mut self) -> Option<i32> {
        self.unheld.store(self.unheld_before, Ordering::SeqCst);
        match self.next() {
            Some(Caught::End(signal)) => Some(signal),
            _ => None,
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.unheld.store(self.unheld_before, Ordering::SeqCst);
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.delivery.get_read().as_fd()
    }
}

/// Stops this process; returns when it goes on.
pub(crate) fn suspend() -> io::Result<()> {
    emulate_default_handler(SIGTSTP)
}

/// Ends this process by `signal`, so that a shell sees what happened and a script stops as well; no core file is written, since it
/// would hold secrets. Returns only if the system refuses.
pub(crate) fn die_by(signal: i32) {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = emulate_default_handler(signal);
}

fn caught() -> impl Iterator<Item = i32> {
    ENDING.into_iter().chain(can_be_resumed().then_some(SIGTSTP))
}

/// Whether a shell could continue this process. The group of a session's leader (`ssh -t host mfa`, `docker run`) has none, wherefore
/// the kernel ignores Ctrl-Z there, and so do we: to stop it would be to hang.
fn can_be_resumed() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

fn defaults() -> io::Result<&'static AtomicBool> {
    if UNHELD.get().is_none() {
        let unheld = Arc::new(AtomicBool::new(true));
        for signal in caught() {
            register_conditional_default(signal, Arc::clone(&unheld))?;
        }
        let _ = UNHELD.set(unheld);
    }
    Ok(UNHELD.get().expect("it has just been set"))
}
