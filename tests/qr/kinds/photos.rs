//! Simulated photographs of paper and screens, near and far.

use image::{GrayImage, Luma};

use super::{Case, Kind};
use crate::canvas::{LEVELS, drawn, jpeg, lit, noisy, symbol, toned};
use crate::lens::{blurred, projected};
use crate::page::desk;
use crate::rng::Rng;

pub(super) const KINDS: &[Kind] = &[
    Kind::new("photo of paper", |rng, _| photo(rng, &PAPER)),
    Kind::new("photo of a screen", |rng, _| photo(rng, &SCREEN)),
    Kind::new("photo from far away", |rng, _| photo(rng, &FAR)),
    Kind::new("photo in bad light", |rng, _| photo(rng, &DARK)),
];

/// The ranges of a photograph's parameters
struct Conditions {
    size: (u32, u32),
    /// The side of the code as a share of the picture's height
    share: (f64, f64),
    tilt: f64,
    /// In pixels
    blur: (f64, f64),
    noise: (f64, f64),
    /// The brightness of the darkest part
    dim: f64,
    ink: (u8, u8),
    ground: (u8, u8),
    /// Whether the pixels of a screen interfere with those of the camera
    moire: bool,
}

const PAPER: Conditions = Conditions {
    size: (1600, 1200),
    share: (0.35, 0.7),
    tilt: 0.12,
    blur: (0.8, 2.2),
    noise: (3.0, 9.0),
    dim: 0.5,
    ink: (20, 60),
    ground: (190, 235),
    moire: false,
};

const SCREEN: Conditions =
    Conditions { blur: (0.6, 1.6), ink: (10, 50), ground: (210, 250), moire: true, ..PAPER };

const FAR: Conditions =
    Conditions { size: (2000, 1500), share: (0.14, 0.22), tilt: 0.06, blur: (0.6, 1.1), ..PAPER };

const DARK: Conditions = Conditions {
    blur: (0.8, 1.8),
    noise: (10.0, 18.0),
    dim: 0.25,
    ink: (15, 40),
    ground: (90, 140),
    ..PAPER
};

fn photo(rng: &mut Rng, at: &Conditions) -> Case {
    let text = rng.uri();
    let code = drawn(&symbol(&text, *rng.pick(&LEVELS[..3])), 8, 4);
    let code = toned(code, rng.byte(at.ink.0, at.ink.1), rng.byte(at.ground.0, at.ground.1));
    let mut scene = laid(&code, &desk(at.size.0, at.size.1, rng), at, rng);
    if at.moire {
        scene = interfering(scene, rng);
    }
    let sigma = rng.float(at.blur.0, at.blur.1);
    let deviation = rng.float(at.noise.0, at.noise.1);
    let picture = noisy(lit(blurred(&scene, sigma), at.dim, rng), deviation, rng);
    Case { file: jpeg(&picture, rng.byte(55, 88)), texts: vec![text] }
}

/// Puts the sheet on the desk: turned, tilted, anywhere.
fn laid(code: &GrayImage, desk: &GrayImage, at: &Conditions, rng: &mut Rng) -> GrayImage {
    let (width, height) = (f64::from(desk.width()), f64::from(desk.height()));
    let side = height * rng.float(at.share.0, at.share.1);
    let angle = rng.float(-0.5, 0.5) + if rng.int(0, 3) == 0 { 1.57 } else { 0.0 };
    let middle = (width * rng.float(0.45, 0.55), height * rng.float(0.47, 0.53));
    let corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(x, y)| {
        let shrink = 1.0 - rng.float(0.0, at.tilt) * 2.0;
        let (u, v): (f64, f64) = (x * side * shrink, y * side * shrink);
        (middle.0 + u * angle.cos() - v * angle.sin(), middle.1 + u * angle.sin() + v * angle.cos())
    });
    // No sheet has the shade 1, which marks the desk.
    let sheet = projected(code, desk.dimensions(), corners, 1);
    GrayImage::from_fn(desk.width(), desk.height(), |x, y| match sheet.get_pixel(x, y).0[0] {
        1 => *desk.get_pixel(x, y),
        shade => Luma([shade]),
    })
}

/// Adds the stripes between the pixels of a screen and those of a camera.
fn interfering(mut scene: GrayImage, rng: &mut Rng) -> GrayImage {
    let (a, b, c) = (rng.float(0.25, 0.9), rng.float(0.25, 0.9), rng.float(0.01, 0.06));
    for (x, y, pixel) in scene.enumerate_pixels_mut() {
        let (x, y) = (f64::from(x), f64::from(y));
        let stripes = ((x * a + y * c).sin() + (y * b - x * c).sin()) * 0.06 + 0.94;
        pixel.0[0] = (f64::from(pixel.0[0]) * stripes).min(255.0) as u8;
    }
    scene
}
