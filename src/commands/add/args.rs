//! The arguments of `add`, and the name and the source that they give.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use zeroize::Zeroizing;

use crate::commands::args::{NoteArg, tag};
use crate::error::{CommandError, Result};
use crate::formats;
use crate::otp::{Algorithm, MfaArn, Name, NameError};
use crate::session::source::{PIPE_HINT, file_or_stdin, parse_source};
use crate::source::Source;
use crate::text::{is_secret_key, plain_label, shown_path};

/// Endings of pictures, so that a mistyped picture is not taken for a name
const PICTURES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "bmp"];

/// Store an account from a QR image, a URI or a secret key
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that a user types")]
pub(crate) struct Add {
    /// Name of the account [default: derived from its label]
    name: Option<OsString>,
    /// An image, an otpauth URI, a file with a secret key, or - for stdin [default: a prompt, or stdin]
    #[arg(conflicts_with_all = ["qr", "uri", "clipboard", "screen"])]
    source: Option<OsString>,
    /// Read this image or file
    #[arg(long, value_name = "FILE", conflicts_with = "uri")]
    qr: Option<OsString>,
    /// Read this otpauth URI (it stays in the shell's history)
    #[arg(long, value_name = "URI")]
    uri: Option<OsString>,
    /// Read the picture or the text in the clipboard
    #[arg(long, conflicts_with_all = ["qr", "uri", "screen"])]
    clipboard: bool,
    /// Read the QR code that the screen shows
    #[arg(long, conflicts_with_all = ["qr", "uri"])]
    screen: bool,
    /// The service
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    pub(super) issuer: Option<String>,
    /// The user at the service
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    pub(super) account: Option<String>,
    /// The ARN of an AWS MFA device
    #[arg(long, value_name = "ARN")]
    pub(super) serial: Option<MfaArn>,
    /// Tag (repeatable)
    #[arg(long, value_name = "TAG", value_parser = tag)]
    pub(super) tag: Vec<String>,
    /// A note, such as recovery codes, or - to read it from stdin
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) note: Option<NoteArg>,
    /// Digits of a code, 6 to 8 [default: 6]
    #[arg(long, value_parser = RangedU64ValueParser::<u8>::new().range(6..=8))]
    pub(super) digits: Option<u8>,
    /// Seconds for which a code is valid [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = RangedU64ValueParser::<u32>::new().range(1..=86_400))]
    pub(super) period: Option<u32>,
    /// SHA1, SHA256 or SHA512 [default: SHA1]
    #[arg(long)]
    pub(super) algorithm: Option<Algorithm>,
    /// Store only the account with this number, if the source holds several
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pub(super) pick: Option<usize>,
    /// Store all accounts of the source
    #[arg(long, conflicts_with = "verify")]
    pub(super) all: bool,
    /// Store only if this code, read off another device, matches
    #[arg(long, value_name = "CODE")]
    pub(super) verify: Option<String>,
    /// Replace an account that has the name
    #[arg(short, long)]
    pub(super) force: bool,
    /// Show the result without storing it
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Print JSON
    #[arg(short, long)]
    pub(super) json: bool,
}

impl Add {
    /// Returns the name, if there is one, and the source: stdin by default.
    ///
    /// # Errors
    /// The arguments contradict each other, or the name is invalid.
    pub(super) fn name_and_source(&self) -> Result<(Option<Name>, Source)> {
        let uri = self.uri.as_deref().map(uri_or_stdin).transpose()?;
        let explicit = self.qr.as_deref().map(file_or_stdin).or(uri).or(self.desktop_source());
        let (name, source) = match (&self.name, &self.source) {
            (Some(_), Some(_)) if self.all => {
                return Err(
                    CommandError::usage("several accounts cannot have one name").hint("mfa add --all SOURCE")
                );
            }
            (Some(only), None) if self.all && explicit.is_none() => (None, Some(parse_source(only)?)),
            (Some(name), Some(source)) => (Some(name), Some(source_after_name(name, source)?)),
            (Some(only), None) if explicit.is_none() && is_source(only) => (None, Some(parse_source(only)?)),
            (name, _) => (name.as_ref(), explicit),
        };
        let name = name.map(|name| parse_name(&name.to_string_lossy())).transpose()?;
        Ok((name, source.unwrap_or(Source::Stdin)))
    }

    fn desktop_source(&self) -> Option<Source> {
        let clipboard = self.clipboard.then_some(Source::Clipboard);
        clipboard.or_else(|| self.screen.then_some(Source::Screen))
    }
}

/// Parses the second of two arguments.
///
/// # Errors
/// The first one is a file and the second one is not: the user swapped them.
fn source_after_name(name: &OsStr, source: &OsStr) -> Result<Source, CommandError> {
    if Path::new(name).is_file() && !is_source(source) {
        let (name, source) = (shown_path(Path::new(name)), shown_path(Path::new(source)));
        return Err(CommandError::usage("the name comes first, then the source")
            .hint(format!("mfa add {source} {name}")));
    }
    parse_source(source)
}

/// Returns whether an argument that stands alone is a source and not a name.
fn is_source(argument: &OsStr) -> bool {
    let path = Path::new(argument);
    let text = argument.to_string_lossy();
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    text == "-"
        || formats::is_payload(&text)
        || is_secret_key(&text)
        || text.contains(std::path::is_separator)
        || ending.is_some_and(|ending| PICTURES.contains(&ending.as_str()))
        || path.metadata().is_ok_and(|metadata| !metadata.is_dir())
}

fn uri_or_stdin(argument: &OsStr) -> Result<Source, CommandError> {
    let text = argument.to_string_lossy();
    if text == "-" {
        return Ok(Source::Stdin);
    }
    if !formats::is_payload(&text) {
        return Err(CommandError::usage("--uri takes an otpauth URI").hint(PIPE_HINT));
    }
    Ok(Source::Text(Zeroizing::new(text.into_owned())))
}

/// Parses the name of an account.
///
/// # Errors
/// The name is invalid.
pub(super) fn parse_name(text: &str) -> Result<Name> {
    text.trim()
        .parse()
        .map_err(|error: NameError| CommandError::usage(error.to_string()).hint(NameError::HINT))
}
