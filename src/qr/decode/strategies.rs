//! The strategies of the decoder, in the order of their yield.

use std::borrow::Cow;

use crate::qr::decode::gray::GrayImage;

/// A preparation of the picture, and the engine that then searches it
pub(crate) struct Strategy {
    pub(crate) name: &'static str,
    steps: &'static [Step],
    pub(crate) engine: Engine,
    /// The strategy skips larger pictures: it is slow, and helps only small codes
    max_pixels: usize,
    /// Whether the strategy finds kinds of codes, dark or faint ones, that the strategies before it overlook beside a code
    pub(crate) finds_other_kinds: bool,
}

#[derive(Clone, Copy)]
enum Step {
    Invert,
    Shrink(u8),
    Double,
    Sharpen,
    Blur,
}

/// The engine that searches the prepared picture
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// rxing, with a threshold for each neighbourhood
    Local,
    /// rxing, with one threshold for the whole picture
    Global,
    /// rqrr, which searches for finders in a different way
    Rqrr,
}

use Engine::{Global, Local, Rqrr};
use Step::{Blur, Double, Invert, Sharpen, Shrink};

const ANY: usize = usize::MAX;

/// The strategies, measured on the pictures of `tests/qr`: the first reads four of five, and each other one reads some that
/// none before it does. Median filters, opening, closing and more blur read nothing new.
pub(crate) const STRATEGIES: [Strategy; 15] = [
    // plain pictures, screenshots, most photographs
    strategy("original", &[], Local, ANY),
    // dark mode, and terminals with light text
    strategy("inverted", &[Invert], Local, ANY).finding_other_kinds(),
    // dots, logos, blocks of terminals, noise at large scale
    strategy("a third of its size", &[Shrink(3)], Local, ANY),
    // flat pictures in which a neighbourhood has no contrast of its own
    strategy("one threshold", &[], Global, ANY).finding_other_kinds(),
    strategy("half its size, inverted", &[Shrink(2), Invert], Local, ANY),
    // terminals with light text, again
    strategy("a third of its size, inverted", &[Shrink(3), Invert], Local, ANY),
    // small or blurred codes
    strategy("doubled and sharpened", &[Double, Sharpen], Local, 4_000_000),
    // large photographs of screens
    strategy("a sixth of its size", &[Shrink(6)], Local, ANY),
    strategy("a third of its size, sharpened", &[Shrink(3), Sharpen], Local, ANY),
    // out of focus
    strategy("sharpened twice", &[Sharpen, Sharpen], Local, 4_000_000),
    strategy("half its size, sharpened twice", &[Shrink(2), Sharpen, Sharpen], Local, ANY),
    strategy("half its size, blurred", &[Shrink(2), Blur], Local, ANY),
    strategy("half its size, blurred, inverted", &[Shrink(2), Blur, Invert], Local, ANY),
    strategy("one threshold, inverted", &[Invert], Global, ANY),
    // slow, and fails on other pictures than rxing does
    strategy("rqrr", &[], Rqrr, 2_500_000),
];

const fn strategy(name: &'static str, steps: &'static [Step], engine: Engine, max_pixels: usize) -> Strategy {
    Strategy { name, steps, engine, max_pixels, finds_other_kinds: false }
}

impl Strategy {
    const fn finding_other_kinds(self) -> Self {
        Self { finds_other_kinds: true, ..self }
    }

    /// Returns the prepared picture, or `None` if its size does not suit the strategy.
    pub(crate) fn prepare<'a>(&self, picture: &'a GrayImage) -> Option<Cow<'a, GrayImage>> {
        if picture.area() > self.max_pixels {
            return None;
        }
        let apply = |picture: Cow<'a, GrayImage>, step: &Step| {
            let changed = step.apply(&picture);
            changed.fits_symbol().then_some(Cow::Owned(changed))
        };
        let whole = picture.fits_symbol().then_some(Cow::Borrowed(picture))?;
        self.steps.iter().try_fold(whole, apply)
    }

    /// Returns how many pixels of the picture are as wide as one pixel of the prepared picture.
    pub(crate) fn scale(&self) -> f64 {
        self.steps.iter().map(|step| step.scale()).product()
    }
}

impl Step {
    fn apply(self, picture: &GrayImage) -> GrayImage {
        match self {
            Invert => picture.inverted(),
            Shrink(factor) => picture.shrunk(usize::from(factor)),
            Double => picture.doubled(),
            Sharpen => picture.sharpened(),
            Blur => picture.blurred(),
        }
    }

    fn scale(self) -> f64 {
        match self {
            Shrink(factor) => f64::from(factor),
            Double => 0.5,
            Invert | Sharpen | Blur => 1.0,
        }
    }
}
