//! Waiting where somebody may watch, and may lose patience.

use crate::clock::Clock;
use crate::error::{CommandError, Result};
use crate::ui::terminal::InterruptibleSleep;
use crate::ui::{Ui, Verbosity};

/// Removes what stands in the line and goes back to its beginning
const CLEAR_LINE: &str = "\r\x1b[K";

impl Ui {
    /// Waits until the clock reaches `time`, in Unix seconds. On a terminal a line says, by `text`, how many are left,
    /// and is gone afterwards, whatever ended the wait.
    ///
    /// # Errors
    /// Those of the clock, and a signal that ends the process.
    pub(crate) fn wait_until(
        &mut self,
        clock: &mut Clock,
        time: u64,
        text: impl Fn(u64) -> String,
    ) -> Result<()> {
        if !self.stderr.is_terminal || self.verbosity == Verbosity::Quiet {
            return clock.wait_until(time, |_, length| {
                std::thread::sleep(length);
                Ok(())
            });
        }
        let mut pauses = InterruptibleSleep::start()?;
        let waited = clock.wait_until::<CommandError>(time, |left, length| {
            self.stderr(format_args!("{CLEAR_LINE}{}", text(left)));
            Ok(pauses.pause(length, || self.stderr(CLEAR_LINE))?)
        });
        self.stderr(CLEAR_LINE);
        waited.and(Ok(pauses.end()?))
    }
}
