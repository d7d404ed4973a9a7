//! The tries of the cascade, in the order in which they pay

use std::borrow::Cow;

use crate::qr::decode::gray::GrayImage;

pub(crate) struct Strategy {
    pub(crate) name: &'static str,
    steps: &'static [Step],
    pub(crate) engine: Engine,
    /// Larger pictures are passed over: the try is dear, and helps only small codes
    most_pixels: usize,
    /// Sees codes beside one that was read already, of which the try that read it has no notion: dark ones, faint ones
    pub(crate) sees_others: bool,
}

#[derive(Clone, Copy)]
enum Step {
    Invert,
    Shrink(u8),
    Double,
    Sharpen,
    Blur,
}

/// Who looks at the prepared picture
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// rxing with a threshold for each neighbourhood
    Local,
    /// rxing with one threshold for the whole picture
    Global,
    /// rqrr, which looks for finders in a different way
    Quirc,
}

use Engine::{Global, Local, Quirc};
use Step::{Blur, Double, Invert, Sharpen, Shrink};

const ANY: usize = usize::MAX;

/// Measured on the pictures of `tests/qr`: the first reads four of five, and each other some that none before it
/// does; median filters, opening, closing and more blur added nothing
pub(crate) const STRATEGIES: [Strategy; 15] = [
    // plain pictures, screenshots, most photographs
    attempt("as it is", &[], Local, ANY),
    // dark mode, and terminals with light text
    attempt("inverted", &[Invert], Local, ANY).seeing_others(),
    // dots, logos, blocks of terminals, noise at large scale
    attempt("a third of its size", &[Shrink(3)], Local, ANY),
    // flat pictures in which a neighbourhood has no contrast of its own
    attempt("one threshold", &[], Global, ANY).seeing_others(),
    attempt("half its size, inverted", &[Shrink(2), Invert], Local, ANY),
    // terminals with light text, again
    attempt("a third of its size, inverted", &[Shrink(3), Invert], Local, ANY),
    // small or blurred codes
    attempt("doubled and sharpened", &[Double, Sharpen], Local, 4_000_000),
    // large photographs of screens
    attempt("a sixth of its size", &[Shrink(6)], Local, ANY),
    attempt("a third of its size, sharpened", &[Shrink(3), Sharpen], Local, ANY),
    // out of focus
    attempt("sharpened twice", &[Sharpen, Sharpen], Local, 4_000_000),
    attempt("half its size, sharpened twice", &[Shrink(2), Sharpen, Sharpen], Local, ANY),
    attempt("half its size, blurred", &[Shrink(2), Blur], Local, ANY),
    attempt("half its size, blurred, inverted", &[Shrink(2), Blur, Invert], Local, ANY),
    attempt("one threshold, inverted", &[Invert], Global, ANY),
    // slow, and fails on other pictures than rxing does
    attempt("rqrr", &[], Quirc, 2_500_000),
];

const fn attempt(name: &'static str, steps: &'static [Step], engine: Engine, most_pixels: usize) -> Strategy {
    Strategy { name, steps, engine, most_pixels, sees_others: false }
}

impl Strategy {
    const fn seeing_others(self) -> Self {
        Self { sees_others: true, ..self }
    }

    /// The picture for the engine, unless the try does not suit its size
    pub(crate) fn prepare<'a>(&self, picture: &'a GrayImage) -> Option<Cow<'a, GrayImage>> {
        if picture.area() > self.most_pixels {
            return None;
        }
        let apply = |picture: Cow<'a, GrayImage>, step: &Step| {
            let changed = step.apply(&picture);
            changed.holds_a_symbol().then_some(Cow::Owned(changed))
        };
        let whole = picture.holds_a_symbol().then_some(Cow::Borrowed(picture))?;
        self.steps.iter().try_fold(whole, apply)
    }

    /// How many of the picture's pixels one of the prepared picture's is
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
