//! Writes JSON that holds secrets.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::otp::{Account, Key, MfaArn};

/// Returns the value as pretty-printed JSON.
///
/// Measures the text first: a buffer that grows leaves unwiped copies behind.
pub(in crate::formats) fn render(value: &impl Serialize) -> Zeroizing<String> {
    let mut length = Length(0);
    serde_json::to_writer_pretty(&mut length, value).expect("counting cannot fail");
    let mut text = Vec::with_capacity(length.0);
    serde_json::to_writer_pretty(&mut text, value).expect("writing to a Vec cannot fail");
    Zeroizing::new(String::from_utf8(text).expect("JSON is UTF-8"))
}

/// A key whose secret is serialised as upper-case Base32
pub(in crate::formats) struct Base32<'a>(pub(in crate::formats) &'a Key);

impl Serialize for Base32<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.secret().to_base32())
    }
}

/// A text that is wiped on drop, serialised as a string
pub(in crate::formats) struct SecretText(pub(in crate::formats) Zeroizing<String>);

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Returns the note for an app that has no field for the ARN of an MFA device: the ARN is its first line.
pub(in crate::formats) fn note_with_serial(account: &Account) -> Zeroizing<String> {
    let (serial, note) = (account.label.serial.as_ref().map_or("", MfaArn::as_str), account.note.expose());
    let end = if serial.is_empty() || note.is_empty() { "" } else { "\n" };
    let mut text = Zeroizing::new(String::with_capacity(serial.len() + 1 + note.len()));
    text.extend([serial, end, note]);
    text
}

/// A writer that counts bytes
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fills_its_buffer_exactly() {
        let text = render(&vec!["JBSWY3DPEHPK3PXP"; 99]);
        assert_eq!((text.capacity(), text.lines().count()), (text.len(), 101));
    }
}
