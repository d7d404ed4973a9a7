//! Grey pictures, and their changes on the way to a reader.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use mfa::qr::{Level, Symbol};

use crate::rng::Rng;

pub(crate) const LEVELS: [Level; 4] = [Level::L, Level::M, Level::Q, Level::H];

pub(crate) fn grey(width: u32, height: u32, shade: u8) -> GrayImage {
    GrayImage::from_pixel(width, height, Luma([shade]))
}

pub(crate) fn symbol(text: &str, level: Level) -> Symbol {
    Symbol::encode_at(text, level).unwrap()
}

/// Draws black on white, with `scale` pixels for each module and `quiet` modules around.
pub(crate) fn drawn(symbol: &Symbol, scale: u32, quiet: u32) -> GrayImage {
    let side = (symbol.width() as u32 + 2 * quiet) * scale;
    GrayImage::from_fn(side, side, |x, y| Luma([shade(symbol, x / scale, y / scale, quiet)]))
}

pub(crate) fn shade(symbol: &Symbol, x: u32, y: u32, quiet: u32) -> u8 {
    let inside = x >= quiet && y >= quiet;
    let dark = inside && symbol.is_dark((x - quiet) as usize, (y - quiet) as usize);
    if dark { 0 } else { 255 }
}

/// Draws modules as dots of `size` (1 touches the neighbours), with square or rounded finders.
pub(crate) fn dotted(symbol: &Symbol, scale: u32, size: f64, round_finders: bool) -> GrayImage {
    let quiet = 4;
    let width = symbol.width() as u32;
    let side = (width + 2 * quiet) * scale;
    let mut picture = GrayImage::from_fn(side, side, |x, y| {
        let module = |v: u32| f64::from(v % scale) + 0.5 - f64::from(scale) / 2.0;
        let far = module(x).hypot(module(y)) > f64::from(scale) / 2.0 * size;
        let (column, row) = (x / scale, y / scale);
        let finder = is_finder(column.wrapping_sub(quiet), row.wrapping_sub(quiet), width);
        Luma([if far && !finder { 255 } else { shade(symbol, column, row, quiet) }])
    });
    if round_finders {
        for (x, y) in [(0, 0), (width - 7, 0), (0, width - 7)] {
            round_finder(&mut picture, (x + quiet) * scale, (y + quiet) * scale, scale);
        }
    }
    picture
}

fn is_finder(x: u32, y: u32, width: u32) -> bool {
    let near = |v: u32| v < 7;
    let far = |v: u32| v < width && v + 7 >= width;
    (near(x) && near(y)) || (far(x) && near(y)) || (near(x) && far(y))
}

/// Draws a finder as a ring and a disc.
fn round_finder(picture: &mut GrayImage, left: u32, top: u32, scale: u32) {
    let middle = f64::from(scale) * 3.5;
    for y in 0..7 * scale {
        for x in 0..7 * scale {
            let away = (f64::from(x) + 0.5 - middle).hypot(f64::from(y) + 0.5 - middle) / f64::from(scale);
            let dark = away < 1.6 || (2.5..3.5).contains(&away);
            picture.put_pixel(left + x, top + y, Luma([if dark { 0 } else { 255 }]));
        }
    }
}

pub(crate) fn paste(page: &mut GrayImage, picture: &GrayImage, x: u32, y: u32) {
    image::imageops::replace(page, picture, x.into(), y.into());
}

pub(crate) fn fill(page: &mut GrayImage, x: u32, y: u32, width: u32, height: u32, shade: u8) {
    for y in y..(y + height).min(page.height()) {
        for x in x..(x + width).min(page.width()) {
            page.put_pixel(x, y, Luma([shade]));
        }
    }
}

pub(crate) fn each(mut picture: GrayImage, mut change: impl FnMut(f64) -> f64) -> GrayImage {
    for pixel in picture.pixels_mut() {
        pixel.0[0] = change(f64::from(pixel.0[0])).round().clamp(0.0, 255.0) as u8;
    }
    picture
}

/// Replaces black by `ink` and white by `ground`.
pub(crate) fn toned(picture: GrayImage, ink: u8, ground: u8) -> GrayImage {
    let (ink, ground) = (f64::from(ink), f64::from(ground));
    each(picture, |shade| ink + (ground - ink) * shade / 255.0)
}

pub(crate) fn noisy(picture: GrayImage, deviation: f64, rng: &mut Rng) -> GrayImage {
    each(picture, |shade| shade + deviation * rng.normal())
}

pub(crate) fn peppered(picture: GrayImage, share: f64, rng: &mut Rng) -> GrayImage {
    each(picture, |shade| match rng.float(0.0, 1.0) {
        chance if chance < share / 2.0 => 0.0,
        chance if chance < share => 255.0,
        _ => shade,
    })
}

/// Lights a picture from one side: from `dim` to 1 across it, in any direction.
pub(crate) fn lit(mut picture: GrayImage, dim: f64, rng: &mut Rng) -> GrayImage {
    let angle = rng.float(0.0, std::f64::consts::TAU);
    let (w, h) = (f64::from(picture.width()), f64::from(picture.height()));
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (u, v) = (f64::from(x) / w - 0.5, f64::from(y) / h - 0.5);
        let along = (u * angle.cos() + v * angle.sin()) / 1.42 + 0.5;
        pixel.0[0] = (f64::from(pixel.0[0]) * (dim + (1.0 - dim) * along)) as u8;
    }
    picture
}

pub(crate) fn jpeg(picture: &GrayImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality).encode_image(picture).unwrap();
    file
}

pub(crate) fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::NoFilter);
    picture.into().write_with_encoder(encoder).unwrap();
    file
}

pub(crate) fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}
