//! An entry of a database, in which four programs keep keys in their own fields.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::formats::{Field, ParsedFile, RawAccount, RawSecret};
use crate::otp::looks_like_uri;

/// Why an entry is passed over
pub(super) const IN_BIN: &str = "it is in the recycle bin";

/// An entry, as far as it has to do with keys
#[derive(Default)]
pub(super) struct Entry {
    /// Its groups below the root, joined by `/`
    pub(super) group: String,
    pub(super) tags: Vec<String>,
    pub(super) is_in_bin: bool,
    pub(super) fields: Vec<(String, Zeroizing<String>)>,
}

pub(super) fn contents(entries: &[Entry]) -> ParsedFile {
    let mut contents = ParsedFile::new(crate::formats::apps::keepass::APP);
    for entry in entries {
        let drafts = entry.drafts();
        if let (true, Some(draft)) = (entry.is_in_bin, drafts.first()) {
            contents.pass_over(entry.field("Title"), &draft.secret.spelt(), IN_BIN);
            continue;
        }
        let before = contents.found.len();
        for draft in drafts {
            match draft
                .finish()
                .map(|found| crate::formats::apps::keepass::of_user(entry.field("UserName"), found))
            {
                // in the fields of two programs
                Ok(found)
                    if contents.found[before..].iter().any(|f| f.enrolment.key == found.enrolment.key) => {}
                account => contents.take(account),
            }
        }
    }
    contents
}

impl Entry {
    /// Whether a field has to do with keys
    pub(super) fn is_of_interest(name: &str) -> bool {
        matches!(name, "Title" | "UserName" | "otp" | "TOTP Seed" | "TOTP Settings")
            || name.starts_with("TimeOtp-")
            || name.starts_with("HmacOtp-")
    }

    fn field(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.trim().is_empty())
    }

    fn drafts(&self) -> Vec<RawAccount<'_>> {
        [self.of_otp(), self.of_time_otp(), self.of_seed(), self.of_hmac_otp()]
            .into_iter()
            .flatten()
            .collect()
    }

    fn named(&self) -> RawAccount<'_> {
        let mut tags = vec![self.group.clone()];
        tags.extend(self.tags.iter().cloned());
        RawAccount {
            issuer: self.field("Title").into(),
            account_name: self.field("UserName").into(),
            tags,
            ..RawAccount::default()
        }
    }

    /// Of KeePassXC, a URI; of the plugin KeeOtp, a query
    fn of_otp(&self) -> Option<RawAccount<'_>> {
        let otp = self.find("otp")?;
        let mut draft = self.named();
        if looks_like_uri(otp) {
            draft.secret = RawSecret::Uri(otp.into());
            return Some(draft);
        }
        for (key, value) in otp.split('&').filter_map(|part| part.split_once('=')) {
            let value = || Field::from(percent_decode_str(value).decode_utf8_lossy().into_owned());
            match key {
                "key" => draft.secret = RawSecret::Base32(value()),
                "step" => draft.period = value(),
                "size" => draft.digits = value(),
                "type" => draft.kind = value(),
                "counter" => draft.counter = value(),
                "otpHashMode" => draft.algorithm = value(),
                _ => {}
            }
        }
        Some(draft)
    }

    /// Of KeePass itself
    fn of_time_otp(&self) -> Option<RawAccount<'_>> {
        Some(RawAccount {
            secret: self.secret("TimeOtp-Secret")?,
            algorithm: self.field("TimeOtp-Algorithm").into(),
            digits: self.field("TimeOtp-Length").into(),
            period: self.field("TimeOtp-Period").into(),
            ..self.named()
        })
    }

    /// Of KeePass itself, which makes 6 digits with SHA-1
    fn of_hmac_otp(&self) -> Option<RawAccount<'_>> {
        Some(RawAccount {
            kind: "hotp".into(),
            secret: self.secret("HmacOtp-Secret")?,
            counter: self.field("HmacOtp-Counter").into(),
            ..self.named()
        })
    }

    fn secret(&self, field: &str) -> Option<RawSecret<'_>> {
        let spelt = |ending: &str| self.find(&format!("{field}{ending}"));
        if let Some(text) = spelt("-Base32") {
            Some(RawSecret::Base32(text.into()))
        } else if let Some(text) = spelt("-Hex") {
            Some(RawSecret::Hex(text.into()))
        } else if let Some(text) = spelt("-Base64") {
            Some(RawSecret::Base64(text.into()))
        } else {
            spelt("").map(|text| RawSecret::Bytes(Zeroizing::new(text.as_bytes().to_vec())))
        }
    }

    /// Of the plugin KeeTrayTOTP: `30;6`, for Steam `30;S`, and perhaps an address behind that
    fn of_seed(&self) -> Option<RawAccount<'_>> {
        let mut draft =
            RawAccount { secret: RawSecret::Base32(self.find("TOTP Seed")?.into()), ..self.named() };
        let mut settings = self.field("TOTP Settings").split(';');
        draft.period = settings.next().unwrap_or_default().into();
        match settings.next().unwrap_or_default() {
            "S" => draft.kind = "steam".into(),
            digits => draft.digits = digits.into(),
        }
        Some(draft)
    }
}
