//! The encoder: a text as a QR symbol.

mod draw;

use std::fmt;

use qrcode::{Color, EcLevel, QrCode};

use crate::error::{CommandError, ExitCode};

/// The widest symbol, in modules, that gets level M: version 10. A phone must come close to scan a larger one on a terminal
/// (ISO/IEC 18004: version v is 17 + 4v wide).
const MAX_LEVEL_M_WIDTH: usize = 57;

/// A QR symbol made from a text
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    width: usize,
    dark: Vec<bool>,
}

/// The error correction level: the share of a symbol that may be unreadable
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// About 7 %
    L,
    /// About 15 %
    M,
    /// About 25 %
    Q,
    /// About 30 %
    H,
}

/// Why a text cannot be encoded
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The text is longer than a version 40 symbol holds: 2,953 bytes at level L
    #[error("too long for a QR code")]
    TooLong,
}

impl Symbol {
    /// Encodes a text at level M if the symbol stays easy to scan, otherwise at level L.
    ///
    /// Glare and creases cost modules, so correction helps; in a dense symbol larger modules help more.
    ///
    /// # Errors
    /// If the text is longer than the largest symbol holds.
    pub fn encode(text: &str) -> Result<Self, EncodeError> {
        match Self::encode_at(text, Level::M) {
            Ok(symbol) if symbol.width <= MAX_LEVEL_M_WIDTH => Ok(symbol),
            _ => Self::encode_at(text, Level::L),
        }
    }

    /// Encodes a text as the smallest symbol of this level.
    ///
    /// # Errors
    /// If the text is longer than the largest symbol of this level holds.
    pub fn encode_at(text: &str, level: Level) -> Result<Self, EncodeError> {
        let level = match level {
            Level::L => EcLevel::L,
            Level::M => EcLevel::M,
            Level::Q => EcLevel::Q,
            Level::H => EcLevel::H,
        };
        // The other errors concern versions, modes and character sets, which are chosen automatically here.
        let code = QrCode::with_error_correction_level(text, level).map_err(|_| EncodeError::TooLong)?;
        Ok(Self {
            width: code.width(),
            dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect(),
        })
    }

    /// Returns the width in modules, without the quiet zone.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns whether the module in this column and row is dark. Modules outside the symbol are light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.width && self.dark[y * self.width + x]
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Symbol").field("width", &self.width).finish_non_exhaustive()
    }
}

impl Drop for Symbol {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.dark);
    }
}

impl From<EncodeError> for CommandError {
    fn from(error: EncodeError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encode_uses_level_m_for_usual_uris_and_l_for_long_ones() {
        let usual = "otpauth://totp/Example:alice@example.com?secret=GEZDGNBVGY3TQOJQ&issuer=Example";
        assert_eq!(Symbol::encode(usual), Symbol::encode_at(usual, Level::M));
        let long = "x".repeat(600);
        assert_eq!(Symbol::encode(&long), Symbol::encode_at(&long, Level::L));
    }

    #[test]
    fn encode_accepts_at_most_2953_bytes() {
        assert_eq!(Symbol::encode(&"x".repeat(2953)).map(|symbol| symbol.width()), Ok(177));
        assert_eq!(Symbol::encode(&"x".repeat(2954)), Err(EncodeError::TooLong));
    }

    #[test]
    fn modules_outside_the_symbol_are_light() {
        let symbol = Symbol::encode("x").expect("fits");
        assert!(symbol.is_dark(0, 0) && !symbol.is_dark(21, 0) && !symbol.is_dark(0, 21));
    }
}
