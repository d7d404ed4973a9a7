//! The surroundings of a code: web pages, terminals, desks.

use image::{GrayImage, Luma};
use mfa::qr::Symbol;

use crate::canvas::{fill, grey, shade};
use crate::rng::Rng;

/// Draws a page of text-like lines, boxes and a picture, in a theme.
pub(crate) fn web_page(width: u32, height: u32, dark: bool, rng: &mut Rng) -> GrayImage {
    let (ground, ink) = if dark { (rng.byte(18, 40), 215) } else { (rng.byte(240, 255), 40) };
    let mut page = grey(width, height, ground);
    let bar = rng.byte(30, 90);
    fill(&mut page, 0, 0, width, height / 20, bar);
    for _ in 0..6 {
        let (x, y) = (rng.int(0, width * 3 / 4), rng.int(height / 16, height * 3 / 4));
        let (w, h) = (rng.int(width / 20, width / 4), rng.int(height / 30, height / 5));
        let box_shade = if dark { rng.byte(30, 70) } else { rng.byte(200, 250) };
        fill(&mut page, x, y, w, h, box_shade);
    }
    speckled(&mut page, rng);
    let size = *rng.pick(&[9, 12, 15, 22]);
    let mut y = height / 14;
    while y + size < height {
        line_of_text(&mut page, y, size, ink, rng);
        y += size * 2;
    }
    page
}

/// Draws a photograph in the page as coarse noise.
fn speckled(page: &mut GrayImage, rng: &mut Rng) {
    let (w, h) = (page.width() / 6, page.height() / 6);
    let (left, top) = (rng.int(0, page.width() - w), rng.int(0, page.height() - h));
    for y in (0..h).step_by(4) {
        for x in (0..w).step_by(4) {
            let shade = rng.byte(0, 255);
            fill(page, left + x, top + y, 4, 4, shade);
        }
    }
}

/// Draws letters as a stem and one or two bars, antialiased in half steps.
fn line_of_text(page: &mut GrayImage, y: u32, size: u32, ink: u8, rng: &mut Rng) {
    let mut x = rng.int(size, page.width() / 5);
    let end = rng.int(page.width() / 3, page.width() * 9 / 10);
    let stem = (size / 8).max(1);
    while x + size < end {
        if rng.int(0, 5) > 0 {
            fill(page, x, y, stem, size, ink);
            let bar = y + *rng.pick(&[0, size / 2, size - stem]);
            fill(page, x, bar, size / 2, stem, ink);
            if rng.int(0, 1) == 0 {
                fill(page, x + size / 2, y + size / 3, stem, size * 2 / 3, ink);
            }
        }
        x += size * 3 / 4;
    }
}

/// Draws the grain, edges and shades of a desk under a sheet or a screen.
pub(crate) fn desk(width: u32, height: u32, rng: &mut Rng) -> GrayImage {
    let base = rng.float(50.0, 190.0);
    let (a, b) = (rng.float(0.002, 0.02), rng.float(0.05, 0.4));
    let mut desk = GrayImage::from_fn(width, height, |x, y| {
        let grain = (f64::from(x) * a + (f64::from(y) * b).sin()).sin() * 14.0;
        Luma([(base + grain).clamp(0.0, 255.0) as u8])
    });
    for _ in 0..5 {
        let (x, y) = (rng.int(0, width - 1), rng.int(0, height - 1));
        let (w, h) = (rng.int(width / 20, width / 3), rng.int(height / 20, height / 3));
        let thing = rng.byte(20, 240);
        fill(&mut desk, x, y, w, h, thing);
    }
    desk
}

/// Draws a code like `qrencode -t ansiutf8`: cells of a font, with a seam between lines.
pub(crate) fn terminal(symbol: &Symbol, cell: (u32, u32), seam: u32, quiet: u32) -> GrayImage {
    let (cell_width, cell_height) = cell;
    let modules = symbol.width() as u32 + 2 * quiet;
    let line = cell_height + seam;
    GrayImage::from_fn(modules * cell_width, modules.div_ceil(2) * line, |x, y| {
        let within = y % line;
        let row = y / line * 2 + u32::from(within * 2 >= cell_height);
        let ink = within < cell_height && shade(symbol, x / cell_width, row, quiet) == 0;
        Luma([if ink { 0 } else { 255 }])
    })
}
