//! Hardening of a process that holds secrets: no core dumps, and no debugger of the same user.

use std::io;

/// Disables core dumps and, on Linux, access by debuggers. Call it before the first secret is in memory.
///
/// On Linux the process becomes undumpable: no debugger of the same user can attach, and its memory in `/proc` belongs
/// to root. It does not protect against root, swap and hibernation. Child processes are dumpable again, and can raise
/// their core limit, because only the soft limit is lowered. On Windows it does nothing, because that would need unsafe
/// code; Windows writes dumps only if error reporting is set up for them.
///
/// # Errors
/// Errors of the system calls: a container's filter can forbid them.
pub(crate) fn harden() -> io::Result<()> {
    #[cfg(unix)]
    disable_core_dumps()?;
    #[cfg(target_os = "linux")]
    // The limit does not apply if cores go to a program (systemd-coredump, apport); this does.
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(unix)]
fn disable_core_dumps() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let maximum = getrlimit(Resource::Core).maximum;
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum })?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
