//! The console of Windows, which restores itself and knows neither suspension nor the signals of unix

mod live;

use std::io::{self, Write};
use std::time::Duration;

use anstream::AutoStream;
use zeroize::Zeroizing;

use crate::ui::terminal::TerminalError;
pub(crate) use live::show_live;

/// Whether the console takes escape sequences for what they are: it has to be told to, and in its
/// legacy mode cannot
pub(crate) fn obeys_escapes() -> bool {
    crossterm::ansi_support::supports_ansi()
}

/// Asks for a line without showing it
pub(crate) fn hidden_line(prompt: &str) -> Result<Zeroizing<String>, TerminalError> {
    rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => TerminalError::Missing,
        io::ErrorKind::UnexpectedEof => TerminalError::EndOfInput,
        _ => TerminalError::Io(error),
    })
}

/// Asks for a line, shown
///
/// On the standard streams, which callers have found to be the console: they, unlike a file on `CONIN$`, speak Unicode.
pub(crate) fn line(prompt: &str) -> Result<String, TerminalError> {
    let mut console = io::stderr();
    console.write_all(prompt.as_bytes())?;
    console.flush()?;
    let mut line = String::new();
    match io::stdin().read_line(&mut line)? {
        0 => Err(TerminalError::EndOfInput),
        _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
    }
}

/// Shows `screen` on the alternate screen until Enter is pressed: a single key cannot be had without `unsafe`.
pub(crate) fn show_until_key(screen: &str, _columns: u16, _rows: u16) -> Result<(), TerminalError> {
    // turns on the console's understanding of escape sequences
    let mut console = AutoStream::always(io::stdout());
    write!(console, "\x1b[?1049h\x1b[H\x1b[2J{screen}")?;
    console.flush()?;
    let enter = io::stdin().read_line(&mut String::new());
    write!(console, "\x1b[0m\x1b[2J\x1b[?1049l")?;
    console.flush()?;
    enter?;
    Ok(())
}

/// Ctrl-C ends the process at once, and takes no line away
pub(crate) struct InterruptibleSleep;

impl InterruptibleSleep {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere signals have to be caught")]
    pub(crate) fn start() -> Result<Self, TerminalError> {
        Ok(Self)
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "elsewhere signals end it")]
    pub(crate) fn pause(
        &mut self,
        length: Duration,
        _before_stop: impl FnOnce(),
    ) -> Result<(), TerminalError> {
        std::thread::sleep(length);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "elsewhere a signal may have come")]
    pub(crate) fn end(self) -> Result<(), TerminalError> {
        Ok(())
    }
}

/// Windows has no signal to die by: Ctrl-C ends the process before anybody is asked.
pub(crate) fn die_by(_signal: i32) {}
