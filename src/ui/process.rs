//! Settings of the whole process that keep its messages complete and free of secrets.

use std::panic;

use crate::ui::terminal::deferred_stderr;

/// Lets a write beyond the limit on file sizes fail as on a full disk; the signal would end the process without a message.
#[cfg(unix)]
pub(crate) fn fail_on_file_size_limit() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use rustix::process::{Resource, getrlimit};
    use signal_hook::consts::SIGXFSZ;

    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
}

#[cfg(not(unix))]
pub(crate) fn fail_on_file_size_limit() {}

/// Installs a panic hook that prints only the location: the message could contain a secret.
pub(crate) fn hide_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        deferred_stderr::write(&format!("error: a bug in mfa, at {place}\n"));
    }));
}
