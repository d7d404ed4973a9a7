//! JSON that holds secrets.

use std::io::{self, Write};

use serde::Serialize;
use zeroize::Zeroizing;

/// The text is measured first, and written once: one that grows leaves pieces of itself behind
pub(in crate::formats) fn render(value: &impl Serialize) -> Zeroizing<String> {
    let mut length = Length(0);
    serde_json::to_writer_pretty(&mut length, value).expect("a count takes all that is written");
    let mut text = Vec::with_capacity(length.0);
    serde_json::to_writer_pretty(&mut text, value).expect("a Vec takes all that is written");
    Zeroizing::new(String::from_utf8(text).expect("JSON is UTF-8"))
}

/// Counts what is written
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
    fn a_text_is_written_in_one_piece() {
        let text = render(&vec!["JBSWY3DPEHPK3PXP"; 99]);
        assert_eq!((text.capacity(), text.lines().count()), (text.len(), 101));
    }
}
