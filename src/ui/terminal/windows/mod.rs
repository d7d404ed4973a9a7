//! The console of Windows, which restores its modes itself and has neither suspension nor the signals of Unix.

mod live;

use std::io::{self, Write};
use std::time::Duration;

use anstream::AutoStream;
use zeroize::Zeroizing;

use crate::text::sanitize_lines;
use crate::ui::terminal::TerminalError;
pub(crate) use live::show_live;

/// Turns on escape sequences. Returns whether the console supports them; in its legacy mode it does not.
pub(crate) fn supports_escapes() -> bool {
    crossterm::ansi_support::supports_ansi()
}

/// Prompts for a line without echo.
pub(crate) fn read_hidden_line(prompt: &str) -> Result<Zeroizing<String>, TerminalError> {
    rpassword::prompt_password(sanitize_lines(prompt)).map(Zeroizing::new).map_err(|error| {
        match error.kind() {
            io::ErrorKind::NotFound => TerminalError::Missing,
            io::ErrorKind::UnexpectedEof => TerminalError::EndOfInput,
            _ => TerminalError::Io(error),
        }
    })
}

/// Prompts for a line with echo.
///
/// Uses the standard streams, which the caller has checked to be the console: unlike a file on `CONIN$` they support Unicode.
pub(crate) fn read_line(prompt: &str) -> Result<String, TerminalError> {
    let mut console = io::stderr();
    console.write_all(sanitize_lines(prompt).as_bytes())?;
    console.flush()?;
    let mut line = String::new();
    match io::stdin().read_line(&mut line)? {
        0 => Err(TerminalError::EndOfInput),
        _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

/// Shows `screen` on the alternate screen until Enter is pressed: reading a single key takes `unsafe`.
pub(crate) fn show_until_key(screen: &str, _columns: u16, _rows: u16) -> Result<(), TerminalError> {
    // It turns on escape sequences.
    let mut console = AutoStream::always(io::stdout());
    write!(console, "\x1b[?1049h\x1b[H\x1b[2J{screen}")?;
    console.flush()?;
    let enter = io::stdin().read_line(&mut String::new());
    write!(console, "\x1b[0m\x1b[2J\x1b[?1049l")?;
    console.flush()?;
    enter?;
    Ok(())
}

/// A plain sleep: Ctrl-C ends the process at once, without erasing the line
pub(crate) struct InterruptibleSleep;

impl InterruptibleSleep {
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail to catch signals")]
    pub(crate) fn start() -> Result<Self, TerminalError> {
        Ok(Self)
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "on Unix signals end it")]
    pub(crate) fn pause(
        &mut self,
        length: Duration,
        _before_stop: impl FnOnce(),
    ) -> Result<(), TerminalError> {
        std::thread::sleep(length);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "on Unix a signal may have arrived")]
    pub(crate) fn end(self) -> Result<(), TerminalError> {
        Ok(())
    }
}

/// Does nothing: on Windows Ctrl-C ends the process before a prompt can return.
pub(crate) fn die_by(_signal: i32) {}
