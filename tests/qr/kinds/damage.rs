//! Damage by storing, sending and scanning.

use image::GrayImage;
use mfa::qr::Level;

use super::{Case, Kind, one};
use crate::canvas::{LEVELS, drawn, jpeg, lit, noisy, peppered, symbol, toned};
use crate::lens::{blurred, shaken, tilted, turned};
use crate::rng::Rng;

pub(super) const KINDS: &[Kind] = &[
    Kind::new("JPEG, quality 30", |rng, n| compressed(rng, 3 + n, 30)),
    Kind::new("JPEG, quality 10", |rng, n| compressed(rng, 4 + n, 10)),
    Kind::new("blur", |rng, n| softened(rng, 3 + n, 0.3, 0.6)),
    Kind::new("heavy blur", |rng, n| softened(rng, 4 + n, 0.5, 0.7)),
    Kind::new("shaken", shaken_code),
    Kind::new("noise", noise),
    Kind::new("salt and pepper", pepper),
    Kind::new("rotation", rotation),
    Kind::new("perspective", perspective),
    Kind::new("shadow", shadow),
];

fn code(rng: &mut Rng, scale: u32) -> (String, GrayImage) {
    let text = rng.uri();
    let picture = drawn(&symbol(&text, *rng.pick(&LEVELS)), scale, 4);
    (text, picture)
}

fn compressed(rng: &mut Rng, scale: u32, quality: u8) -> Case {
    let (text, picture) = code(rng, scale);
    Case { file: jpeg(&picture, quality), texts: vec![text] }
}

fn softened(rng: &mut Rng, scale: u32, least: f64, most: f64) -> Case {
    let (text, picture) = code(rng, scale);
    let sigma = f64::from(scale) * rng.float(least, most);
    one(text, blurred(&picture, sigma))
}

fn shaken_code(rng: &mut Rng, n: u32) -> Case {
    let scale = 4 + n;
    let (text, picture) = code(rng, scale);
    let (length, angle) = (f64::from(scale) * rng.float(0.4, 1.0), rng.float(0.0, 180.0));
    one(text, shaken(&picture, length, angle))
}

fn noise(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 3 + n);
    let deviation = rng.float(25.0, 60.0);
    one(text, noisy(toned(picture, 40, 215), deviation, rng))
}

fn pepper(rng: &mut Rng, n: u32) -> Case {
    let text = rng.uri();
    let picture = drawn(&symbol(&text, *rng.pick(&[Level::M, Level::Q, Level::H])), 4 + n, 4);
    let share = rng.float(0.02, 0.08);
    one(text, peppered(picture, share, rng))
}

fn rotation(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 3 + n);
    let degrees = rng.float(0.0, 360.0);
    one(text, turned(&picture, degrees, 255))
}

fn perspective(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 5 + n);
    let tilt = rng.float(0.08, 0.2);
    one(text, tilted(&picture, tilt, 200, rng))
}

/// Adds light from one side, with the edge of a shadow across.
fn shadow(rng: &mut Rng, n: u32) -> Case {
    let (text, picture) = code(rng, 4 + n);
    let dim = rng.float(0.25, 0.45);
    let mut picture = lit(picture, dim, rng);
    let edge = rng.int(picture.width() / 4, picture.width() * 3 / 4);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        if x + y / 3 > edge {
            pixel.0[0] = (u32::from(pixel.0[0]) * 11 / 20) as u8;
        }
    }
    one(text, picture)
}
