//! The AWS side: configuration files that name MFA devices.

pub(crate) mod config;
