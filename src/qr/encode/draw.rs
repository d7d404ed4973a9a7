//! A symbol drawn: as PNG, as SVG, in blocks for a terminal

use std::fmt::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use crate::qr::encode::Symbol;

/// The light border that ISO/IEC 18004 asks for, in modules
const QUIET: usize = 4;

/// Above this a module's side in a PNG only costs memory: the largest symbol is then 5,920 pixels wide
const MOST_SCALE: u32 = 32;

impl Symbol {
    /// A grey PNG with `scale` (1 to 32) pixels a module
    #[must_use]
    pub fn png(&self, scale: u32) -> Vec<u8> {
        let scale = scale.clamp(1, MOST_SCALE) as usize;
        let side = self.outer() * scale;
        let pixel = |n: usize| {
            if self.ink(n % side / scale, n / side / scale) { 0 } else { 255 }
        };
        let pixels: Vec<u8> = (0..side * side).map(pixel).collect();
        let mut file = Vec::new();
        let side = u32::try_from(side).expect("at most 32 × 185");
        PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::NoFilter)
            .write_image(&pixels, side, side, ExtendedColorType::L8)
            .expect("memory takes any grey picture of the size it says");
        file
    }

    /// An SVG with a white ground, `scale` units a module
    #[must_use]
    pub fn svg(&self, scale: u32) -> String {
        let modules = self.outer();
        let size = modules * scale.max(1) as usize;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" \
             viewBox=\"0 0 {modules} {modules}\" shape-rendering=\"crispEdges\">\n\
             <rect width=\"{modules}\" height=\"{modules}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\""
        );
        for y in 0..modules {
            for (x, length) in self.strokes(y) {
                // writing to a String does not fail
                let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
            }
        }
        svg.push_str("\"/>\n</svg>\n");
        svg
    }

    /// Two rows of modules a line of text, dark modules as ink: for dark text on a light ground
    #[must_use]
    pub fn half_blocks(&self) -> String {
        let side = self.outer();
        let mut text = String::new();
        for y in (0..side).step_by(2) {
            text.extend((0..side).map(|x| half_block(self.ink(x, y), self.ink(x, y + 1))));
            text.push('\n');
        }
        text
    }

    fn outer(&self) -> usize {
        self.width() + 2 * QUIET
    }

    /// Counted from the quiet zone's corner
    fn ink(&self, x: usize, y: usize) -> bool {
        x >= QUIET && y >= QUIET && self.is_dark(x - QUIET, y - QUIET)
    }

    /// Where dark runs of a row begin, and their lengths
    fn strokes(&self, y: usize) -> impl Iterator<Item = (usize, usize)> {
        let starts = (1..self.outer()).filter(move |&x| self.ink(x, y) && !self.ink(x - 1, y));
        starts.map(move |x| (x, (x..self.outer()).take_while(|&x| self.ink(x, y)).count()))
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
    fn an_svg_is_as_large_as_it_says() {
        let svg = symbol().svg(10);
        assert!(svg.starts_with(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"290\" height=\"290\" viewBox=\"0 0 29 29\""
        ));
        assert!(svg.contains("M4 4h7v1h-7z"));
    }

    #[test]
    fn a_scale_of_nothing_is_one() {
        assert_eq!(symbol().png(0), symbol().png(1));
    }
}
