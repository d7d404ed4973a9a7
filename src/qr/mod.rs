//! QR codes: a picture's bytes become the texts of its codes, a text becomes a picture
//!
//! Reading: `load` unfolds the file within limits, `cascade` goes through the table of `tries` until a
//! text is wanted; a try prepares the `luma` picture and hands it to `zxing` or `quirc`. Writing: a
//! [`Symbol`] draws itself for files and terminals. Both know nothing of accounts; but what a code says may be
//! a secret, so no text reaches a message, a `Debug` output or a panic.

mod budget;
mod cascade;
mod draw;
mod filters;
mod found;
mod guard;
mod load;
mod luma;
mod quirc;
mod sight;
mod symbol;
mod tries;
mod zxing;

pub use cascade::{read, read_within};
pub use found::{Found, ReadError};
pub use load::is_image;
pub use symbol::{EncodeError, Level, Symbol};
