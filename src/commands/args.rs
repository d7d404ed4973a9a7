//! Options that several commands share.

use clap::Args;

use crate::session::AccountSelector;
use crate::text::plain_label;
use crate::vault::MatchKind;

/// The time to compute for
#[derive(Debug, Default, Args)]
pub(crate) struct TimeArg {
    /// The time to compute for: Unix seconds, RFC 3339, or +30s / -30s from now [variable: MFA_AT]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
}

/// Which account is meant
#[derive(Debug, Default, Args)]
#[group(id = "account", required = true, multiple = false)]
pub(crate) struct AccountArgs {
    /// The account's name, a part of it that fits one account only, or the ARN of an MFA device
    pub(crate) name: Option<String>,
    /// The account of the mfa_serial of this profile, in ~/.aws/config
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
}

impl AccountArgs {
    pub(crate) fn for_name(name: &str) -> Self {
        Self { name: Some(name.to_owned()), profile: None }
    }

    /// Returns the one of the two arguments that clap requires.
    pub(crate) fn selector(&self) -> AccountSelector<'_> {
        match (&self.name, &self.profile) {
            (Some(name), _) => AccountSelector::Name(name),
            (None, Some(profile)) => AccountSelector::Profile(profile),
            (None, None) => unreachable!("clap requires a name, a profile or a source"),
        }
    }
}

/// How the name is looked up
#[derive(Debug, Default, Args)]
pub(crate) struct Lookup {
    /// Take the name only as it stands
    #[arg(short, long)]
    exact: bool,
}

impl Lookup {
    pub(crate) fn kind(&self) -> MatchKind {
        if self.exact { MatchKind::Exact } else { MatchKind::Unique }
    }
}

/// A tag: a label that is not empty
pub(crate) fn tag(text: &str) -> Result<String, &'static str> {
    let tag = plain_label(text)?;
    if tag.is_empty() { Err("a tag is not empty") } else { Ok(tag) }
}
