//! Accounts as the text of a file that other programs read, and what that text cannot say.

mod json;
mod keepassxc;
mod uri_list;

pub(crate) use json::to_json;
pub(crate) use keepassxc::to_keepassxc_csv;
pub(crate) use uri_list::to_uri_list;

use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::otp::{Account, Name};

/// A text that holds the secrets of accounts
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Export {
    pub(crate) text: Zeroizing<String>,
    /// The accounts that are not in it
    pub(crate) left_out: Vec<(Name, NotCarried)>,
    /// The accounts that are in it without something, which changes none of their codes
    pub(crate) reduced: Vec<(Name, Lost)>,
}

/// Why an account is left out: it would give wrong codes there
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotCarried {
    #[error("KeePassXC does not know counter-based codes")]
    Hotp,
    #[error("its period is {0} s, and KeePassXC knows 1 to 60 s only")]
    Period(u32),
}

/// What of an account is left out
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lost {
    #[error("its serial number (ARN) is not in there")]
    Serial,
    #[error("its tags are not in there")]
    Tags,
    #[error("its tags are not in there, but for the first")]
    MoreTags,
}

/// Room for a text of these accounts, generously, so that it never moves and leaves no copy behind
pub(super) fn capacity(accounts: &[&Account]) -> usize {
    let size = |account: &Account| {
        let tags: usize = account.tags.iter().map(|tag| tag.len() + 20).sum();
        let serial = account.label.serial.as_ref().map_or(0, |serial| serial.as_str().len());
        let label = account.label.issuer.len() + account.label.account_name.len();
        account.key.secret().expose().len() * 2
            + serial
            + (account.name.as_str().len() + label * 2 + tags) * 6
    };
    accounts.iter().map(|account| size(account) + 600).sum::<usize>() + 200
}

/// JSON whose texts are ASCII: what is not is escaped, above U+FFFF as a surrogate pair (RFC 8259, section 7)
pub(super) fn ascii(json: &str) -> Zeroizing<String> {
    let escaped = |character: char| !(' '..='~').contains(&character) && character != '\n';
    let extra = json.chars().filter(|&c| escaped(c)).count() * 12;
    let mut text = Zeroizing::new(String::with_capacity(json.len() + extra));
    for character in json.chars() {
        if escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("a String takes all that is written");
            }
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::Found;
    use crate::otp::{Algorithm, Enrolment, Key, Label, Parameters, Secret};
    use crate::text::is_unsafe;

    /// A text of any script, as a service may give it
    pub(in crate::formats) fn text() -> impl Strategy<Value = String> {
        let tricky = prop::sample::select(vec![
            "",
            "a:b",
            "a:a:b",
            ":",
            "a=b&c",
            "Disney+",
            "\"q\", 'q'; \\",
            "例え",
            "🦀",
            "%41%zz",
            "#x",
            "line/two",
            "arn:aws:iam::123456789012:mfa/bob",
            "=1+1",
            "otpauth://totp/x",
            "<&>",
        ]);
        let any = any::<String>().prop_map(|text| text.replace(is_unsafe, "").trim().to_owned());
        prop_oneof![
            tricky.prop_map(str::to_owned),
            any,
            "[a-zé ]{0,8}".prop_map(|text| text.trim().to_owned())
        ]
    }

    pub(in crate::formats) fn parameters() -> impl Strategy<Value = Parameters> {
        let algorithm = prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
        prop_oneof![
            (algorithm.clone(), 6..=8u8, 1..=Parameters::MAX_PERIOD)
                .prop_map(|(algorithm, digits, period)| Parameters::new(algorithm, digits, period).unwrap()),
            (algorithm, 6..=8u8, 0..=Parameters::MAX_COUNTER).prop_map(|(algorithm, digits, counter)| {
                Parameters::hotp(algorithm, digits, counter).unwrap()
            }),
            Just(Parameters::STEAM),
        ]
    }

    pub(in crate::formats) fn account() -> impl Strategy<Value = Account> {
        let secret = prop::collection::vec(any::<u8>(), 1..80);
        let serial = prop::sample::select(vec![None, Some("arn:aws:iam::123456789012:mfa/a/b")]);
        let tags = prop::collection::btree_set(text().prop_filter("", |tag| !tag.is_empty()), 0..3);
        let name = "[\\p{L}][\\p{L}0-9._@+-]{0,20}".prop_filter_map("", |name| name.parse::<Name>().ok());
        (name, text(), text(), serial, tags, secret, parameters()).prop_map(
            |(name, issuer, account_name, serial, tags, secret, parameters)| {
                let serial = serial.map(|arn| arn.parse().unwrap());
                let label = Label { issuer, account_name, serial };
                let key = Key::new(Secret::from_bytes(secret).unwrap(), parameters);
                Enrolment { label, tags: tags.into_iter().collect(), key }.named(name)
            },
        )
    }

    /// What was read, named as it suggests, or `x`
    pub(in crate::formats) fn imported(found: Vec<Found>) -> Vec<Account> {
        let name = |name: Option<Name>| name.unwrap_or_else(|| "x".parse().unwrap());
        found.into_iter().map(|found| found.enrolment.named(name(found.suggested_name))).collect()
    }

    #[test]
    fn json_is_ascii() {
        assert_eq!(*ascii("{\"é\": \"🦀\u{7f}\"}\n"), "{\"\\u00e9\": \"\\ud83e\\udd80\\u007f\"}\n");
    }
}
