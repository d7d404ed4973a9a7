//! QR codes: `decode` reads the texts of a picture's codes, `encode` draws a text.
//!
//! Decoding: `load` decompresses the file within limits. `decode` then tries the `strategies` in turn until a text is
//! wanted; each prepares the `gray` picture and passes it to one of two engines. Encoding: a [`Symbol`] draws itself for
//! files and terminals. This room knows no accounts. The text of a code may be a secret, so it reaches no message, no `Debug`
//! output and no panic.

mod decode;
mod encode;

pub use decode::{Found, ReadError, is_image, read, read_within};
pub use encode::{EncodeError, Level, Symbol};
