//! Arguments that several commands share.

use std::convert::Infallible;
use std::fmt;
use std::io::{Read as _, stdin};
use std::str::FromStr;

use clap::Args;
use zeroize::Zeroizing;

use crate::error::CommandError;
use crate::otp::{MAX_NOTE_BYTES, Note};
use crate::session::{AccountSelector, Session};
use crate::text::plain_label;
use crate::vault::MatchKind;

/// The time to compute for
#[derive(Debug, Default, Args)]
pub(super) struct TimeArg {
    /// The time to compute for: Unix seconds, RFC 3339, or +30s / -30s from now [variable: MFA_AT]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) at: Option<String>,
}

/// The account, by its name or by a profile of the AWS configuration
#[derive(Debug, Default, Args)]
#[group(id = "account", required = true, multiple = false)]
pub(super) struct AccountArgs {
    /// The account's name, a part of it that fits one account only, or the ARN of an MFA device
    pub(super) name: Option<String>,
    /// The account of the mfa_serial of this profile, in ~/.aws/config
    #[arg(long, value_name = "PROFILE")]
    pub(super) profile: Option<String>,
}

impl AccountArgs {
    /// Returns the arguments of a command line that is only a name.
    pub(super) fn for_name(name: &str) -> Self {
        Self { name: Some(name.to_owned()), profile: None }
    }

    /// Returns the one of the two arguments that clap requires.
    pub(super) fn selector(&self) -> AccountSelector<'_> {
        match (&self.name, &self.profile) {
            (Some(name), _) => AccountSelector::Name(name),
            (None, Some(profile)) => AccountSelector::Profile(profile),
            (None, None) => unreachable!("clap requires a name, a profile or a source"),
        }
    }
}

/// How a name is looked up
#[derive(Debug, Default, Args)]
pub(super) struct Lookup {
    /// Match only the exact name
    #[arg(short, long)]
    exact: bool,
}

impl Lookup {
    /// Returns the kind of match that the option asks for.
    pub(super) fn kind(&self) -> MatchKind {
        if self.exact { MatchKind::Exact } else { MatchKind::Unique }
    }
}

/// The text of `--note`, or `-` for stdin
#[derive(Clone)]
pub(super) struct NoteArg(Zeroizing<String>);

impl FromStr for NoteArg {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

/// Hides the text: it may hold recovery codes.
impl fmt::Debug for NoteArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoteArg(…)")
    }
}

impl NoteArg {
    pub(super) fn is_stdin(&self) -> bool {
        *self.0 == "-"
    }

    /// Returns the note. Reads stdin to its end for `-`.
    ///
    /// # Errors
    /// The note is too long, or not UTF-8; stdin cannot be read, or is a terminal without a prompt.
    pub(super) fn read(&self, session: &mut Session<'_>) -> Result<Note, CommandError> {
        if !self.is_stdin() {
            return note(&self.0);
        }
        if session.ui.stdin_is_terminal() {
            if !session.ui.can_prompt() {
                return Err(CommandError::usage("the note is missing").hint("pipe it, or give --note TEXT"));
            }
            session.ui.status("type the note; Ctrl-D on an empty line ends it");
        }
        // one byte more than a note with Windows line ends may have
        let limit = 2 * MAX_NOTE_BYTES + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
        let read = stdin().lock().take(limit as u64).read_to_end(&mut bytes);
        read.map_err(|error| CommandError::failed(format!("could not read the note from stdin: {error}")))?;
        note(str::from_utf8(&bytes).map_err(|_| CommandError::failed("the note is not UTF-8"))?)
    }
}

fn note(text: &str) -> Result<Note, CommandError> {
    Note::new(text).map_err(|error| CommandError::failed(error.to_string()))
}

/// Parses a tag: a label that is not empty.
pub(super) fn tag(text: &str) -> Result<String, &'static str> {
    let tag = plain_label(text)?;
    if tag.is_empty() { Err("a tag is not empty") } else { Ok(tag) }
}

/// Removes the blanks and dashes between the groups of a typed code. Steam's letters become upper case.
pub(super) fn ungroup_code(typed: &str) -> Zeroizing<String> {
    let is_separator = |c: &char| c.is_whitespace() || *c == '-';
    Zeroizing::new(typed.chars().filter(|c| !is_separator(c)).map(|c| c.to_ascii_uppercase()).collect())
}
