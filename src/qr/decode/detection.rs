//! What an engine makes of a picture

use zeroize::Zeroizing;

/// What an engine made of a picture
#[derive(Default)]
pub(crate) struct Detection {
    pub(crate) codes: Vec<Code>,
    /// Something looked like a further code and could not be read
    pub(crate) unread: bool,
}

/// A code where it was seen
pub(crate) struct Code {
    pub(crate) text: Zeroizing<String>,
    pub(crate) top: f64,
    bottom: f64,
    pub(crate) left: f64,
}

impl Code {
    pub(crate) fn at(text: Zeroizing<String>, points: &[(f64, f64)]) -> Self {
        let smallest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        Self {
            text,
            top: smallest(&mut points.iter().map(|point| point.1)),
            bottom: -smallest(&mut points.iter().map(|point| -point.1)),
            left: smallest(&mut points.iter().map(|point| point.0)),
        }
    }

    pub(crate) fn scaled(self, scale: f64) -> Self {
        Self { text: self.text, top: self.top * scale, bottom: self.bottom * scale, left: self.left * scale }
    }

    pub(crate) fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }
}
