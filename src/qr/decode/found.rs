//! What reading a picture gives

use std::fmt;

/// One QR code found in a picture
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// What the code says: perhaps a secret, so the caller wipes it
    pub text: String,
    /// Which try of the cascade read it, for `--verbose` and for measuring
    pub attempt: &'static str,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("text", &"…").field("attempt", &self.attempt).finish()
    }
}

/// Why a picture gave no text
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Its first bytes are none of PNG, JPEG, GIF, WebP, BMP
    #[error("not a picture (PNG, JPEG, GIF, WebP or BMP)")]
    NotAnImage,
    /// It begins as a picture and does not go on as one, or is of a kind that cannot be decoded
    #[error("the picture is damaged or incomplete")]
    Damaged,
    /// It would need more memory than a picture is worth
    #[error("the picture is too large ({width}×{height} pixels)")]
    TooLarge {
        /// In pixels, as the file says
        width: u32,
        /// In pixels, as the file says
        height: u32,
    },
    /// No try found a code
    #[error("no QR code found in the picture")]
    NoCode,
    /// The time was up before all tries were made
    #[error("no QR code found in the picture within a few seconds")]
    NoCodeInTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_text() {
        let found = Found { text: "otpauth://totp/x?secret=GEZDGNBV".into(), attempt: "as it is" };
        assert!(!format!("{found:?}").contains("otpauth"));
    }
}
