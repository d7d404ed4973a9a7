//! Reads the keys of an entry, for which each of four programs uses its own fields.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::{APP, fix_missing_user};
use crate::formats::{Field, ParsedFile, RawAccount, RawSecret};
use crate::otp::looks_like_uri;

/// Reason for skipping an entry
pub(super) const IN_BIN: &str = "it is in the recycle bin";

/// The fields of an entry that concern keys
#[derive(Default)]
pub(super) struct Entry {
    /// Names of its groups below the root, joined by `/`
    pub(super) group: String,
    pub(super) tags: Vec<String>,
    pub(super) is_in_bin: bool,
    pub(super) fields: Vec<(String, Zeroizing<String>)>,
}

/// Reads the accounts of all entries, and skips those in the recycle bin.
pub(super) fn parse_all(entries: &[Entry]) -> ParsedFile {
    let mut parsed = ParsedFile::new(APP);
    for entry in entries {
        let raw_accounts = entry.parse_keys();
        if let (true, Some(raw)) = (entry.is_in_bin, raw_accounts.first()) {
            parsed.note_skipped(entry.field("Title"), &raw.secret.spelling(), IN_BIN);
            continue;
        }
        let before = parsed.found.len();
        for raw in raw_accounts {
            match raw.finish().map(|found| fix_missing_user(entry.field("UserName"), found)) {
                // The fields of two programs may hold the same key.
                Ok(found)
                    if parsed.found[before..].iter().any(|f| f.enrolment.key == found.enrolment.key) => {}
                account => parsed.take(account),
            }
        }
    }
    parsed
}

impl Entry {
    /// Returns whether a field concerns keys.
    pub(super) fn is_relevant(name: &str) -> bool {
        matches!(name, "Title" | "UserName" | "Notes" | "otp" | "TOTP Seed" | "TOTP Settings")
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

    fn parse_keys(&self) -> Vec<RawAccount<'_>> {
        [self.parse_otp_field(), self.parse_time_otp(), self.parse_totp_seed(), self.parse_hmac_otp()]
            .into_iter()
            .flatten()
            .collect()
    }

    fn named_account(&self) -> RawAccount<'_> {
        let mut tags = vec![self.group.clone()];
        tags.extend(self.tags.iter().cloned());
        RawAccount {
            issuer: self.field("Title").into(),
            account_name: self.field("UserName").into(),
            tags,
            note: self.find("Notes").into(),
            ..RawAccount::default()
        }
    }

    /// Parses `otp`: a URI of KeePassXC, or a query of the plugin KeeOtp.
    fn parse_otp_field(&self) -> Option<RawAccount<'_>> {
        let otp = self.find("otp")?;
        let mut raw = self.named_account();
        if looks_like_uri(otp) {
            raw.secret = RawSecret::Uri(otp.into());
            return Some(raw);
        }
        for (key, value) in otp.split('&').filter_map(|part| part.split_once('=')) {
            let value = || Field::from(percent_decode_str(value).decode_utf8_lossy().into_owned());
            match key {
                "key" => raw.secret = RawSecret::Base32(value()),
                "step" => raw.period = value(),
                "size" => raw.digits = value(),
                "type" => raw.kind = value(),
                "counter" => raw.counter = value(),
                "otpHashMode" => raw.algorithm = value(),
                _ => {}
            }
        }
        Some(raw)
    }

    /// Parses the TOTP fields of KeePass itself.
    fn parse_time_otp(&self) -> Option<RawAccount<'_>> {
        Some(RawAccount {
            secret: self.parse_secret("TimeOtp-Secret")?,
            algorithm: self.field("TimeOtp-Algorithm").into(),
            digits: self.field("TimeOtp-Length").into(),
            period: self.field("TimeOtp-Period").into(),
            ..self.named_account()
        })
    }

    /// Parses the HOTP fields of KeePass itself, which shows 6 digits with SHA-1.
    fn parse_hmac_otp(&self) -> Option<RawAccount<'_>> {
        Some(RawAccount {
            kind: "hotp".into(),
            secret: self.parse_secret("HmacOtp-Secret")?,
            counter: self.field("HmacOtp-Counter").into(),
            ..self.named_account()
        })
    }

    fn parse_secret(&self, field: &str) -> Option<RawSecret<'_>> {
        let value = |ending: &str| self.find(&format!("{field}{ending}"));
        if let Some(text) = value("-Base32") {
            Some(RawSecret::Base32(text.into()))
        } else if let Some(text) = value("-Hex") {
            Some(RawSecret::Hex(text.into()))
        } else if let Some(text) = value("-Base64") {
            Some(RawSecret::Base64(text.into()))
        } else {
            value("").map(|text| RawSecret::Bytes(Zeroizing::new(text.as_bytes().to_vec())))
        }
    }

    /// Parses the fields of the plugin KeeTrayTOTP. Its settings are `30;6`, or `30;S` for Steam, possibly with a URL.
    fn parse_totp_seed(&self) -> Option<RawAccount<'_>> {
        let mut raw =
            RawAccount { secret: RawSecret::Base32(self.find("TOTP Seed")?.into()), ..self.named_account() };
        let mut settings = self.field("TOTP Settings").split(';');
        raw.period = settings.next().unwrap_or_default().into();
        match settings.next().unwrap_or_default() {
            "S" => raw.kind = "steam".into(),
            digits => raw.digits = digits.into(),
        }
        Some(raw)
    }
}
