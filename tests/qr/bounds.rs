//! The time and memory that a hostile or huge picture may cost.

use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, Luma, RgbaImage};
use mfa::qr::{Found, Level, ReadError, read, read_within};

use crate::canvas::{drawn, grey, noisy, paste, png, symbol};
use crate::rng::Rng;
use crate::{PATIENCE, wanted};

/// The limit for a test, which runs beside others and less optimised than the program
const PROMPT: Duration = Duration::from_millis(500);
const SECONDS: Duration = Duration::from_secs(20);

#[track_caller]
fn within(limit: Duration, file: &[u8]) -> Result<Vec<Found>, ReadError> {
    let start = Instant::now();
    let result = read(file, wanted);
    assert!(start.elapsed() < limit, "{:?}", start.elapsed());
    result
}

fn too_large(width: u32, height: u32) -> Result<Vec<Found>, ReadError> {
    Err(ReadError::TooLarge { width, height })
}

/// Returns the first 33 bytes of a PNG, which state the size, without the picture.
fn header_only(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(&chunk);
    file.extend(crc(&chunk).to_be_bytes());
    file.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    file
}

/// Returns the CRC-32 of PNG (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
            },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[test]
fn header_of_gigapixels_is_rejected_at_once() {
    assert_eq!(within(PROMPT, &header_only(50_000, 50_000)), too_large(50_000, 50_000));
    assert_eq!(within(PROMPT, &header_only(1 << 24, 300)), too_large(1 << 24, 300));
    let gif = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;";
    assert_eq!(within(PROMPT, gif), too_large(65_535, 65_535));
}

#[test]
fn hundred_megapixels_are_rejected_before_decoding() {
    let file = png(grey(10_000, 10_000, 200));
    assert_eq!(within(PROMPT, &file), too_large(10_000, 10_000));
}

#[test]
fn deep_picture_is_limited_by_its_bytes() {
    let side = 6_000;
    let file = header_only(side, side);
    let deep = {
        let mut deep = file;
        deep[24] = 16;
        let crc = crc(&deep[12..29]).to_be_bytes();
        deep[29..33].copy_from_slice(&crc);
        deep
    };
    assert_eq!(within(PROMPT, &deep), too_large(side, side));
}

#[test]
fn large_screenshot_is_read() {
    let text = Rng::new(5).uri();
    let mut page = grey(8_000, 6_000, 240);
    paste(&mut page, &drawn(&symbol(&text, Level::M), 4, 4), 5_000, 4_000);
    let found = read_within(&png(page), wanted, PATIENCE).unwrap();
    assert_eq!(found[0].text, text);
}

#[test]
fn noise_ends_in_time() {
    let noise = noisy(grey(2_500, 2_000, 128), 70.0, &mut Rng::new(6));
    let result = within(SECONDS, &png(noise));
    assert!(matches!(result, Err(ReadError::NoCode | ReadError::NoCodeInTime)), "{result:?}");
}

#[test]
fn a_page_full_of_finders_ends_in_time() {
    for (side, scale) in [(1_000, 1), (1_500, 3), (4_000, 1), (4_000, 4), (6_000, 2)] {
        let result = within(SECONDS, &png(finders(side, scale)));
        assert!(matches!(result, Err(ReadError::NoCode | ReadError::NoCodeInTime)), "{result:?}");
    }
}

/// Draws finders beside each other, a module apart.
fn finders(side: u32, scale: u32) -> GrayImage {
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = (x / scale % 8, y / scale % 8);
        let ring = x.abs_diff(3).max(y.abs_diff(3));
        Luma([if x < 7 && y < 7 && ring != 2 { 0 } else { 255 }])
    })
}

#[test]
fn slivers_and_single_pixels_give_no_code() {
    for (width, height) in [(1, 1), (1, 5_000), (5_000, 1), (20, 20), (39, 41), (7, 300)] {
        let picture = noisy(grey(width, height, 128), 90.0, &mut Rng::new(8));
        assert_eq!(within(PROMPT, &png(picture)), Err(ReadError::NoCode), "{width}×{height}");
        let nothing = DynamicImage::ImageRgba8(RgbaImage::new(width, height));
        assert_eq!(within(PROMPT, &png(nothing)), Err(ReadError::NoCode), "{width}×{height}");
    }
}
