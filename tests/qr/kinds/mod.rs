//! The kinds of pictures in which people meet and keep codes.

use image::GrayImage;

use crate::canvas::png;
use crate::rng::Rng;

mod damage;
mod files;
mod ink;
mod photos;
mod plain;
mod screens;

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    make: fn(&mut Rng, u32) -> Case,
}

/// A picture file and the texts of its codes
pub(crate) struct Case {
    pub(crate) file: Vec<u8>,
    pub(crate) texts: Vec<String>,
}

/// The pictures of each kind, which makes 384 for 48 kinds
pub(crate) const PER_KIND: u32 = 8;

pub(crate) fn all() -> Vec<&'static Kind> {
    let tables = [plain::KINDS, ink::KINDS, screens::KINDS, damage::KINDS, photos::KINDS, files::KINDS];
    tables.into_iter().flatten().collect()
}

impl Kind {
    const fn new(name: &'static str, make: fn(&mut Rng, u32) -> Case) -> Self {
        Self { name, make }
    }

    /// Returns the nth picture of this kind and seed, which is always the same.
    pub(crate) fn case(&self, seed: u64, n: u32) -> Case {
        let name = self
            .name
            .bytes()
            .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        (self.make)(&mut Rng::new(name ^ (u64::from(n) << 40)), n)
    }
}

fn one(text: String, picture: GrayImage) -> Case {
    Case { file: png(picture), texts: vec![text] }
}
