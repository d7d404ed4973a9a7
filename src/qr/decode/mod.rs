//! The decoder: runs strategy after strategy until a text is wanted.

mod budget;
mod catch_panic;
mod detection;
mod engine_rqrr;
mod engine_rxing;
mod filters;
mod found;
mod gray;
mod load;
mod strategies;

use std::time::Duration;

use image::DynamicImage;

use budget::{Budget, DECODE_TIMEOUT};
use catch_panic::catch_panic;
use detection::{Code, Detection};
pub use found::{Found, ReadError};
use gray::{Backdrop, GrayImage};
pub use load::is_image;
use load::load;
use strategies::{Engine, STRATEGIES, Strategy};

/// Reads the QR codes of a picture, top to bottom and left to right, each text once.
///
/// Strategies run until a text satisfies `wanted`, and then all wanted texts found so far are returned. If no strategy finds a
/// wanted text, every text is returned, so that the caller can name the kind of code.
///
/// # Errors
/// If the bytes are not a picture, are damaged or too large, or if no code was found in time.
pub fn read(image: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Vec<Found>, ReadError> {
    read_within(image, wanted, DECODE_TIMEOUT)
}

/// Reads the QR codes like [`read`], with another timeout for the work after loading, which tests on busy machines need.
///
/// # Errors
/// If the bytes are not a picture, are damaged or too large, or if no code was found in time.
pub fn read_within(
    image: &[u8],
    wanted: impl Fn(&str) -> bool,
    timeout: Duration,
) -> Result<Vec<Found>, ReadError> {
    let image = load(image)?;
    let budget = Budget::start(timeout);
    let mut codes_found = FoundCodes::default();
    for backdrop in backdrops(&image) {
        let picture = GrayImage::from_image(&image, *backdrop);
        if codes_found.search(&picture, *backdrop, &wanted, budget) {
            return Ok(codes_found.into_found(|code| wanted(&code.text)));
        }
    }
    match codes_found.into_found(|_| true) {
        found if !found.is_empty() => Ok(found),
        _ if budget.is_spent() => Err(ReadError::NoCodeInTime),
        _ => Err(ReadError::NoCode),
    }
}

/// Returns the backdrops to try. Transparent pictures usually have black ink, but white ink shows over black only.
fn backdrops(image: &DynamicImage) -> &'static [Backdrop] {
    if image.color().has_alpha() { &[Backdrop::White, Backdrop::Black] } else { &[Backdrop::White] }
}

/// The codes of all strategies so far, each text once
#[derive(Default)]
struct FoundCodes {
    codes: Vec<(Code, &'static str)>,
}

impl FoundCodes {
    /// Searches a picture, and returns whether a wanted text was found.
    ///
    /// A wanted text does not end the search at once, because half of a page's accounts without a warning would be worse than
    /// a short wait. If an engine left something unread, all strategies run; otherwise only those that find other kinds of
    /// codes.
    fn search(
        &mut self,
        picture: &GrayImage,
        backdrop: Backdrop,
        wanted: impl Fn(&str) -> bool,
        budget: Budget,
    ) -> bool {
        let (mut hit, mut unread) = (false, true);
        for strategy in &STRATEGIES {
            if budget.is_spent() || (hit && !budget.may_search_further()) {
                break;
            }
            if hit && !unread && !strategy.finds_other_kinds {
                continue;
            }
            let Some(detection) = strategy.detect(picture, budget) else {
                continue;
            };
            self.add(detection.codes, strategy, backdrop);
            hit = hit || self.codes.iter().any(|(code, _)| wanted(&code.text));
            unread &= !hit || detection.unread;
        }
        hit
    }

    fn add(&mut self, codes: Vec<Code>, strategy: &Strategy, backdrop: Backdrop) {
        let name = match backdrop {
            Backdrop::White => strategy.name,
            Backdrop::Black => "over black",
        };
        for code in codes {
            let known = self.codes.iter().any(|(other, _)| other.text == code.text);
            if !known && !code.text.is_empty() {
                self.codes.push((code.scaled(strategy.scale()), name));
            }
        }
    }

    fn into_found(mut self, keep: impl Fn(&Code) -> bool) -> Vec<Found> {
        self.codes.retain(|(code, _)| keep(code));
        let lines = group_into_lines(self.codes);
        let found = lines
            .into_iter()
            .flatten()
            .map(|(mut code, strategy)| Found { text: std::mem::take(&mut *code.text), strategy });
        found.collect()
    }
}

/// Groups codes into lines. A code is in the line of another one if its top is above that one's middle.
fn group_into_lines(mut codes: Vec<(Code, &'static str)>) -> Vec<Vec<(Code, &'static str)>> {
    codes.sort_by(|(a, _), (b, _)| a.top.total_cmp(&b.top));
    let mut lines: Vec<Vec<(Code, &'static str)>> = Vec::new();
    for code in codes {
        match lines.last_mut() {
            Some(line) if code.0.top < line[0].0.middle() => line.push(code),
            _ => lines.push(vec![code]),
        }
    }
    for line in &mut lines {
        line.sort_by(|(a, _), (b, _)| a.left.total_cmp(&b.left));
    }
    lines
}

impl Strategy {
    fn detect(&self, picture: &GrayImage, budget: Budget) -> Option<Detection> {
        let prepared = self.prepare(picture)?;
        match self.engine {
            Engine::Rqrr => Some(engine_rqrr::detect(prepared.into_owned(), budget)),
            engine => catch_panic(|| engine_rxing::detect(&prepared, engine, budget)),
        }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn code(text: &str, left: f64, top: f64) -> Code {
        let text = Zeroizing::new(text.to_owned());
        Code::at(text, &[(left, top), (left + 80.0, top), (left, top + 80.0)])
    }

    #[test]
    fn codes_are_in_reading_order() {
        let mut codes_found = FoundCodes::default();
        let page = [("d", 300., 210.), ("b", 400., 9.), ("a", 10., 12.), ("c", 5., 200.), ("a", 9., 300.)];
        let codes = page.map(|(text, left, top)| code(text, left, top)).into();
        codes_found.add(codes, &STRATEGIES[0], Backdrop::White);
        let texts: Vec<String> =
            codes_found.into_found(|_| true).into_iter().map(|found| found.text).collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
    }
}
