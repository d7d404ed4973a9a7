//! A picture in shades of grey, the form that the engines take.

use image::{DynamicImage, Rgba};

/// A picture in shades of grey, with 8 bits for each pixel
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct GrayImage {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Row by row, 0 is black
    pub(crate) pixels: Vec<u8>,
}

/// The colour behind the transparent parts of a picture
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backdrop {
    White,
    Black,
}

impl GrayImage {
    /// Converts a picture to grey, with its transparent parts over the backdrop. Reads large colour pictures without a copy.
    pub(crate) fn from_image(image: &DynamicImage, backdrop: Backdrop) -> Self {
        let pixels = match image {
            DynamicImage::ImageLuma8(grey) => grey.as_raw().clone(),
            DynamicImage::ImageRgb8(colour) => {
                let [r, g, b] = [0, 1, 2];
                let bytes = colour.as_raw().chunks_exact(3);
                bytes.map(|p| luminance(p[r], p[g], p[b])).collect()
            }
            DynamicImage::ImageRgba8(colour) => colour.pixels().map(|p| blend(*p, backdrop)).collect(),
            deep => {
                let colour = deep.to_rgba8();
                colour.pixels().map(|p| blend(*p, backdrop)).collect()
            }
        };
        Self { width: image.width() as usize, height: image.height() as usize, pixels }
    }

    pub(crate) fn rows(&self) -> std::slice::ChunksExact<'_, u8> {
        self.pixels.chunks_exact(self.width)
    }

    /// Returns whether a symbol fits, which is at least 21 modules wide (ISO/IEC 18004, version 1).
    pub(crate) fn fits_symbol(&self) -> bool {
        self.width.min(self.height) >= 21
    }

    pub(crate) fn area(&self) -> usize {
        self.width * self.height
    }
}

/// Returns the luminance by the weights of Rec. 601, in 256ths, as most readers do.
fn luminance(r: u8, g: u8, b: u8) -> u8 {
    let weighted = u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29;
    u8::try_from(weighted >> 8).unwrap_or(u8::MAX)
}

fn blend(Rgba([r, g, b, alpha]): Rgba<u8>, backdrop: Backdrop) -> u8 {
    let behind = match backdrop {
        Backdrop::White => 255,
        Backdrop::Black => 0,
    };
    let (ink, alpha) = (u32::from(luminance(r, g, b)), u32::from(alpha));
    u8::try_from((ink * alpha + behind * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparent_pixels_show_the_backdrop() {
        let ink = Rgba([0, 0, 0, 255]);
        let nothing = Rgba([0, 0, 0, 0]);
        let half = Rgba([255, 255, 255, 128]);
        assert_eq!([ink, nothing, half].map(|p| blend(p, Backdrop::White)), [0, 255, 255]);
        assert_eq!([ink, nothing, half].map(|p| blend(p, Backdrop::Black)), [0, 0, 128]);
    }

    #[test]
    fn white_stays_white() {
        assert_eq!((luminance(0, 0, 0), luminance(255, 255, 255)), (0, 255));
    }
}
