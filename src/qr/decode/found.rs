//! The results of the decoder.

use std::fmt;

/// One QR code found in a picture
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The text of the code, which may be a secret: the caller wipes it
    pub text: String,
    /// The strategy that read it, for `--verbose` and for measurements
    pub strategy: &'static str,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("text", &"…").field("strategy", &self.strategy).finish()
    }
}

/// Why a picture gave no text
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The first bytes are not those of PNG, JPEG, GIF, WebP or BMP
    #[error("not a picture (PNG, JPEG, GIF, WebP or BMP)")]
    NotAnImage,
    /// The file begins as a picture and does not continue as one, or has a variant that cannot be decoded
    #[error("the picture is damaged or incomplete")]
    Damaged,
    /// The picture exceeds the limit of pixels or memory
    #[error("the picture is too large ({width}×{height} pixels)")]
    TooLarge {
        /// In pixels, according to the file
        width: u32,
        /// In pixels, according to the file
        height: u32,
    },
    /// No strategy found a code
    #[error("no QR code found in the picture")]
    NoCode,
    /// The timeout came before all strategies had run
    #[error("no QR code found in the picture within a few seconds")]
    NoCodeInTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_text() {
        let found = Found { text: "otpauth://totp/x?secret=GEZDGNBV".into(), strategy: "original" };
        assert!(!format!("{found:?}").contains("otpauth"));
    }
}
