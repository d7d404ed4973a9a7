//! The unchecked fields of an account and their conversion to an account.

use super::error::InvalidAccount;
use super::field::Field;
use super::secret::RawSecret;
use crate::formats::{Found, RejectedAccount};
use crate::otp::{Enrolment, Key, Label, Note, OtpauthUri, Warning, clean_tags, looks_like_uri};
use crate::text::{has_unsafe, redact_near};

const ISSUER: &str = "issuer";
const ACCOUNT_NAME: &str = "account name";

/// The most bytes of tags of one account. A file names a group once, and may put any number of accounts into it.
pub(super) const MAX_TAG_BYTES: usize = 64 * 1024;

/// The unchecked fields of an account.
///
/// A missing field has the default of the Key URI format. A field that is not understood is an error, never replaced by
/// a default.
#[derive(Default)]
pub(in crate::formats) struct RawAccount<'a> {
    /// `totp`, `hotp` or `steam` in any case
    pub(in crate::formats) kind: Field<'a>,
    pub(in crate::formats) issuer: Field<'a>,
    pub(in crate::formats) account_name: Field<'a>,
    pub(in crate::formats) secret: RawSecret<'a>,
    pub(in crate::formats) algorithm: Field<'a>,
    pub(in crate::formats) digits: Field<'a>,
    /// In seconds; ignored for HOTP
    pub(in crate::formats) period: Field<'a>,
    /// The counter of the next code; ignored unless the kind is HOTP
    pub(in crate::formats) counter: Field<'a>,
    pub(in crate::formats) tags: Vec<String>,
    /// Free text. A first line that is the ARN of an MFA device is the serial number.
    pub(in crate::formats) note: Field<'a>,
}

impl RawAccount<'_> {
    /// Checks the fields and returns the account.
    ///
    /// # Errors
    /// Returns the account as rejected if a field is invalid or the secret is missing.
    pub(in crate::formats) fn finish(self) -> Result<Found, RejectedAccount> {
        self.check().map_err(|error| self.reject(error.to_string()))
    }

    /// Returns the account as rejected, for a reason that the format has found. The reason must hold no secret.
    pub(in crate::formats) fn reject(&self, reason: impl Into<String>) -> RejectedAccount {
        let names = [&self.issuer, &self.account_name].map(|name| name.text("").ok().flatten());
        let names: Vec<&str> = names.iter().flatten().map(AsRef::as_ref).collect();
        let what = match &*names {
            [] => "an account without a name".to_owned(),
            names => redact_near(&self.secret.spelling(), &names.join(":")),
        };
        RejectedAccount { what, reason: reason.into() }
    }

    fn check(&self) -> Result<Found, InvalidAccount> {
        let label = Label {
            issuer: name(&self.issuer, ISSUER)?,
            account_name: name(&self.account_name, ACCOUNT_NAME)?,
            serial: None,
        };
        let mut found = match &self.secret {
            RawSecret::Uri(field) => match field.text("secret")? {
                Some(text) if looks_like_uri(&text) => from_uri(&text, label)?,
                _ => self.combine(label)?,
            },
            _ => self.combine(label)?,
        };
        if self.tags.iter().map(|tag| tag.len() + 1).sum::<usize>() > MAX_TAG_BYTES {
            return Err(InvalidAccount::Tags);
        }
        found.enrolment.tags = clean_tags(found.enrolment.tags.iter().chain(&self.tags));
        self.add_note(&mut found);
        Ok(found)
    }

    /// Adds the note and the serial number in it. A note that cannot be stored is no reason to lose the account.
    fn add_note(&self, found: &mut Found) {
        let text = self.note.text("note");
        let text = text.as_ref().map(|text| text.as_deref().unwrap_or_default());
        let parsed = text.ok().and_then(|text| {
            let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
            match first.trim().parse() {
                Ok(arn) => Some((Some(arn), Note::new(rest).ok()?)),
                Err(_) => Some((None, Note::new(text).ok()?)),
            }
        });
        match parsed {
            Some((serial, note)) => {
                found.enrolment.label.serial = serial.or(found.enrolment.label.serial.take());
                found.enrolment.note = note;
            }
            None => found.warnings.push(Warning::NoteLost),
        }
    }

    fn combine(&self, label: Label) -> Result<Found, InvalidAccount> {
        let mut warnings = Vec::new();
        let parameters = self.parameters(&mut warnings)?;
        let secret = self.secret.decode(&mut warnings)?;
        let enrolment = Enrolment::new(label, Key::new(secret, parameters));
        Ok(Found::new(enrolment, warnings))
    }
}

fn from_uri(text: &str, label: Label) -> Result<Found, InvalidAccount> {
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
    if has_unsafe(&text) { Err(InvalidAccount::UnsafeText(what)) } else { Ok(text.into_owned()) }
}

/// Copies the names of an account's groups, up to the first one beyond [`MAX_TAG_BYTES`].
///
/// The account is then rejected. Copying all names of many accounts in many groups would take far more memory than the
/// file.
pub(in crate::formats) fn collect_tags<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut bytes = 0;
    let copied = names.into_iter().map_while(|name| {
        let is_within = bytes <= MAX_TAG_BYTES;
        bytes += name.len() + 1;
        is_within.then(|| name.chars().take(MAX_TAG_BYTES).collect())
    });
    copied.collect()
}
