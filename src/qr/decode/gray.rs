//! A picture in shades of grey, the only form the engines see

use image::{DynamicImage, Rgba};

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct GrayImage {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Row by row, 0 is black
    pub(crate) pixels: Vec<u8>,
}

/// What shows through the transparent parts of a picture
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backdrop {
    White,
    Black,
}

impl GrayImage {
    /// Alpha is laid over the backdrop. Colour and 16-bit pictures are walked, not copied, as they may be large.
    pub(crate) fn from_image(image: &DynamicImage, backdrop: Backdrop) -> Self {
        let pixels = match image {
            DynamicImage::ImageLuma8(grey) => grey.as_raw().clone(),
            DynamicImage::ImageRgb8(colour) => {
                let [r, g, b] = [0, 1, 2];
                let bytes = colour.as_raw().chunks_exact(3);
                bytes.map(|p| grey_of(p[r], p[g], p[b])).collect()
            }
            DynamicImage::ImageRgba8(colour) => colour.pixels().map(|p| over(*p, backdrop)).collect(),
            deep => {
                let colour = deep.to_rgba8();
                colour.pixels().map(|p| over(*p, backdrop)).collect()
            }
        };
        Self { width: image.width() as usize, height: image.height() as usize, pixels }
    }

    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.pixels.chunks_exact(self.width)
    }

    /// A symbol is at least 21 modules wide (ISO/IEC 18004, version 1)
    pub(crate) fn holds_a_symbol(&self) -> bool {
        self.width.min(self.height) >= 21
    }

    pub(crate) fn area(&self) -> usize {
        self.width * self.height
    }
}

/// Rec. 601 weights in 256ths, as most readers have them
fn grey_of(r: u8, g: u8, b: u8) -> u8 {
    let weighted = u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29;
    u8::try_from(weighted >> 8).unwrap_or(u8::MAX)
}

fn over(Rgba([r, g, b, alpha]): Rgba<u8>, backdrop: Backdrop) -> u8 {
    let behind = match backdrop {
        Backdrop::White => 255,
        Backdrop::Black => 0,
    };
    let (ink, alpha) = (u32::from(grey_of(r, g, b)), u32::from(alpha));
    u8::try_from((ink * alpha + behind * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_laid_over_the_backdrop() {
        let ink = Rgba([0, 0, 0, 255]);
        let nothing = Rgba([0, 0, 0, 0]);
        let half = Rgba([255, 255, 255, 128]);
        assert_eq!([ink, nothing, half].map(|p| over(p, Backdrop::White)), [0, 255, 255]);
        assert_eq!([ink, nothing, half].map(|p| over(p, Backdrop::Black)), [0, 0, 128]);
    }

    #[test]
    fn white_stays_white() {
        assert_eq!((grey_of(0, 0, 0), grey_of(255, 255, 255)), (0, 255));
    }
}
