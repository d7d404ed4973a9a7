//! Waiting with a countdown on stderr.

use std::thread;

use crate::clock::Clock;
use crate::error::{CommandError, Result};
use crate::text::sanitize;
use crate::ui::Ui;
use crate::ui::terminal::InterruptibleSleep;

/// Moves to the beginning of the line and erases it
const CLEAR_LINE: &str = "\r\x1b[K";

impl Ui {
    /// Waits until the clock reaches `time`, in Unix seconds. Shows a countdown on a terminal.
    ///
    /// `text` makes the countdown's line from the seconds that are left. The line is erased when the wait ends, also by a signal.
    ///
    /// # Errors
    /// Returns an error if the clock fails, or if a signal ends the process.
    pub(crate) fn wait_until(
        &mut self,
        clock: &mut Clock,
        time: u64,
        text: impl Fn(u64) -> String,
    ) -> Result<()> {
        if !self.shows_countdown() {
            return clock.wait_until(time, |_, length| {
                thread::sleep(length);
                Ok(())
            });
        }
        let mut pauses = InterruptibleSleep::start()?;
        let waited = clock.wait_until::<CommandError>(time, |left, length| {
            self.stderr(&format!("{CLEAR_LINE}{}", sanitize(&text(left))));
            Ok(pauses.pause(length, || self.stderr(CLEAR_LINE))?)
        });
        self.stderr(CLEAR_LINE);
        waited.and(Ok(pauses.end()?))
    }
}
