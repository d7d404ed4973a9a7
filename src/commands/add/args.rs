//! What the arguments of `add` mean: a name, a source, or both.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use zeroize::Zeroizing;

use crate::commands::add::Add;
use crate::error::{CommandError, Result};
use crate::formats::{self, Found};
use crate::otp::{Name, NameError, SecretError};
use crate::session::Session;
use crate::source::Source;
use crate::text;

/// Endings that no account has, so that a mistyped picture is not taken for a name
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "bmp"];

/// What a user without a terminal can do instead of typing a secret
const INSTEAD: &str = "name an image or a file with the secret key, or pipe it: mfa add NAME - < FILE";

const BETTER_THAN_ARGUMENTS: &str = "pipe it to 'mfa add NAME -', or type it at the prompt of 'mfa add NAME'";

/// The name an account is to have, if the user has said it, and where it comes from
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) name: Option<Name>,
    pub(super) source: Source,
}

impl Add {
    /// What the arguments mean; where they name no source and somebody is there, they are asked
    pub(super) fn origin(&self, session: &mut Session<'_>) -> Result<Origin> {
        let uri = self.uri.as_deref().map(uri_or_stdin).transpose()?;
        let desktop = self.desktop();
        let explicit = self.qr.as_deref().map(file_or_stdin).or(uri).or(desktop);
        let (name, source) = match (&self.name, &self.source) {
            (Some(_), Some(_)) if self.all => {
                return Err(
                    CommandError::usage("several accounts cannot have one name").hint("mfa add --all SOURCE")
                );
            }
            (Some(only), None) if self.all && explicit.is_none() => (None, Some(source_of(only)?)),
            (Some(name), Some(source)) => (Some(name), Some(two_arguments(name, source)?)),
            (Some(only), None) if explicit.is_none() && is_source(only) => (None, Some(source_of(only)?)),
            (name, _) => (name.as_ref(), explicit),
        };
        let name = name.map(self::name).transpose()?;
        let question = match &name {
            Some(name) => format!("secret key or otpauth URI of '{name}'"),
            None => "secret key or otpauth URI".to_owned(),
        };
        let source = asked_where_interactive(source.unwrap_or(Source::Stdin), &question, session)?;
        Ok(Origin { name, source })
    }

    fn desktop(&self) -> Option<Source> {
        let clipboard = self.clipboard.then_some(Source::Clipboard);
        clipboard.or_else(|| self.screen.then_some(Source::Screen))
    }
}

/// A terminal is not read like a file: what is typed there is a secret, and nobody should see it
pub(super) fn asked_where_interactive(
    source: Source,
    question: &str,
    session: &mut Session<'_>,
) -> Result<Source> {
    if source == Source::Stdin && session.ui.stdin_is_terminal() {
        return Ok(Source::Typed(session.ui.ask_hidden(question, INSTEAD)?));
    }
    Ok(source)
}

/// The accounts of a source
pub(super) fn read(source: &Source, session: &mut Session<'_>) -> Result<Vec<Found>> {
    if let Source::Text(_) = source {
        session.ui.warn(
            "the URI stands in the shell's history now, and stood in the list of processes",
            Some("next time pipe it, with - as the source; 'mfa add NAME' asks for it unseen"),
        );
    }
    Ok(source.read()?)
}

fn two_arguments(name: &OsStr, source: &OsStr) -> Result<Source, CommandError> {
    let swapped = Path::new(name).is_file() && !is_source(source);
    if swapped {
        let (name, source) = (text::shown_path(Path::new(name)), text::shown_path(Path::new(source)));
        return Err(CommandError::usage("the name comes first, then the source")
            .hint(format!("mfa add {source} {name}")));
    }
    source_of(source)
}

/// Whether an argument that stands alone is a source and no name
fn is_source(argument: &OsStr) -> bool {
    let path = Path::new(argument);
    let text = argument.to_string_lossy();
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    text == "-"
        || formats::is_payload(&text)
        || text::is_secret_key(&text)
        || text.contains(std::path::is_separator)
        || ending.is_some_and(|ending| PICTURES.contains(&ending.as_str()))
        || path.metadata().is_ok_and(|metadata| !metadata.is_dir())
}

/// The source that an argument names.
///
/// # Errors
/// A usage error for a bare secret key, which is not shown.
pub(super) fn source_of(argument: &OsStr) -> Result<Source, CommandError> {
    if let Some(text) = argument.to_str() {
        if formats::is_payload(text) {
            return Ok(Source::Text(Zeroizing::new(text.to_owned())));
        }
        if formats::looks_like_code(text) && !Path::new(argument).exists() {
            return Err(CommandError::failed(SecretError::LooksLikeCode.to_string())
                .hint(SecretError::LooksLikeCode.hint().unwrap_or_default()));
        }
        if text::is_secret_key(text) && !Path::new(argument).exists() {
            return Err(CommandError::usage(
                "a secret key does not belong among the arguments, where others can see it",
            )
            .hint(BETTER_THAN_ARGUMENTS));
        }
    }
    Ok(file_or_stdin(argument))
}

fn file_or_stdin(argument: &OsStr) -> Source {
    if argument == "-" { Source::Stdin } else { Source::File(argument.into()) }
}

fn uri_or_stdin(argument: &OsStr) -> Result<Source, CommandError> {
    let text = argument.to_string_lossy();
    if text == "-" {
        return Ok(Source::Stdin);
    }
    if !formats::is_payload(&text) {
        return Err(CommandError::usage("--uri takes an otpauth URI").hint(BETTER_THAN_ARGUMENTS));
    }
    Ok(Source::Text(Zeroizing::new(text.into_owned())))
}

fn name(argument: &OsString) -> Result<Name> {
    parsed_name(&argument.to_string_lossy())
}

pub(super) fn parsed_name(text: &str) -> Result<Name> {
    text.trim()
        .parse()
        .map_err(|error: NameError| CommandError::usage(error.to_string()).hint(NameError::HINT))
}
