//! QR codes: a picture's bytes become the texts of its codes, a text becomes a picture
//!
//! Reading: `load` unfolds the file within limits, `cascade` goes through the table of `tries` until a
//! text is wanted; a try prepares the `luma` picture and hands it to `zxing` or `quirc`. Writing: a
//! [`Symbol`] draws itself for files and terminals. Both know nothing of accounts; but what a code says may be
//! a secret, so no text reaches a message, a `Debug` output or a panic.

mod decode;
mod encode;

pub use decode::{Found, ReadError, is_image, read, read_within};
pub use encode::{EncodeError, Level, Symbol};
