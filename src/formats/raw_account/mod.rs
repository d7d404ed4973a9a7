//! The fields of an account as another app wrote them, checked in one place, so that every format is equally strict.

mod field;
mod secret;

pub(super) use field::Field;
pub(super) use secret::RawSecret;

use crate::formats::{Found, RejectedAccount};
use crate::otp::{
    Algorithm, Enrolment, Key, KeyError, Kind, Label, OtpauthUri, Parameters, SecretError, UriError, Warning,
    looks_like_uri, tags,
};
use crate::text::{is_unsafe, redact, redact_near};

/// An account that is yet to be checked. What is missing has the default of the Key URI format; what is there and not
/// understood is never replaced by one.
#[derive(Default)]
pub(super) struct RawAccount<'a> {
    /// `totp`, `hotp` or `steam`, in any case
    pub(super) kind: Field<'a>,
    pub(super) issuer: Field<'a>,
    pub(super) account_name: Field<'a>,
    pub(super) secret: RawSecret<'a>,
    pub(super) algorithm: Field<'a>,
    pub(super) digits: Field<'a>,
    /// Seconds; of no meaning for HOTP
    pub(super) period: Field<'a>,
    /// The next to be used; of no meaning but for HOTP
    pub(super) counter: Field<'a>,
    pub(super) tags: Vec<String>,
}

const ISSUER: &str = "issuer";
const ACCOUNT_NAME: &str = "account name";

/// Bytes of the tags of one account: a file names a group once, and may put any number of accounts into it
const MAX_TAGS: usize = 64 * 1024;

/// The names of the groups that an account is in, copied no further than up to the measure and one more, for which it is
/// refused: many accounts in many groups are more than their file
pub(super) fn tags_of<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut bytes = 0;
    let within = names.into_iter().map_while(|name| {
        let is_within = bytes <= MAX_TAGS;
        bytes += name.len() + 1;
        is_within.then(|| name.chars().take(MAX_TAGS).collect())
    });
    within.collect()
}

/// Why a draft is no account; holds no secret
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum InvalidAccount {
    #[error("unsupported type '{0}'")]
    Type(String),
    #[error("the field '{0}' is not a text")]
    NotText(&'static str),
    #[error("the field '{0}' is not a whole number")]
    NotNumber(&'static str),
    #[error("the {0} holds control characters or text direction overrides")]
    UnsafeText(&'static str),
    #[error("its groups or tags have too long names")]
    Tags,
    #[error("the secret key is not {0}")]
    NotEncoded(&'static str),
    #[error("Steam codes last {default} s, not {0} s", default = Parameters::DEFAULT_PERIOD)]
    SteamPeriod(u64),
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("{0}")]
    Uri(#[from] UriError),
}

impl RawAccount<'_> {
    /// The account, or why it is none
    pub(super) fn finish(self) -> Result<Found, RejectedAccount> {
        self.found().map_err(|unfit| self.refused(unfit.to_string()))
    }

    /// The refusal of this account for a reason of the format's own; the reason holds no secret
    pub(super) fn refused(&self, reason: impl Into<String>) -> RejectedAccount {
        let names = [&self.issuer, &self.account_name].map(|name| name.text("").ok().flatten());
        let names: Vec<&str> = names.iter().flatten().map(AsRef::as_ref).collect();
        let what = match &*names {
            [] => "an account without a name".to_owned(),
            names => redact_near(&self.secret.spelt(), &names.join(":")),
        };
        RejectedAccount { what, reason: reason.into() }
    }

    fn found(&self) -> Result<Found, InvalidAccount> {
        let label = Label {
            issuer: name(&self.issuer, ISSUER)?,
            account_name: name(&self.account_name, ACCOUNT_NAME)?,
            serial: None,
        };
        let mut found = match &self.secret {
            RawSecret::Uri(field) => match field.text("secret")? {
                Some(text) if looks_like_uri(&text) => of_uri(&text, label)?,
                _ => self.of_fields(label)?,
            },
            _ => self.of_fields(label)?,
        };
        if self.tags.iter().map(|tag| tag.len() + 1).sum::<usize>() > MAX_TAGS {
            return Err(InvalidAccount::Tags);
        }
        found.enrolment.tags = tags(found.enrolment.tags.iter().chain(&self.tags));
        Ok(found)
    }

    fn of_fields(&self, label: Label) -> Result<Found, InvalidAccount> {
        let mut warnings = Vec::new();
        let parameters = self.parameters(&mut warnings)?;
        let secret = self.secret.read(&mut warnings)?;
        let enrolment = Enrolment::new(label, Key::new(secret, parameters));
        Ok(Found::new(enrolment, warnings))
    }

    fn parameters(&self, warnings: &mut Vec<Warning>) -> Result<Parameters, InvalidAccount> {
        let kind = self.kind(warnings)?;
        let algorithm = match self.algorithm.text("algorithm")? {
            Some(text) => text.parse()?,
            None => Algorithm::default(),
        };
        if kind == Kind::Steam {
            return Ok(Parameters::of_kind(kind, algorithm, Parameters::STEAM.digits())?);
        }
        let digits = self.digits.number("digits")?.unwrap_or(Parameters::DEFAULT.digits().into());
        let digits = u8::try_from(digits).map_err(|_| KeyError::Digits(digits))?;
        Ok(Parameters::of_kind(kind, algorithm, digits)?)
    }

    fn kind(&self, warnings: &mut Vec<Warning>) -> Result<Kind, InvalidAccount> {
        let text = self.kind.text("type")?.unwrap_or("totp".into());
        match text.to_ascii_lowercase().as_str() {
            "totp" => Ok(Kind::Totp { period: self.period(warnings)? }),
            "hotp" => Ok(Kind::Hotp { counter: self.counter(warnings)? }),
            "steam" => match self.period.number("period")?.unwrap_or_default() {
                0 => Ok(Kind::Steam),
                period if period == u64::from(Parameters::DEFAULT_PERIOD) => Ok(Kind::Steam),
                period => Err(InvalidAccount::SteamPeriod(period)),
            },
            _ => Err(InvalidAccount::Type(redact(&text))),
        }
    }

    fn period(&self, warnings: &mut Vec<Warning>) -> Result<u32, InvalidAccount> {
        match self.period.number("period")? {
            None => Ok(Parameters::DEFAULT_PERIOD),
            Some(0) => {
                warnings.push(Warning::PeriodZero);
                Ok(Parameters::DEFAULT_PERIOD)
            }
            Some(period) => Ok(u32::try_from(period).map_err(|_| KeyError::Period(period))?),
        }
    }

    fn counter(&self, warnings: &mut Vec<Warning>) -> Result<u64, InvalidAccount> {
        let counter = self.counter.number("counter")?;
        if counter.is_none() {
            warnings.push(Warning::MissingCounter);
        }
        Ok(counter.unwrap_or_default())
    }
}

fn of_uri(text: &str, label: Label) -> Result<Found, InvalidAccount> {
    let (uri, mut warnings) = OtpauthUri::parse(text)?;
    let mut enrolment = Enrolment::try_from(uri)?;
    if enrolment.label.is_blank() {
        enrolment.label.issuer = label.issuer;
    }
    if enrolment.label.account_name.is_empty() {
        enrolment.label.account_name = label.account_name;
    }
    let (has_name, is_blank) = (!enrolment.label.account_name.is_empty(), enrolment.label.is_blank());
    warnings.retain(|warning| match warning {
        Warning::NoAccountName => !has_name,
        Warning::NoNameAtAll => is_blank,
        _ => true,
    });
    Ok(Found::new(enrolment, warnings))
}

fn name(field: &Field<'_>, what: &'static str) -> Result<String, InvalidAccount> {
    let text = field.text(what)?.unwrap_or_default();
    if text.chars().any(is_unsafe) { Err(InvalidAccount::UnsafeText(what)) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests;
