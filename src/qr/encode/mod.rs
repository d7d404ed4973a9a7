//! A text as a QR symbol

mod draw;

use std::fmt;

use crate::error::{CommandError, ExitCode};
use qrcode::{Color, EcLevel, QrCode};

/// The widest symbol for which level M is worth its modules: version 10, beyond which a phone has to come close
/// to a terminal or a small picture (ISO/IEC 18004: version v is 17 + 4v wide)
const COMFORTABLE: usize = 57;

/// A QR symbol made from a text
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    width: usize,
    dark: Vec<bool>,
}

/// How much of a symbol may be unreadable: about 7, 15, 25, 30 per cent
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 7 %
    L,
    /// 15 %
    M,
    /// 25 %
    Q,
    /// 30 %
    H,
}

/// Why a text has no symbol
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Longer than a version 40 symbol holds: at level L 2,953 bytes
    #[error("too long for a QR code")]
    TooLong,
}

impl Symbol {
    /// Level M while the symbol stays comfortable to scan, as a screen's glare or a print's crease may cost some
    /// modules; otherwise L, because on a clean display larger modules help more than correction does.
    ///
    /// # Errors
    /// If the text is longer than the largest symbol holds.
    pub fn encode(text: &str) -> Result<Self, EncodeError> {
        match Self::encode_at(text, Level::M) {
            Ok(symbol) if symbol.width <= COMFORTABLE => Ok(symbol),
            _ => Self::encode_at(text, Level::L),
        }
    }

    /// The smallest symbol of this level
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
        // the other errors are about versions, modes and character sets, of which none is chosen here
        let code = QrCode::with_error_correction_level(text, level).map_err(|_| EncodeError::TooLong)?;
        Ok(Self {
            width: code.width(),
            dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect(),
        })
    }

    /// In modules, without the quiet zone
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module of this column and row is dark; those outside the symbol are light
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
    fn a_usual_uri_gets_level_m_and_a_long_one_l() {
        let usual = "otpauth://totp/Example:alice@example.com?secret=GEZDGNBVGY3TQOJQ&issuer=Example";
        assert_eq!(Symbol::encode(usual), Symbol::encode_at(usual, Level::M));
        let long = "x".repeat(600);
        assert_eq!(Symbol::encode(&long), Symbol::encode_at(&long, Level::L));
    }

    #[test]
    fn the_longest_text_has_2953_bytes() {
        assert_eq!(Symbol::encode(&"x".repeat(2953)).map(|symbol| symbol.width()), Ok(177));
        assert_eq!(Symbol::encode(&"x".repeat(2954)), Err(EncodeError::TooLong));
    }

    #[test]
    fn outside_is_light() {
        let symbol = Symbol::encode("x").expect("fits");
        assert!(symbol.is_dark(0, 0) && !symbol.is_dark(21, 0) && !symbol.is_dark(0, 21));
    }
}
