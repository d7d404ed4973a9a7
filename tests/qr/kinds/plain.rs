//! Codes as programs write them: straight, module by module.

use image::{GrayImage, imageops};
use mfa::qr::Level;

use super::{Case, Kind, one};
use crate::canvas::{LEVELS, drawn, fill, grey, paste, symbol, toned};
use crate::rng::Rng;

pub(super) const KINDS: &[Kind] = &[
    Kind::new("aws, 1 px", |rng, _| aws(rng, 1)),
    Kind::new("aws, 2 px", |rng, _| aws(rng, 2)),
    Kind::new("aws, 3 px", |rng, _| aws(rng, 3)),
    Kind::new("aws, 4 px", |rng, _| aws(rng, 4)),
    Kind::new("aws, 5 px", |rng, _| aws(rng, 5)),
    Kind::new("level L", |rng, _| level(rng, Level::L)),
    Kind::new("level M", |rng, _| level(rng, Level::M)),
    Kind::new("level Q", |rng, _| level(rng, Level::Q)),
    Kind::new("level H", |rng, _| level(rng, Level::H)),
    Kind::new("no border", |rng, n| any(rng, 1 + n, 0)),
    Kind::new("no border, coloured page", no_border_on_page),
    Kind::new("thin border, dark page", thin_border_on_dark),
    Kind::new("large modules", |rng, n| any(rng, 18 + 4 * n, 4)),
    Kind::new("mirrored", mirrored),
    Kind::new("quarter turns", quarter_turns),
    Kind::new("stretched", stretched),
];

fn aws(rng: &mut Rng, scale: u32) -> Case {
    let text = rng.aws_uri();
    let level = *rng.pick(&[Level::L, Level::M]);
    let picture = drawn(&symbol(&text, level), scale, 4);
    one(text, picture)
}

fn level(rng: &mut Rng, level: Level) -> Case {
    let text = rng.uri();
    let picture = drawn(&symbol(&text, level), rng.int(2, 8), rng.int(2, 4));
    one(text, picture)
}

fn picture(rng: &mut Rng, scale: u32, quiet: u32) -> (String, GrayImage) {
    let text = rng.uri();
    let level = *rng.pick(&LEVELS);
    let picture = drawn(&symbol(&text, level), scale, quiet);
    (text, picture)
}

fn any(rng: &mut Rng, scale: u32, quiet: u32) -> Case {
    let (text, picture) = picture(rng, scale, quiet);
    one(text, picture)
}

/// Cuts the quiet zone off, and puts the code on a page that is neither white nor dark.
fn no_border_on_page(rng: &mut Rng, n: u32) -> Case {
    let (text, code) = picture(rng, 2 + n, 0);
    let mut page = grey(code.width() * 2, code.height() * 2, rng.byte(150, 235));
    paste(&mut page, &code, code.width() / 3, code.height() / 2);
    one(text, page)
}

fn thin_border_on_dark(rng: &mut Rng, n: u32) -> Case {
    let (text, code) = picture(rng, 2 + n, 1);
    let mut page = grey(code.width() * 2, code.height() * 2, rng.byte(0, 50));
    paste(&mut page, &code, code.width() / 2, code.height() / 3);
    one(text, page)
}

fn mirrored(rng: &mut Rng, n: u32) -> Case {
    let (text, code) = picture(rng, 2 + n, 4);
    one(text, imageops::flip_horizontal(&code))
}

fn quarter_turns(rng: &mut Rng, n: u32) -> Case {
    let (text, code) = picture(rng, 1 + n, 4);
    let turned = match n % 3 {
        0 => imageops::rotate90(&code),
        1 => imageops::rotate180(&code),
        _ => imageops::rotate270(&code),
    };
    one(text, turned)
}

/// Stretches the code in one direction, as in a careless document, under a dark heading.
fn stretched(rng: &mut Rng, n: u32) -> Case {
    let (text, code) = picture(rng, 4 + n, 4);
    let (wide, high) = (rng.float(0.75, 1.3), rng.float(0.75, 1.3));
    let side = |factor: f64| (f64::from(code.width()) * factor) as u32;
    let code = imageops::resize(&code, side(wide), side(high), imageops::FilterType::Triangle);
    let mut page = grey(code.width(), code.height() + 40, 255);
    fill(&mut page, 0, 0, code.width(), 20, 30);
    paste(&mut page, &code, 0, 40);
    one(text, toned(page, 10, 250))
}
