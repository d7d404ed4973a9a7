//! The two streams of the process, and the messages on them.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

use crate::error::{CommandError, ExitCode, cause};
use crate::text::{sanitize_lines, sanitize_styled};
use crate::ui::terminal;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// The streams of the process, with the verbosity and the colours that the user chose
#[derive(Debug)]
pub(crate) struct Ui {
    verbosity: Verbosity,
    /// Why no prompt can appear, as part of a sentence; `None` if prompts can
    prompt_obstacle: Option<&'static str>,
    stdin_is_terminal: bool,
    stdout: Stream,
    stderr: Stream,
    /// The messages so far, if they are collected instead of written to stderr
    buffer: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    is_terminal: bool,
    has_colour: bool,
}

impl Stream {
    fn new(is_terminal: bool, choice: ColorChoice, detected: ColorChoice) -> Self {
        let has_colour = match choice {
            ColorChoice::Auto => detected != ColorChoice::Never,
            ColorChoice::Never => false,
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        };
        Self { is_terminal, has_colour: has_colour && (!is_terminal || terminal::supports_escapes()) }
    }
}

/// The amount of messages beside answers and errors
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

/// Why an answer could not be written to stdout
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// The process ends without a message
    #[error("the reader closed the pipe")]
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
    /// Creates the streams. Prompts can appear only if stdin and stderr are terminals and `no_input` is not set.
    pub(crate) fn new(colour: ColorChoice, verbosity: Verbosity, no_input: bool) -> Self {
        let stdout = io::stdout();
        let stderr = io::stderr();
        let stdin_is_terminal = io::stdin().is_terminal();
        Self {
            verbosity,
            stdin_is_terminal,
            prompt_obstacle: match (no_input, stdin_is_terminal, stderr.is_terminal()) {
                (true, _, _) => Some("prompts are turned off by --no-input or MFA_NO_INPUT"),
                (_, false, _) => Some("stdin is not a terminal"),
                (_, _, false) => Some("stderr is not a terminal"),
                _ => None,
            },
            stdout: Stream::new(stdout.is_terminal(), colour, anstream::AutoStream::choice(&stdout)),
            stderr: Stream::new(stderr.is_terminal(), colour, anstream::AutoStream::choice(&stderr)),
            buffer: None,
        }
    }

    /// Creates a `Ui` that never prompts and collects its messages, for use while a full-screen view is shown.
    pub(crate) fn buffered() -> Self {
        Self {
            buffer: Some(String::new()),
            prompt_obstacle: Some("a full-screen view is shown"),
            ..Self::new(ColorChoice::Never, Verbosity::Normal, true)
        }
    }

    /// Returns the messages collected since the last call.
    pub(crate) fn take_buffered(&mut self) -> String {
        self.buffer.as_mut().map(std::mem::take).unwrap_or_default()
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

    /// Returns whether the user can be prompted.
    pub(crate) fn can_prompt(&self) -> bool {
        self.prompt_obstacle.is_none()
    }

    /// Returns why the user cannot be prompted, as part of a sentence; `None` if a prompt is possible.
    pub(super) fn prompt_obstacle(&self) -> Option<&'static str> {
        self.prompt_obstacle
    }

    /// Returns whether a countdown is visible: stderr is a terminal, and `--quiet` is not set.
    pub(super) fn shows_countdown(&self) -> bool {
        self.stderr.is_terminal && self.verbosity != Verbosity::Quiet
    }

    /// Writes bytes to stdout and flushes it. A terminal gets them sanitised, but with their colours.
    ///
    /// # Errors
    /// Returns `ClosedPipe` if the reader closed the pipe, and `Failed` if the write fails in another way.
    pub(crate) fn stdout(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let mut stdout = io::stdout().lock();
        if self.stdout.is_terminal && !bytes.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
            stdout.write_all(sanitize_styled(&String::from_utf8_lossy(bytes)).as_bytes())?;
            return Ok(stdout.flush()?);
        }
        stdout.write_all(bytes)?;
        Ok(stdout.flush()?)
    }

    /// Writes a line to stdout and flushes it.
    ///
    /// # Errors
    /// Returns an error if the write fails.
    pub(crate) fn stdout_line(&mut self, text: &str) -> Result<(), OutputError> {
        self.stdout(format!("{text}\n").as_bytes())
    }

    /// Prints a remark on an answer to stderr if both streams are terminals.
    pub(crate) fn note(&mut self, text: impl fmt::Display) {
        if self.stdout.is_terminal && self.stderr.is_terminal {
            self.status(text);
        }
    }

    /// Prints a status line to stderr unless `--quiet` is set.
    pub(crate) fn status(&mut self, text: impl fmt::Display) {
        if self.verbosity != Verbosity::Quiet {
            self.stderr(&format!("{}\n", sanitize_lines(&text.to_string())));
        }
    }

    /// Prints a line to stderr if `--verbose` is set.
    pub(crate) fn verbose(&mut self, text: impl fmt::Display) {
        if self.verbosity == Verbosity::Verbose {
            self.status(text);
        }
    }

    /// Prints a warning to stderr unless `--quiet` is set.
    pub(crate) fn warn(&mut self, text: impl fmt::Display, hint: Option<&str>) {
        if self.verbosity != Verbosity::Quiet {
            self.print_labelled("warning", WARNING, text);
            self.print_hint(hint);
        }
    }

    /// Prints a warning to stderr, even if `--quiet` is set.
    pub(crate) fn warn_always(&mut self, text: impl fmt::Display, hint: &str) {
        self.print_labelled("warning", WARNING, text);
        self.print_hint(Some(hint));
    }

    /// Warns about an item that was skipped, and why, even if `--quiet` is set: the exit code does not name it.
    pub(crate) fn warn_skipped(&mut self, text: impl fmt::Display) {
        self.print_labelled("warning", WARNING, text);
    }

    /// Prints the error that ends a command.
    pub(crate) fn error(&mut self, text: impl fmt::Display, hint: Option<&str>) {
        self.print_labelled("error", ERROR, text);
        self.print_hint(hint);
    }

    /// Prints text that clap formatted: help to stdout, usage errors to stderr.
    ///
    /// # Errors
    /// Returns an error if help cannot be written to stdout.
    pub(crate) fn usage(
        &mut self,
        text: &clap::builder::StyledStr,
        is_error: bool,
    ) -> Result<(), OutputError> {
        let stream = if is_error { self.stderr } else { self.stdout };
        let text = if stream.has_colour { text.ansi().to_string() } else { text.to_string() };
        if is_error {
            self.stderr(&text);
            return Ok(());
        }
        self.stdout(text.as_bytes())
    }

    fn print_labelled(&mut self, label: &str, style: Style, text: impl fmt::Display) {
        let label = self.style_label(label, style);
        self.stderr(&format!("{label}: {}\n", sanitize_lines(&text.to_string())));
    }

    fn print_hint(&mut self, hint: Option<&str>) {
        if let Some(hint) = hint {
            let label = self.style_label("hint", HINT);
            self.stderr(&format!("  {label}: {}\n", sanitize_lines(hint)));
        }
    }

    fn style_label(&self, text: &str, style: Style) -> String {
        if self.stderr.has_colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Writes text to stderr or to the buffer. Ignores a failure: no stream is left to report it on.
    ///
    /// The caller has sanitised the foreign parts of the text.
    pub(super) fn stderr(&mut self, text: &str) {
        match &mut self.buffer {
            Some(buffer) => buffer.push_str(text),
            None => {
                let _ = io::stderr().lock().write_all(text.as_bytes());
            }
        }
    }
}

/// Prints a line to stderr, for callbacks that hold no [`Ui`], such as an age plugin that asks for a touch.
pub(crate) fn stderr(text: impl fmt::Display) {
    let text = sanitize_lines(&text.to_string());
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}

impl From<OutputError> for CommandError {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::ClosedPipe => Self::closed_pipe(error),
            OutputError::Failed(_) => Self::wrap(ExitCode::Failed, error),
        }
    }
}
