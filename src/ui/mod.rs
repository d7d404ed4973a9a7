//! The only place that prints, prompts or draws.
//!
//! stdout holds the answer and nothing else; everything said to a person goes to stderr.

mod countdown;
pub(crate) mod live;
mod prompt;
mod qr_screen;
mod table;
pub(crate) mod terminal;

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

use crate::error::{CommandError, ExitCode, cause};

pub(crate) use qr_screen::on_terminal;
pub(crate) use table::{Column, Table};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// The streams of the process and what the user wants to see on them
#[derive(Debug)]
pub(crate) struct Ui {
    verbosity: Verbosity,
    prompts: bool,
    stdin_is_terminal: bool,
    stdout: Stream,
    stderr: Stream,
    /// Where nothing is to be written to stderr: what would have been
    withheld: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    is_terminal: bool,
    has_colour: bool,
}

impl Stream {
    fn new(is_terminal: bool, wanted: ColorChoice, detected: ColorChoice) -> Self {
        let has_colour = match wanted {
            ColorChoice::Auto => detected != ColorChoice::Never,
            ColorChoice::Never => false,
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        };
        Self { is_terminal, has_colour: has_colour && (!is_terminal || terminal::obeys_escapes()) }
    }
}

/// How much is said beside answers and errors
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

/// stdout did not take the answer
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// The reader has gone: there is nobody left to tell
    #[error("the reader has closed the pipe")]
    ClosedPipe,
    #[error("could not write to stdout: {}", cause(.0))]
    Failed(io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::ClosedPipe } else { Self::Failed(error) }
    }
}

impl Ui {
    /// Prompts appear only where stdin and stderr are terminals and nobody has forbidden them.
    pub(crate) fn new(colour: ColorChoice, verbosity: Verbosity, no_input: bool) -> Self {
        let stdout = io::stdout();
        let stderr = io::stderr();
        let stdin_is_terminal = io::stdin().is_terminal();
        Self {
            verbosity,
            stdin_is_terminal,
            prompts: !no_input && stdin_is_terminal && stderr.is_terminal(),
            stdout: Stream::new(stdout.is_terminal(), colour, anstream::AutoStream::choice(&stdout)),
            stderr: Stream::new(stderr.is_terminal(), colour, anstream::AutoStream::choice(&stderr)),
            withheld: None,
        }
    }

    /// For as long as the whole screen shows something else: asks nobody, and keeps what it would have said
    pub(crate) fn buffered() -> Self {
        Self { withheld: Some(String::new()), ..Self::new(ColorChoice::Never, Verbosity::Normal, true) }
    }

    /// What was said since the last call
    pub(crate) fn take_buffered(&mut self) -> String {
        self.withheld.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn stdout_is_terminal(&self) -> bool {
        self.stdout.is_terminal
    }

    pub(crate) fn stdout_has_colour(&self) -> bool {
        self.stdout.has_colour
    }

    pub(crate) fn stdin_is_terminal(&self) -> bool {
        self.stdin_is_terminal
    }

    /// Whether somebody is there who can be asked
    pub(crate) fn can_prompt(&self) -> bool {
        self.prompts
    }

    /// Writes to stdout, at once.
    ///
    /// # Errors
    /// Everything that keeps the bytes from being delivered.
    #[expect(clippy::unused_self, reason = "whoever writes must hold the streams")]
    pub(crate) fn stdout(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        Ok(stdout.flush()?)
    }

    /// Writes one line to stdout, at once.
    ///
    /// # Errors
    /// Everything that keeps it from being delivered.
    pub(crate) fn stdout_line(&mut self, text: &str) -> Result<(), OutputError> {
        self.stdout(format!("{text}\n").as_bytes())
    }

    /// Remarks beside an answer: only where a person sees both streams
    pub(crate) fn note(&mut self, text: impl fmt::Display) {
        if self.stdout.is_terminal && self.stderr.is_terminal {
            self.status(text);
        }
    }

    /// What was done, for a person
    pub(crate) fn status(&mut self, text: impl fmt::Display) {
        if self.verbosity != Verbosity::Quiet {
            self.stderr(format_args!("{text}\n"));
        }
    }

    /// How it was done, for a person who has asked to be told
    pub(crate) fn verbose(&mut self, text: impl fmt::Display) {
        if self.verbosity == Verbosity::Verbose {
            self.status(text);
        }
    }

    /// Something the user should know, and what to do about it
    pub(crate) fn warn(&mut self, text: impl fmt::Display, hint: Option<&str>) {
        if self.verbosity != Verbosity::Quiet {
            self.labelled("warning", WARNING, text);
            self.hint(hint);
        }
    }

    /// Something that nobody may overlook: appears always
    pub(crate) fn warn_always(&mut self, text: impl fmt::Display, hint: &str) {
        self.labelled("warning", WARNING, text);
        self.hint(Some(hint));
    }

    /// What was left out of what was asked for, and why; appears always, since the exit code says no more
    pub(crate) fn warn_skipped(&mut self, text: impl fmt::Display) {
        self.labelled("warning", WARNING, text);
    }

    /// Why it could not be done; appears always
    pub(crate) fn error(&mut self, text: impl fmt::Display, hint: Option<&str>) {
        self.labelled("error", ERROR, text);
        self.hint(hint);
    }

    /// Text that clap has laid out: help to stdout, usage errors to stderr.
    ///
    /// # Errors
    /// Help that could not be delivered.
    pub(crate) fn usage(
        &mut self,
        text: &clap::builder::StyledStr,
        is_error: bool,
    ) -> Result<(), OutputError> {
        let stream = if is_error { self.stderr } else { self.stdout };
        let text = if stream.has_colour { text.ansi().to_string() } else { text.to_string() };
        if is_error {
            self.stderr(text);
            return Ok(());
        }
        self.stdout(text.as_bytes())
    }

    fn labelled(&mut self, label: &str, style: Style, text: impl fmt::Display) {
        let label = self.styled(label, style);
        self.stderr(format_args!("{label}: {text}\n"));
    }

    fn hint(&mut self, hint: Option<&str>) {
        if let Some(hint) = hint {
            let label = self.styled("hint", HINT);
            self.stderr(format_args!("  {label}: {hint}\n"));
        }
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.stderr.has_colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Nobody can be told that stderr is gone
    fn stderr(&mut self, text: impl fmt::Display) {
        match &mut self.withheld {
            Some(withheld) => withheld.push_str(&text.to_string()),
            None => {
                let _ = io::stderr().lock().write_all(text.to_string().as_bytes());
            }
        }
    }
}

/// A line for a person, from where nobody holds the streams: a key that asks to be touched
pub(crate) fn stderr(text: impl fmt::Display) {
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}

/// Over the limit on file sizes a write shall fail as on a full disk; the signal would end the process without a word
#[cfg(unix)]
pub(crate) fn fail_on_file_size_limit() {
    use rustix::process::{Resource, getrlimit};
    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, seen);
}

#[cfg(not(unix))]
pub(crate) fn fail_on_file_size_limit() {}

/// A panic is a bug of ours; its message may hold what nobody should see, so only its place is told
pub(crate) fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        terminal::deferred_stderr::say(&format!("error: a bug in mfa, at {place}\n"));
    }));
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::ClosedPipe => Self::closed_pipe(error),
            OutputError::Failed(_) => Self::wrap(ExitCode::Failed, error),
        }
    }
}
