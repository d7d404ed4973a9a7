//! Screenshots: web pages, several codes, terminals.

use image::GrayImage;
use image::imageops::FilterType;
use mfa::qr::Level;

use super::{Case, Kind, one};
use crate::canvas::{LEVELS, drawn, paste, png, symbol, toned};
use crate::lens::resized;
use crate::page::{terminal, web_page};
use crate::rng::Rng;

pub(super) const KINDS: &[Kind] = &[
    Kind::new("screenshot 1280", |rng, _| screenshot(rng, 1280, 720, false)),
    Kind::new("screenshot 1920", |rng, _| screenshot(rng, 1920, 1080, false)),
    Kind::new("screenshot 2560", |rng, _| screenshot(rng, 2560, 1440, false)),
    Kind::new("screenshot 3840 and 5120", |rng, n| match n {
        0 => screenshot(rng, 5120, 2880, false),
        _ => screenshot(rng, 3840, 2160, false),
    }),
    Kind::new("screenshot, dark theme", |rng, _| screenshot(rng, 1920, 1080, true)),
    Kind::new("screenshot, scaled down", scaled_screenshot),
    Kind::new("two codes", |rng, _| several(rng, 2)),
    Kind::new("several codes", |rng, n| several(rng, 3 + n as usize % 4)),
    Kind::new("fraction of a module, larger", |rng, _| {
        let factor = rng.float(1.2, 3.4);
        fraction(rng, 2, factor, FilterType::Nearest)
    }),
    Kind::new("fraction of a module, smooth", |rng, _| {
        let factor = rng.float(1.1, 2.6);
        fraction(rng, 2, factor, FilterType::CatmullRom)
    }),
    Kind::new("fraction of a module, smaller", |rng, _| {
        let factor = rng.float(0.25, 0.5);
        fraction(rng, 6, factor, FilterType::Triangle)
    }),
    Kind::new("fraction of a module, nearest", |rng, _| {
        let factor = rng.float(0.3, 0.6);
        fraction(rng, 7, factor, FilterType::Nearest)
    }),
    Kind::new("terminal, dark on light", |rng, n| in_terminal(rng, n, false)),
    Kind::new("terminal, light on dark", |rng, n| in_terminal(rng, n, true)),
];

fn code(rng: &mut Rng, scale: u32) -> (String, GrayImage) {
    let text = rng.uri();
    let picture = drawn(&symbol(&text, *rng.pick(&LEVELS)), scale, 4);
    (text, picture)
}

fn screenshot(rng: &mut Rng, width: u32, height: u32, dark: bool) -> Case {
    let (text, page) = page_with_code(rng, width, height, dark);
    one(text, page)
}

fn page_with_code(rng: &mut Rng, width: u32, height: u32, dark: bool) -> (String, GrayImage) {
    let mut page = web_page(width, height, dark, rng);
    let scale = rng.int(2, 5);
    let (text, code) = code(rng, scale);
    let x = rng.int(0, width - code.width());
    let y = rng.int(0, height - code.height());
    paste(&mut page, &code, x, y);
    (text, page)
}

/// Shrinks a picture as a chat or a document does.
fn scaled_screenshot(rng: &mut Rng, _: u32) -> Case {
    let (text, page) = page_with_code(rng, 1920, 1080, false);
    let factor = rng.float(0.7, 0.9);
    one(text, resized(&page, factor, FilterType::Triangle))
}

fn several(rng: &mut Rng, count: usize) -> Case {
    let cell = 420;
    let columns = 3.min(count as u32);
    let rows = (count as u32).div_ceil(columns);
    let mut page = web_page(columns * cell + 60, rows * cell + 60, false, rng);
    let mut texts = Vec::new();
    for n in 0..count as u32 {
        let scale = rng.int(2, 5);
        let (text, code) = code(rng, scale);
        let x = 30 + n % columns * cell + rng.int(0, cell - code.width().min(cell));
        let y = 30 + n / columns * cell;
        paste(&mut page, &code, x, y);
        texts.push(text);
    }
    Case { file: png(page), texts }
}

fn fraction(rng: &mut Rng, scale: u32, factor: f64, filter: FilterType) -> Case {
    let (text, picture) = code(rng, scale);
    one(text, resized(&picture, factor, filter))
}

fn in_terminal(rng: &mut Rng, n: u32, light_on_dark: bool) -> Case {
    let text = rng.uri();
    let symbol = symbol(&text, *rng.pick(&[Level::L, Level::M]));
    let cell = *rng.pick(&[(6, 12), (7, 14), (8, 16), (8, 17), (9, 18), (10, 20), (16, 32)]);
    let screen = terminal(&symbol, cell, n % 3, 2);
    let (ink, ground) = if light_on_dark { (rng.byte(180, 255), rng.byte(0, 45)) } else { (20, 250) };
    one(text, toned(screen, ink, ground))
}
