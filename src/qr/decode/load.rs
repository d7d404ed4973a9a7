//! From a file's bytes to pixels, within limits

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::qr::decode::catch_panic::catch_panic;
use crate::qr::decode::found::ReadError;

/// 64 million: above what telephones and screens give (50 MP, 8K is 33 MP), and what a decoder unfolds from a
/// few kilobytes stays bearable
const MAX_PIXELS: u64 = if cfg!(fuzzing) { 1 << 18 } else { 64 << 20 };

/// For the unfolded picture; a deep one (16 bits a channel) reaches this before `MAX_PIXELS`
const MAX_BYTES: u64 = if cfg!(fuzzing) { 4 << 20 } else { 256 << 20 };

/// Sizes that the header of a bitmap's description may have: `BM` alone begins many a Base32 secret
const BMP_HEADERS: [u8; 7] = [12, 40, 52, 56, 64, 108, 124];

/// Whether the bytes begin as PNG, JPEG, GIF, WebP or BMP do
#[must_use]
pub fn is_image(bytes: &[u8]) -> bool {
    format_of(bytes).is_some()
}

fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    match image::guess_format(bytes).ok()? {
        Bmp => {
            matches!(bytes.get(14..18), Some([size, 0, 0, 0]) if BMP_HEADERS.contains(size)).then_some(Bmp)
        }
        format @ (Gif | Jpeg | Png | WebP) => Some(format),
        _ => None,
    }
}

/// The unfolded picture. Size and memory are judged by the header, before anything is unfolded.
pub(crate) fn load(bytes: &[u8]) -> Result<DynamicImage, ReadError> {
    let format = format_of(bytes).ok_or(ReadError::NotAnImage)?;
    catch_panic(|| decode(bytes, format)).unwrap_or(Err(ReadError::Damaged))
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, ReadError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| ReadError::Damaged)?;
    let (width, height) = decoder.dimensions();
    let too_large = ReadError::TooLarge { width, height };
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_BYTES {
        return Err(too_large);
    }
    DynamicImage::from_decoder(decoder).map_err(|error| match error {
        ImageError::Limits(_) => too_large,
        _ => ReadError::Damaged,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_a_picture() {
        assert!(is_image(b"\x89PNG\r\n\x1a\n"));
        assert!(is_image(b"\xff\xd8\xff\xe0"));
        assert!(is_image(b"GIF89a"));
        assert!(is_image(b"RIFF\x10\0\0\0WEBPVP8 "));
        assert!(is_image(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"));
    }

    #[test]
    fn a_base32_secret_that_begins_with_bm_is_no_picture() {
        assert!(!is_image(b"BMTUCQJWGU3DMNZYHEYDCMRTGQ2TMNZY"));
        assert!(!is_image(b"BM"));
        assert!(!is_image(b""));
    }

    #[test]
    fn a_header_without_a_picture_is_damaged() {
        assert_eq!(load(b"\x89PNG\r\n\x1a\n").err(), Some(ReadError::Damaged));
        assert_eq!(load(b"otpauth://").err(), Some(ReadError::NotAnImage));
    }
}
