//! AWS: the configuration files that name MFA devices.

pub(crate) mod config;
