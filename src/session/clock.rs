//! The time that a command computes for.

use crate::clock::{Clock, ClockError};
use crate::error::{CommandError, Result};
use crate::platform::env;
use crate::session::Session;

impl Session<'_> {
    /// Returns the clock: fixed at `--at` or `MFA_AT`, otherwise the system clock.
    pub(crate) fn clock(at: Option<&str>) -> Result<Clock, CommandError> {
        if let Some(at) = at {
            return Clock::at(at).map_err(|error| usage(&error, "--at"));
        }
        match env::var(env::AT)? {
            Some(at) => Clock::at(&at).map_err(|error| usage(&error, env::AT)),
            None => Ok(Clock::System),
        }
    }

    /// Warns if the clock shows a time before this release: its codes are wrong.
    pub(crate) fn warn_about_clock(&mut self, clock: Clock) {
        if let Some(day) = clock.date_before_release() {
            self.ui.warn(
                format_args!("this machine's clock shows {day}, before this version of mfa was released"),
                Some("set the clock: mfa computes the codes for the time that it shows"),
            );
        }
    }
}

fn usage(error: &ClockError, origin: &str) -> CommandError {
    CommandError::usage(format!("{origin}: {error}"))
}
