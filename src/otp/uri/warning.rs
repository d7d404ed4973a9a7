//! Warnings about unusual values that do not stop an account from being stored.

use std::fmt;

/// An unusual value, with the way in which it was resolved
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
    /// A note that is too long, or not a text
    NoteLost,
    /// A missing QR code of an export in several codes
    PartMissing {
        part: u32,
        of: u32,
    },
}

impl Warning {
    /// Returns whether data is lost, or the codes are wrong if the value was resolved in the wrong way.
    pub(crate) fn is_serious(&self) -> bool {
        matches!(
            self,
            Self::SecretOddLength
                | Self::SecretTrailingBits
                | Self::PeriodZero
                | Self::MissingCounter
                | Self::EmptyParameter
                | Self::DuplicateParameter
                | Self::NoteLost
        )
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::UnescapedHash => "the URI has an unescaped '#', which was read as part of the text",
            Self::HtmlEscaped => "the URI has '&amp;' instead of '&'",
            Self::BadPercentEscape => {
                "the URI has a '%' that begins no escape, which was read as a percent sign"
            }
            Self::NotUtf8 => "the URI is not UTF-8, and was read as Windows-1252",
            Self::DuplicateParameter => "the URI has a duplicate parameter; the first one was used",
            Self::EmptyParameter => "the URI has an empty parameter; the default was used",
            Self::SeveralColons => "the label has several colons; check issuer and account name",
            Self::IssuerMismatch { prefix, parameter } => {
                return write!(
                    f,
                    "the label has the issuer '{prefix}', but the issuer parameter is '{parameter}'; the latter was used"
                );
            }
            Self::PartMissing { part, of } => {
                return write!(f, "code {part} of {of} of this export is missing, with its accounts");
            }
            Self::NoAccountName => "no account name",
            Self::NoNameAtAll => "neither issuer nor account name",
            Self::SecretOddLength => "the secret key has an odd length: a character may be missing",
            Self::SecretTrailingBits => {
                "the last character of the secret key has unused bits: a character may be wrong or missing"
            }
            Self::SecretShort => "the secret key is shorter than 80 bits",
            Self::AlgorithmSpelling => "unusual spelling of the algorithm",
            Self::NumberSpelling => "unusual spelling of a number",
            Self::PeriodZero => "the period is 0; 30 s was used",
            Self::UnusualDigits => "unusual number of digits",
            Self::NoteLost => "its note was not stored: it is longer than 8 KiB, or not a text",
            Self::MissingCounter => "the counter is missing; 0 was used",
        };
        f.write_str(text)
    }
}
