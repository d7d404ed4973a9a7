//! Draws a symbol as PNG, as SVG, or in blocks for a terminal.

use std::fmt::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use crate::qr::encode::Symbol;

/// The width of the quiet zone in modules (ISO/IEC 18004)
const QUIET_ZONE: usize = 4;

/// The largest scale of a PNG, at which the largest symbol is 5,920 pixels wide
const MAX_SCALE: u32 = 32;

impl Symbol {
    /// Draws a grey PNG with `scale` (1 to 32) pixels for each module.
    #[must_use]
    pub fn png(&self, scale: u32) -> Vec<u8> {
        let scale = scale.clamp(1, MAX_SCALE) as usize;
        let side = self.outer_width() * scale;
        let pixel = |n: usize| {
            if self.is_ink(n % side / scale, n / side / scale) { 0 } else { 255 }
        };
        let pixels: Vec<u8> = (0..side * side).map(pixel).collect();
        let mut file = Vec::new();
        let side = u32::try_from(side).expect("at most 32 × 185");
        PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::NoFilter)
            .write_image(&pixels, side, side, ExtendedColorType::L8)
            .expect("encoding into memory does not fail");
        file
    }

    /// Draws an SVG with a white background and `scale` units for each module.
    #[must_use]
    pub fn svg(&self, scale: u32) -> String {
        let modules = self.outer_width();
        let size = modules * scale.max(1) as usize;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" \
             viewBox=\"0 0 {modules} {modules}\" shape-rendering=\"crispEdges\">\n\
             <rect width=\"{modules}\" height=\"{modules}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\""
        );
        for y in 0..modules {
            for (x, length) in self.strokes(y) {
                // Writing to a String does not fail.
                let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
            }
        }
        svg.push_str("\"/>\n</svg>\n");
        svg
    }

    /// Draws two rows of modules in each line of text, for dark text on a light background.
    #[must_use]
    pub fn half_blocks(&self) -> String {
        let side = self.outer_width();
        let mut text = String::new();
        for y in (0..side).step_by(2) {
            text.extend((0..side).map(|x| half_block(self.is_ink(x, y), self.is_ink(x, y + 1))));
            text.push('\n');
        }
        text
    }

    /// Returns the width with the quiet zone, in modules.
    fn outer_width(&self) -> usize {
        self.width() + 2 * QUIET_ZONE
    }

    /// Returns whether the module at a place is dark, counted from the corner of the quiet zone.
    fn is_ink(&self, x: usize, y: usize) -> bool {
        x >= QUIET_ZONE && y >= QUIET_ZONE && self.is_dark(x - QUIET_ZONE, y - QUIET_ZONE)
    }

    /// Returns the start and the length of each dark run in a row.
    fn strokes(&self, y: usize) -> impl Iterator<Item = (usize, usize)> {
        let starts = (1..self.outer_width()).filter(move |&x| self.is_ink(x, y) && !self.is_ink(x - 1, y));
        starts.map(move |x| (x, (x..self.outer_width()).take_while(|&x| self.is_ink(x, y)).count()))
    }
}

fn half_block(above: bool, below: bool) -> char {
    match (above, below) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol() -> Symbol {
        Symbol::encode("x").expect("fits")
    }

    #[test]
    fn half_blocks_have_a_quiet_zone_and_all_rows() {
        let text = symbol().half_blocks();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 15);
        assert!(lines.iter().all(|line| line.chars().count() == 29));
        assert!([0, 1, 13, 14].iter().all(|&y| lines[y].trim().is_empty()));
        assert!(lines[2].starts_with("    █▀▀▀▀▀█ "));
    }

    #[test]
    fn svg_has_the_size_that_it_states() {
        let svg = symbol().svg(10);
        assert!(svg.starts_with(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"290\" height=\"290\" viewBox=\"0 0 29 29\""
        ));
        assert!(svg.contains("M4 4h7v1h-7z"));
    }

    #[test]
    fn scale_0_is_scale_1() {
        assert_eq!(symbol().png(0), symbol().png(1));
    }
}
