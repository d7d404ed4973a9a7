//! What the arguments of `add` mean: a name, a source, or both.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use anyhow::Result;
use zeroize::Zeroizing;

use super::{Add, Context};
use crate::failure::Failure;
use crate::formats::{self, Found};
use crate::otp::{Name, NameError};
use crate::source::Source;
use crate::ui::Ui;

/// Endings that no account has, so that a mistyped picture is not taken for a name
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "bmp"];

/// What a user without a terminal can do instead of typing a secret
const INSTEAD: &str = "name an image or a file with the secret key, or pipe it: mfa add NAME - < FILE";

/// The name an account is to have, if the user has said it, and where it comes from
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) name: Option<Name>,
    pub(super) source: Input,
}

#[derive(Debug)]
pub(super) enum Input {
    Source(Source),
    Prompt,
}

impl Add {
    pub(super) fn origin(&self, ui: &Ui) -> Result<Origin> {
        let explicit =
            self.qr.as_deref().map(file_or_stdin).or_else(|| self.uri.as_deref().map(uri_or_stdin));
        let (name, source) = match (&self.name, &self.source) {
            (Some(name), Some(source)) => (Some(name), Some(two_arguments(name, source)?)),
            (Some(only), None) if explicit.is_none() && is_source(only) => (None, Some(source_of(only)?)),
            (name, _) => (name.as_ref(), explicit),
        };
        let name = name.map(self::name).transpose()?;
        Ok(Origin { name, source: Input::of(source, ui) })
    }
}

impl Input {
    /// Without a source, and for `-` where stdin is a terminal, the user is asked
    fn of(source: Option<Source>, ui: &Ui) -> Self {
        match source {
            None | Some(Source::Stdin) if ui.reads_a_terminal() => Self::Prompt,
            None => Self::Source(Source::Stdin),
            Some(source) => Self::Source(source),
        }
    }
}

impl Origin {
    /// The accounts of the source; what is unusual about them is said
    pub(super) fn read(&self, cx: &mut Context<'_>) -> Result<Vec<Found>> {
        let asked;
        let source = match &self.source {
            Input::Source(source) => source,
            Input::Prompt => {
                asked = Source::Typed(cx.ui.ask_hidden(&self.question(), INSTEAD)?);
                &asked
            }
        };
        if let Source::Text(_) = source {
            cx.ui.warn(
                "the URI stands in the shell's history now, and stood in the list of processes",
                Some("next time pipe it to 'mfa add NAME -', or paste it at the prompt of 'mfa add NAME'"),
            );
        }
        Ok(source.read()?)
    }

    fn question(&self) -> String {
        match &self.name {
            Some(name) => format!("secret key or otpauth URI of '{name}'"),
            None => "secret key or otpauth URI".to_owned(),
        }
    }

    /// The file that still holds the secret
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.source {
            Input::Source(source) => source.path(),
            Input::Prompt => None,
        }
    }

    /// What messages call the source
    pub(super) fn describe(&self) -> String {
        match &self.source {
            Input::Source(source) => source.name(),
            Input::Prompt => "what was typed".to_owned(),
        }
    }
}

fn two_arguments(name: &OsStr, source: &OsStr) -> Result<Source, Failure> {
    let swapped = Path::new(name).is_file() && !is_source(source);
    if swapped {
        let (name, source) = (name.to_string_lossy(), source.to_string_lossy());
        return Err(
            Failure::usage("the name comes first, then the source").hint(format!("mfa add {source} {name}"))
        );
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
        || formats::looks_like_secret(&text)
        || text.contains(std::path::is_separator)
        || ending.is_some_and(|ending| PICTURES.contains(&ending.as_str()))
        || path.metadata().is_ok_and(|metadata| !metadata.is_dir())
}

/// The source that an argument names.
///
/// # Errors
/// A usage error for a bare secret key, which is not shown.
pub(super) fn source_of(argument: &OsStr) -> Result<Source, Failure> {
    if let Some(text) = argument.to_str() {
        if formats::is_payload(text) {
            return Ok(Source::Text(Zeroizing::new(text.to_owned())));
        }
        if formats::looks_like_secret(text) && !Path::new(argument).exists() {
            return Err(Failure::usage(
                "a secret key does not belong among the arguments, where others can see it",
            )
            .hint("pipe it to 'mfa add NAME -', or type it at the prompt of 'mfa add NAME'"));
        }
    }
    Ok(file_or_stdin(argument))
}

fn file_or_stdin(argument: &OsStr) -> Source {
    if argument == "-" { Source::Stdin } else { Source::File(argument.into()) }
}

fn uri_or_stdin(argument: &OsStr) -> Source {
    if argument == "-" {
        Source::Stdin
    } else {
        Source::Text(Zeroizing::new(argument.to_string_lossy().into_owned()))
    }
}

fn name(argument: &OsString) -> Result<Name, Failure> {
    let text = argument.to_string_lossy();
    text.parse().map_err(|error: NameError| Failure::usage(error.to_string()).hint(NameError::HINT))
}
