//! Other inks, backgrounds and shapes of modules.

use image::{DynamicImage, GrayImage, Luma, LumaA, Rgb, RgbImage, Rgba, RgbaImage, imageops};
use mfa::qr::Level;

use super::{Case, Kind, one};
use crate::canvas::{LEVELS, dotted, drawn, fill, lit, png, symbol, toned};
use crate::rng::Rng;

pub(super) const KINDS: &[Kind] = &[
    Kind::new("dark mode", |rng, n| dark_mode(rng, n, 0, 255)),
    Kind::new("dark mode, greys", |rng, n| {
        let (ground, ink) = (rng.byte(20, 60), rng.byte(190, 240));
        dark_mode(rng, n, ground, ink)
    }),
    Kind::new("transparent, black ink", |rng, n| transparent(rng, n, 0)),
    Kind::new("transparent, white ink", |rng, n| transparent(rng, n, 255)),
    Kind::new("transparent, grey and alpha", grey_alpha),
    Kind::new("low contrast", low_contrast),
    Kind::new("coloured", coloured),
    Kind::new("gradient ink", gradient),
    Kind::new("dots", |rng, n| dots(rng, n, 0.85, false)),
    Kind::new("dots, rounded finders", |rng, n| dots(rng, n, 1.0, true)),
    Kind::new("small dots, rounded finders", |rng, n| dots(rng, n, 0.8, true)),
    Kind::new("logo in the middle", logo),
];

fn code(rng: &mut Rng, scale: u32) -> (String, GrayImage) {
    let text = rng.uri();
    let level = *rng.pick(&LEVELS);
    let picture = drawn(&symbol(&text, level), scale, 4);
    (text, picture)
}

fn dark_mode(rng: &mut Rng, n: u32, ground: u8, ink: u8) -> Case {
    let (text, picture) = code(rng, 1 + n);
    one(text, toned(picture, ink, ground))
}

fn transparent(rng: &mut Rng, n: u32, ink: u8) -> Case {
    let (text, picture) = code(rng, 1 + n);
    let rgba = RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
        let alpha = 255 - picture.get_pixel(x, y).0[0];
        // The colour under full transparency is arbitrary.
        let shade = if alpha == 0 { 255 - ink } else { ink };
        Rgba([shade, shade, shade, alpha])
    });
    Case { file: png(rgba), texts: vec![text] }
}

fn grey_alpha(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 2 + n);
    let shade = if n.is_multiple_of(2) { 30 } else { 240 };
    let image = image::GrayAlphaImage::from_fn(picture.width(), picture.height(), |x, y| {
        LumaA([shade, 255 - picture.get_pixel(x, y).0[0]])
    });
    Case { file: png(DynamicImage::ImageLumaA8(image)), texts: vec![text] }
}

fn low_contrast(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 2 + n);
    let ground = rng.byte(120, 250);
    one(text, toned(picture, ground - rng.byte(26, 60), ground))
}

fn coloured(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 2 + n);
    let inks = [[200, 0, 0], [0, 90, 0], [0, 0, 160], [90, 0, 120], [140, 60, 0], [0, 80, 110]];
    let grounds = [[255, 255, 255], [255, 240, 190], [190, 230, 255], [230, 255, 210], [255, 225, 0]];
    let (ink, ground) = (*rng.pick(&inks), *rng.pick(&grounds));
    let image = RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        Rgb(if picture.get_pixel(x, y).0[0] == 0 { ink } else { ground })
    });
    Case { file: png(image), texts: vec![text] }
}

/// Draws ink that runs from dark to a middle shade.
fn gradient(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 3 + n);
    let lightest = rng.float(90.0, 150.0);
    let side = f64::from(picture.width());
    let image = GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let light = picture.get_pixel(x, y).0[0] > 0;
        Luma([if light { 255 } else { (lightest * f64::from(x + y) / side / 2.0) as u8 }])
    });
    one(text, lit(image, 0.9, rng))
}

fn dots(rng: &mut Rng, n: u32, size: f64, round_finders: bool) -> Case {
    let text = rng.uri();
    let level = *rng.pick(&[Level::M, Level::Q, Level::H]);
    let large = dotted(&symbol(&text, level), 24, size, round_finders);
    let side = large.width() * (4 + n) / 24;
    one(text, imageops::resize(&large, side, side, imageops::FilterType::Triangle))
}

/// Covers a fifth to a quarter of the side of a code at level H.
fn logo(rng: &mut Rng, n: u32) -> Case {
    let text = rng.uri();
    let mut picture = drawn(&symbol(&text, Level::H), 3 + n, 4);
    let side = picture.width();
    let size = (f64::from(side) * rng.float(0.17, 0.23)) as u32;
    let left = (side - size) / 2;
    fill(&mut picture, left, left, size, size, 255);
    let (inner, shade) = (size * 3 / 4, rng.byte(0, 160));
    fill(&mut picture, left + size / 8, left + size / 8, inner, inner, shade);
    one(text, picture)
}
