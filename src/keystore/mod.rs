//! The care for a process that holds the key of an encrypted vault.
#![expect(dead_code, reason = "wired up with the commands that follow")]

pub(crate) mod hardening;
