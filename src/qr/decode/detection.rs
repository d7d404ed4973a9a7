//! The result of an engine on one prepared picture.

use zeroize::Zeroizing;

/// The codes that an engine read in a picture
#[derive(Default)]
pub(super) struct Detection {
    pub(super) codes: Vec<Code>,
    /// Whether something looked like a further code and could not be read
    pub(super) unread: bool,
}

/// The text of a code, with its place in the picture, in pixels
pub(super) struct Code {
    pub(super) text: Zeroizing<String>,
    pub(super) top: f64,
    bottom: f64,
    pub(super) left: f64,
}

impl Code {
    /// Creates a code from its text and points of its outline.
    pub(super) fn at(text: Zeroizing<String>, points: &[(f64, f64)]) -> Self {
        let smallest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        Self {
            text,
            top: smallest(&mut points.iter().map(|point| point.1)),
            bottom: -smallest(&mut points.iter().map(|point| -point.1)),
            left: smallest(&mut points.iter().map(|point| point.0)),
        }
    }

    pub(super) fn scaled(self, scale: f64) -> Self {
        Self { text: self.text, top: self.top * scale, bottom: self.bottom * scale, left: self.left * scale }
    }

    pub(super) fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }
}
