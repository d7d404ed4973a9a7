//! Accounts from outside the vault: a file, a URI, stdin, the clipboard, the screen.

use std::ffi::OsStr;
use std::path::Path;

use zeroize::Zeroizing;

use crate::error::{CommandError, Result};
use crate::formats::{self, Found};
use crate::otp::{Enrolment, SecretError};
use crate::session::Session;
use crate::source::Source;
use crate::text::is_secret_key;

/// The hint if a secret cannot be typed
const INSTEAD: &str = "name an image or a file with the secret key, or pipe it: mfa add NAME - < FILE";

/// The hint if a secret must not be an argument
pub(crate) const PIPE_HINT: &str = "pipe it to 'mfa add NAME -', or type it at the prompt of 'mfa add NAME'";

/// Returns the source that an argument names.
///
/// # Errors
/// The argument is a code or a bare secret key. The message does not repeat it.
pub(crate) fn parse_source(argument: &OsStr) -> Result<Source, CommandError> {
    if let Some(text) = argument.to_str() {
        if formats::is_payload(text) {
            return Ok(Source::Text(Zeroizing::new(text.to_owned())));
        }
        if formats::looks_like_code(text) && !Path::new(argument).exists() {
            return Err(CommandError::failed(SecretError::LooksLikeCode.to_string())
                .hint_if_any(SecretError::LooksLikeCode.hint()));
        }
        if is_secret_key(text) && !Path::new(argument).exists() {
            let message = "a secret key must not be an argument, which other users can see";
            return Err(CommandError::usage(message).hint(PIPE_HINT));
        }
    }
    Ok(file_or_stdin(argument))
}

/// Returns the source of a file argument; `-` is stdin.
pub(crate) fn file_or_stdin(argument: &OsStr) -> Source {
    if argument == "-" { Source::Stdin } else { Source::File(argument.into()) }
}

impl Session<'_> {
    /// Replaces stdin by a hidden prompt if it is a terminal: the user types a secret.
    pub(crate) fn prompt_if_terminal(&mut self, source: Source, question: &str) -> Result<Source> {
        if source == Source::Stdin && self.ui.stdin_is_terminal() {
            return Ok(Source::Typed(self.ui.ask_hidden(question, INSTEAD)?));
        }
        Ok(source)
    }

    /// Reads the accounts of a source. Warns about a URI that was an argument.
    pub(crate) fn read_source(&mut self, source: &Source) -> Result<Vec<Found>> {
        if let Source::Text(_) = source {
            self.ui.warn(
                "the URI is now in the shell's history, and was visible in the process list",
                Some("pipe it, with - as the source, or type it at the prompt of 'mfa add NAME'"),
            );
        }
        Ok(source.read()?)
    }

    /// Returns the index of the only account of a source, or of the one that the user picks.
    ///
    /// # Errors
    /// There are several, and the user cannot be prompted or does not pick one.
    pub(crate) fn pick_one(&mut self, found: &[Found], source: &Source, hint: &str) -> Result<usize> {
        if found.len() == 1 {
            return Ok(0);
        }
        let labels: Vec<String> = found.iter().map(|found| label(&found.enrolment)).collect();
        let message = format!("{} accounts in {}", found.len(), source.name());
        if self.ui.can_prompt() {
            self.ui.status(&message);
            if let Some(index) = self.ui.choose(&labels)? {
                return Ok(index);
            }
        }
        let numbered: Vec<String> =
            (1..).zip(&labels).map(|(number, label)| format!("{number} {label}")).collect();
        Err(CommandError::usage(format!("{message}: {}", numbered.join(", "))).hint(hint))
    }

    /// Prints the warnings about an account that was read, and returns the account.
    pub(crate) fn report_warnings(&mut self, found: Found) -> Enrolment {
        if let Some(attempt) = found.attempt {
            self.ui.verbose(format_args!("the QR code was read with the strategy '{attempt}'"));
        }
        for warning in &found.warnings {
            self.ui.warn(warning, None);
        }
        found.enrolment
    }
}

fn label(enrolment: &Enrolment) -> String {
    let parts = [enrolment.label.issuer.as_str(), &enrolment.label.account_name];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":")
}
