//! Pictures without a code, from which no text may be read.

use image::{GrayImage, Luma, imageops};
use mfa::qr::{Level, ReadError, read_within};

use crate::PATIENCE;
use crate::canvas::{drawn, fill, grey, lit, noisy, paste, png, symbol};
use crate::lens::turned;
use crate::page::{desk, web_page};
use crate::rng::Rng;
use crate::work::on_two_threads;

const PICTURES: u32 = 112;

#[test]
fn pictures_without_a_code_give_no_text() {
    let numbers: Vec<u32> = (0..PICTURES).collect();
    let results = on_two_threads(&numbers, |&n| read_within(&png(picture(n)), |_| true, PATIENCE));
    for (n, result) in results.into_iter().enumerate() {
        assert_eq!(result, Err(ReadError::NoCode), "picture {n}");
    }
}

fn picture(n: u32) -> GrayImage {
    let mut rng = Rng::new(u64::from(n) + 7_000);
    let side = rng.int(120, 640);
    match n % 8 {
        0 => noisy(grey(side, side, 128), 60.0, &mut rng),
        1 => web_page(side * 2, side, n.is_multiple_of(3), &mut rng),
        2 => lit(grey(side, side, 250), 0.1, &mut rng),
        3 => desk(side, side, &mut rng),
        4 => random_modules(&mut rng),
        5 => finders_without_data(&mut rng),
        6 => half_a_code(&mut rng),
        _ => turned(&one_finder_gone(&mut rng), rng.float(0.0, 90.0), 255),
    }
}

/// Draws random black and white squares, as in a crossword.
fn random_modules(rng: &mut Rng) -> GrayImage {
    let (modules, scale) = (rng.int(21, 60), rng.int(2, 8));
    let small = GrayImage::from_fn(modules, modules, |_, _| Luma([*rng.pick(&[0, 255])]));
    imageops::resize(&small, modules * scale, modules * scale, imageops::FilterType::Nearest)
}

/// Draws the three finders of a code around random modules.
fn finders_without_data(rng: &mut Rng) -> GrayImage {
    let code = symbol(&rng.uri(), Level::M);
    let width = code.width() as u32;
    let scale = rng.int(2, 7);
    let mut picture = drawn(&code, scale, 4);
    for y in 9..width {
        for x in 9..width {
            let shade = *rng.pick(&[0, 255]);
            fill(&mut picture, (x + 4) * scale, (y + 4) * scale, scale, scale, shade);
        }
    }
    picture
}

/// Cuts a picture to its upper half.
fn half_a_code(rng: &mut Rng) -> GrayImage {
    let code = drawn(&symbol(&rng.uri(), Level::H), rng.int(2, 7), 4);
    let mut page = grey(code.width() * 2, code.height() * 2, 255);
    let half = imageops::crop_imm(&code, 0, 0, code.width(), code.height() / 2).to_image();
    paste(&mut page, &half, code.width() / 2, code.height() / 2);
    page
}

/// Draws a code without its third finder and a third of its data.
fn one_finder_gone(rng: &mut Rng) -> GrayImage {
    let mut code = drawn(&symbol(&rng.uri(), Level::L), rng.int(3, 7), 4);
    let side = code.width();
    fill(&mut code, 0, side / 2, side * 2 / 3, side / 2, 255);
    code
}
