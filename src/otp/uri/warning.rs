//! What an enrolment has that is not as it should be, and does not stop it.

use std::fmt;

/// A deviation that was resolved; the user is told how
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Warning {
    /// A `#` that should have been `%23`
    UnescapedHash,
    /// `&amp;` for `&`
    HtmlEscaped,
    BadPercentEscape,
    /// Read as Windows-1252
    NotUtf8,
    DuplicateParameter,
    EmptyParameter,
    SeveralColons,
    IssuerMismatch {
        prefix: String,
        parameter: String,
    },
    NoAccountName,
    NoNameAtAll,
    SecretOddLength,
    SecretTrailingBits,
    SecretShort,
    AlgorithmSpelling,
    NumberSpelling,
    PeriodZero,
    UnusualDigits,
    MissingCounter,
    /// Of an export in several codes: one that is not there
    PartMissing {
        part: u32,
        of: u32,
    },
}

impl Warning {
    /// Whether the codes are wrong if what was taken is not what was meant
    pub(crate) fn is_about_codes(&self) -> bool {
        matches!(
            self,
            Self::SecretOddLength
                | Self::SecretTrailingBits
                | Self::PeriodZero
                | Self::MissingCounter
                | Self::EmptyParameter
                | Self::DuplicateParameter
        )
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::UnescapedHash => "the URI holds an unescaped '#'; it was taken as part of the text",
            Self::HtmlEscaped => "the URI holds '&amp;' for '&'",
            Self::BadPercentEscape => "the URI holds a '%' that begins no escape; it was taken as it stands",
            Self::NotUtf8 => "the URI is not UTF-8; it was read as Windows-1252",
            Self::DuplicateParameter => "the URI holds a parameter twice; the first was taken",
            Self::EmptyParameter => "the URI holds an empty parameter; the default was taken",
            Self::SeveralColons => "the label holds several colons; check issuer and account name",
            Self::IssuerMismatch { prefix, parameter } => {
                return write!(
                    f,
                    "the label says '{prefix}', the issuer parameter '{parameter}'; the latter was taken"
                );
            }
            Self::PartMissing { part, of } => {
                return write!(
                    f,
                    "code {part} of {of} of this export is not there, and the accounts in it are missing"
                );
            }
            Self::NoAccountName => "there is no account name",
            Self::NoNameAtAll => "there is neither issuer nor account name",
            Self::SecretOddLength => "the secret key has an odd length: a character may be missing",
            Self::SecretTrailingBits => {
                "the last character of the secret key holds bits that do not count: a character may be wrong or missing"
            }
            Self::SecretShort => "the secret key is shorter than 80 bits",
            Self::AlgorithmSpelling => "the algorithm is spelt in an unusual way",
            Self::NumberSpelling => "a number is spelt in an unusual way",
            Self::PeriodZero => "the period is 0; 30 s was taken",
            Self::UnusualDigits => "an unusual number of digits",
            Self::MissingCounter => "the counter is missing; 0 was taken",
        };
        f.write_str(text)
    }
}
