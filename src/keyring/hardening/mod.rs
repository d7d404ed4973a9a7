//! The care for a process that holds a secret: it leaves no core dump, and other programs of the user cannot look in.

use std::io;

/// No core dumps from here on; on Linux moreover the process is not dumpable: no debugger of the same user attaches, and
/// its memory in `/proc` belongs to root. Call it before the first secret is in memory.
///
/// What it does not reach: swap, hibernation, root. Programs started from here are dumpable again, and may raise their
/// core limit again: only the soft one is lowered. On Windows there is nothing to do without unsafe code: dumps are
/// written only where error reporting is set up for them.
///
/// # Errors
/// What the system says: a container's filter can forbid it.
pub(crate) fn harden() -> io::Result<()> {
    #[cfg(unix)]
    no_core()?;
    #[cfg(target_os = "linux")]
    // the limit does not hold where cores go to a program (systemd-coredump, apport); this does
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(unix)]
fn no_core() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Core).maximum;
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum })?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
