//! The operating system: files, processes, timeouts, environment variables.

pub(crate) mod atomic_file;
pub(crate) mod env;
pub(crate) mod subprocess;
pub(crate) mod timeout;
