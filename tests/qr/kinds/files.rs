//! File formats and colour types that hold the same pixels.

use image::{DynamicImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgba};

use super::{Case, Kind};
use crate::canvas::{LEVELS, drawn, encoded, png, symbol};
use crate::rng::Rng;

pub(super) const KINDS: &[Kind] = &[
    Kind::new("16 bits a channel", deep),
    Kind::new("16 bits a channel, transparent", deep_transparent),
    Kind::new("1-bit BMP", |rng, n| file(rng, n, one_bit_bmp)),
    Kind::new("palette with transparency", |rng, n| file(rng, n, palette_gif)),
    Kind::new("GIF, WebP, BMP, JPEG", other_formats),
];

fn file(rng: &mut Rng, n: u32, make: fn(&GrayImage) -> Vec<u8>) -> Case {
    let text = rng.uri();
    let picture = drawn(&symbol(&text, *rng.pick(&LEVELS)), 1 + n, 4);
    Case { file: make(&picture), texts: vec![text] }
}

fn deep(rng: &mut Rng, n: u32) -> Case {
    file(rng, n, |picture| {
        let deep = DynamicImage::ImageLuma8(picture.clone());
        if picture.width() % 2 == 0 { png(deep.into_rgb16()) } else { png(deep.into_luma16()) }
    })
}

fn deep_transparent(rng: &mut Rng, n: u32) -> Case {
    file(rng, n, |picture| {
        let image = ImageBuffer::from_fn(picture.width(), picture.height(), |x, y| {
            let Luma([shade]) = *picture.get_pixel(x, y);
            Rgba([0_u16, 0, 0, u16::from(255 - shade) * 257])
        });
        png(DynamicImage::ImageRgba16(image))
    })
}

/// Writes a 1-bit BMP, which the image crate cannot write.
fn one_bit_bmp(picture: &GrayImage) -> Vec<u8> {
    let row = picture.width().div_ceil(32) * 4;
    let size = 62 + row * picture.height();
    let mut file = b"BM".to_vec();
    for value in
        [size, 0, 62, 40, picture.width(), picture.height(), 0x0001_0001, 0, 0, 0, 0, 2, 0, 0, 0x00FF_FFFF]
    {
        file.extend(value.to_le_bytes());
    }
    for y in (0..picture.height()).rev() {
        let mut bits = vec![0_u8; row as usize];
        for x in (0..picture.width()).filter(|&x| picture.get_pixel(x, y).0[0] > 127) {
            bits[x as usize / 8] |= 0x80 >> (x % 8);
        }
        file.extend(bits);
    }
    file
}

fn palette_gif(picture: &GrayImage) -> Vec<u8> {
    let image = image::RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
        let Luma([shade]) = *picture.get_pixel(x, y);
        Rgba([0, 0, 0, 255 - shade])
    });
    encoded(image, ImageFormat::Gif)
}

fn other_formats(rng: &mut Rng, n: u32) -> Case {
    file(
        rng,
        n,
        match n % 4 {
            0 => |picture| encoded(DynamicImage::ImageLuma8(picture.clone()).into_rgb8(), ImageFormat::Gif),
            1 => |picture| encoded(DynamicImage::ImageLuma8(picture.clone()).into_rgb8(), ImageFormat::WebP),
            2 => |picture| encoded(picture.clone(), ImageFormat::Bmp),
            _ => |picture| encoded(picture.clone(), ImageFormat::Jpeg),
        },
    )
}
