//! Names of accounts, chosen by the user.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::{CommandError, ExitCode};
use crate::text;

/// Long enough for any derived name, short enough for a column
const MAX_CHARACTERS: usize = 64;

/// The name of an account, safe in every shell: 1 to 64 letters and digits of any script and `. _ - @ +`.
///
/// It does not begin with `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Derives a name from a label: `aws-alice` from `Amazon Web Services:alice@123456789012`.
    ///
    /// Returns `None` if the label has no letter or digit.
    pub(crate) fn derive(issuer: &str, account_name: &str) -> Option<Self> {
        let issuer = match issuer {
            "Amazon Web Services" => "aws".to_owned(),
            other => slug(other),
        };
        let account = match account_name.rsplit_once('@') {
            Some((local, _)) if !issuer.is_empty() && !local.is_empty() => slug(local),
            _ => slug(account_name),
        };
        let parts: Vec<&str> =
            [issuer.as_str(), account.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        let short: String = parts.join("-").chars().take(MAX_CHARACTERS).collect();
        short.parse().ok()
    }

    /// Returns the name with a number appended: `github-2`.
    pub(crate) fn numbered(&self, number: usize) -> Self {
        let suffix = format!("-{number}");
        let room = MAX_CHARACTERS - suffix.len();
        let stem: String = self.0.chars().take(room).collect();
        Self(stem + &suffix)
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        // ASCII is always composed, and nearly every name is ASCII.
        let name: String = if text.is_ascii() { text.to_owned() } else { text.nfc().collect() };
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.starts_with('-') {
            return Err(NameError::LeadingDash(text::redact(text)));
        }
        if name.chars().count() > MAX_CHARACTERS {
            return Err(NameError::TooLong(text::redact(text)));
        }
        if !name.chars().all(is_allowed) || name.starts_with(is_combining_mark) {
            return Err(NameError::Character(text::redact(text)));
        }
        Ok(Self(name))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The reason why a text is not a name
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    #[error("the name is empty")]
    Empty,
    #[error("the name '{0}' begins with a dash")]
    LeadingDash(String),
    #[error("the name '{0}' is longer than {MAX_CHARACTERS} characters")]
    TooLong(String),
    #[error("the name '{0}' holds a character that is not safe in every shell")]
    Character(String),
}

impl NameError {
    /// The rule for names
    pub(crate) const HINT: &str =
        "a name is 1 to 64 letters and digits of any script and . _ - @ +, not beginning with -";
}

fn is_allowed(character: char) -> bool {
    !text::is_invisible(character)
        && (character.is_alphanumeric()
            || is_combining_mark(character)
            || matches!(character, '.' | '_' | '-' | '@' | '+'))
}

/// Returns the text in lower case, with each run of other characters replaced by a dash.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let visible = lower.chars().filter(|&c| !text::is_invisible(c)).nfc();
    let dashed: String = visible.map(|c| if is_allowed(c) { c } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

impl From<NameError> for CommandError {
    fn from(error: NameError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_any_script_are_accepted() {
        for name in ["aws-root", "a", "Bücher", "例え", "zoë+2@x.jp", "हिन्दी", &"x".repeat(64)]
        {
            assert_eq!(name.parse::<Name>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn names_unsafe_in_a_shell_are_rejected() {
        assert_eq!("".parse::<Name>(), Err(NameError::Empty));
        assert_eq!("-x".parse::<Name>(), Err(NameError::LeadingDash("-x".into())));
        for name in [
            "a b",
            "a/b",
            "$x",
            "a;b",
            "a'b",
            "*",
            "~",
            "a:b",
            "a\nb",
            "a\u{202e}b",
            "🦀",
            "a\u{115f}b",
            "\u{3164}",
            "a\u{fe0f}",
        ] {
            assert_eq!(name.parse::<Name>(), Err(NameError::Character(text::redact(name))), "{name:?}");
        }
        assert!(matches!("x".repeat(65).parse::<Name>(), Err(NameError::TooLong(_))));
    }

    #[test]
    fn composed_and_decomposed_names_are_equal() {
        assert_eq!("zoe\u{308}".parse::<Name>(), "zoë".parse::<Name>());
    }

    #[test]
    fn a_label_derives_a_name() {
        for (issuer, account, name) in [
            ("Amazon Web Services", "sampleDevice@123456789012", Some("aws-sampledevice")),
            ("Amazon Web Services", "a@b@123456789012", Some("aws-a@b")),
            ("GitHub", "alice@example.com", Some("github-alice")),
            ("", "alice@example.com", Some("alice@example.com")),
            ("", "arn:aws:iam::123456789012:mfa/bob", Some("arn-aws-iam-123456789012-mfa-bob")),
            ("ACME Co", "", Some("acme-co")),
            ("Bücher & Töne", "zoë", Some("bücher-töne-zoë")),
            ("", "", None),
            ("🦀", "🦀", None),
            ("Git\u{ad}Hub", "a\u{115f}", Some("github-a")),
            ("\u{3164}", "\u{115f}", None),
        ] {
            let derived = Name::derive(issuer, account);
            assert_eq!(derived.as_ref().map(Name::as_str), name, "{issuer}:{account}");
        }
    }

    #[test]
    fn a_numbered_name_keeps_the_maximum_length() {
        let long: Name = "x".repeat(64).parse().unwrap();
        assert_eq!(long.numbered(12).as_str(), "x".repeat(61) + "-12");
    }

    proptest! {
        #[test]
        fn every_derived_name_is_valid(issuer in any::<String>(), account in any::<String>()) {
            if let Some(name) = Name::derive(&issuer, &account) {
                prop_assert_eq!(name.as_str().parse::<Name>(), Ok(name.clone()));
            }
        }
    }

    #[test]
    fn names_are_safe_in_every_shell() {
        for name in ["a.b_c-d@e+f", "7", ".hidden", "_", "+1", "@x"] {
            assert!(name.parse::<Name>().is_ok(), "{name}");
        }
        for name in [
            " ",
            "a\"b",
            "a\tb",
            "\u{202e}x",
            "a\u{1b}b",
            "a\\b",
            "a%b",
            "a=b",
            "!x",
            "#x",
            "(x)",
            "a,b",
            "\u{308}x",
        ] {
            assert!(name.parse::<Name>().is_err(), "{name:?}");
        }
    }
}
