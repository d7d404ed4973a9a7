//! Decompresses a file to pixels, within limits.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::qr::decode::catch_panic::catch_panic;
use crate::qr::decode::found::ReadError;

/// 64 million pixels: more than phones and screens give (50 MP, and 8K is 33 MP), and few enough that a decompression bomb of
/// some kilobytes stays bearable
const MAX_PIXELS: u64 = if cfg!(fuzzing) { 1 << 18 } else { 64 << 20 };

/// The bytes of the decompressed picture. One with 16 bits for each channel reaches this limit before `MAX_PIXELS`.
const MAX_BYTES: u64 = if cfg!(fuzzing) { 4 << 20 } else { 256 << 20 };

/// The possible sizes of a BMP information header. `BM` alone also begins Base32 secrets.
const BMP_HEADERS: [u8; 7] = [12, 40, 52, 56, 64, 108, 124];

/// Returns whether the bytes begin as those of PNG, JPEG, GIF, WebP or BMP.
#[must_use]
pub fn is_image(bytes: &[u8]) -> bool {
    detect_format(bytes).is_some()
}

fn detect_format(bytes: &[u8]) -> Option<ImageFormat> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, WebP};
    match image::guess_format(bytes).ok()? {
        Bmp => {
            matches!(bytes.get(14..18), Some([size, 0, 0, 0]) if BMP_HEADERS.contains(size)).then_some(Bmp)
        }
        format @ (Gif | Jpeg | Png | WebP) => Some(format),
        _ => None,
    }
}

/// Decompresses a picture. Checks its size and memory by the header before.
///
/// # Errors
/// If the bytes are not a picture, are damaged, or exceed a limit.
pub(crate) fn load(bytes: &[u8]) -> Result<DynamicImage, ReadError> {
    let format = detect_format(bytes).ok_or(ReadError::NotAnImage)?;
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
    fn is_image_recognises_five_formats() {
        assert!(is_image(b"\x89PNG\r\n\x1a\n"));
        assert!(is_image(b"\xff\xd8\xff\xe0"));
        assert!(is_image(b"GIF89a"));
        assert!(is_image(b"RIFF\x10\0\0\0WEBPVP8 "));
        assert!(is_image(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"));
    }

    #[test]
    fn is_image_rejects_base32_that_begins_with_bm() {
        assert!(!is_image(b"BMTUCQJWGU3DMNZYHEYDCMRTGQ2TMNZY"));
        assert!(!is_image(b"BM"));
        assert!(!is_image(b""));
    }

    #[test]
    fn load_reports_a_header_without_a_picture_as_damaged() {
        assert_eq!(load(b"\x89PNG\r\n\x1a\n").err(), Some(ReadError::Damaged));
        assert_eq!(load(b"otpauth://").err(), Some(ReadError::NotAnImage));
    }
}
