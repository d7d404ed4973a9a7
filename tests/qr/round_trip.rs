//! Round trips: mfa reads its own codes in every form, level and scale.

use std::time::Duration;

use image::{GrayImage, Luma};
use mfa::qr::{EncodeError, Level, Symbol, read, read_within};

use crate::canvas::{LEVELS, drawn, fill, grey, paste, png, symbol, toned};
use crate::rng::Rng;
use crate::wanted;

#[track_caller]
fn assert_reads(file: &[u8], text: &str) {
    let found = read(file, wanted).unwrap();
    assert!(found.len() == 1 && found[0].text == text, "another text than was written");
}

/// Draws half-blocks as a terminal does, whose cells are `half` pixels wide and twice as high.
pub(crate) fn from_blocks(blocks: &str, half: u32) -> GrayImage {
    let lines: Vec<Vec<char>> = blocks.lines().map(|line| line.chars().collect()).collect();
    let (columns, rows) = (lines[0].len() as u32, lines.len() as u32);
    GrayImage::from_fn(columns * half, rows * 2 * half, |x, y| {
        let lower = y / half % 2 == 1;
        let ink = match lines[(y / half / 2) as usize][(x / half) as usize] {
            '█' => true,
            '▀' => !lower,
            '▄' => lower,
            _ => false,
        };
        Luma([if ink { 0 } else { 255 }])
    })
}

/// Draws an SVG of ours: the white background and the strokes `Mx yhnv1h-nz` of its path.
fn from_svg(svg: &str, scale: u32) -> GrayImage {
    let number = |text: &str| text.parse::<u32>().unwrap();
    let between = |start: &str, end: &str| svg.split_once(start).unwrap().1.split_once(end).unwrap().0;
    let side = number(between("viewBox=\"0 0 ", " "));
    assert_eq!(number(between("width=\"", "\"")), side * scale);
    let mut picture = GrayImage::from_pixel(side * scale, side * scale, Luma([255]));
    for stroke in between("d=\"", "\"").split('M').skip(1) {
        let (x, rest) = stroke.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let length = rest.split_once("v1h-").unwrap().0;
        crate::canvas::fill(
            &mut picture,
            number(x) * scale,
            number(y) * scale,
            number(length) * scale,
            scale,
            0,
        );
    }
    picture
}

/// Returns the longest text that fits, by bisection.
pub(crate) fn longest(level: Level, rng: &mut Rng) -> String {
    let text = format!("otpauth://totp/x?secret={}", rng.base32(3000).to_lowercase());
    let fits = |length: &usize| Symbol::encode_at(&text[..*length], level).is_ok();
    let lengths: Vec<usize> = (0..text.len()).collect();
    let longest = lengths.partition_point(fits) - 1;
    text[..longest].to_owned()
}

#[test]
fn every_level_and_scale_of_a_png_is_read_back() {
    let mut rng = Rng::new(1);
    for level in LEVELS {
        for scale in 1..=8 {
            let text = rng.uri();
            assert_reads(&symbol(&text, level).png(scale), &text);
        }
    }
}

#[test]
fn every_level_and_scale_of_an_svg_is_read_back() {
    let mut rng = Rng::new(2);
    for level in LEVELS {
        for scale in 1..=8 {
            let text = rng.uri();
            assert_reads(&png(from_svg(&symbol(&text, level).svg(scale), scale)), &text);
        }
    }
}

#[test]
fn half_blocks_are_read_back_on_light_and_dark_terminals() {
    let mut rng = Rng::new(3);
    for half in [1, 4, 8, 9] {
        let text = rng.uri();
        let mut screen = from_blocks(&Symbol::encode(&text).unwrap().half_blocks(), half);
        assert_reads(&png(screen.clone()), &text);
        image::imageops::invert(&mut screen);
        assert_reads(&png(screen), &text);
    }
}

/// Draws two windows on one screen, one of them dark.
#[test]
fn light_and_dark_codes_side_by_side_are_read() {
    let mut rng = Rng::new(9);
    for (ink, ground) in [(255, 0), (230, 30)] {
        let texts = [rng.uri(), rng.uri()];
        let mut screen = grey(1_200, 600, 255);
        fill(&mut screen, 600, 0, 600, 600, ground);
        paste(&mut screen, &drawn(&symbol(&texts[0], Level::M), 6, 4), 60, 60);
        let dark = toned(drawn(&symbol(&texts[1], Level::M), 6, 4), ink, ground);
        paste(&mut screen, &dark, 660, 60);
        let found = read_within(&png(screen), wanted, Duration::from_secs(40));
        let found: Vec<String> = found.unwrap().into_iter().map(|found| found.text).collect();
        assert_eq!(found, texts, "{ink} on {ground}");
    }
}

#[test]
fn the_longest_text_of_each_level_is_read_back() {
    let mut rng = Rng::new(4);
    for (level, capacity) in LEVELS.into_iter().zip([2953, 2331, 1663, 1273]) {
        let text = longest(level, &mut rng);
        // ISO/IEC 18004, table 7: the bytes in version 40. A change of mode within the text costs some.
        assert!(text.len() + 9 > capacity, "{level:?}: {}", text.len());
        for scale in [1, 3] {
            assert_reads(&symbol(&text, level).png(scale), &text);
        }
    }
}

#[test]
fn text_that_does_not_fit_is_an_error() {
    assert_eq!(Symbol::encode(&"€".repeat(985)), Err(EncodeError::TooLong));
}
