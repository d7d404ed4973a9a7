//! Runs strategy after strategy until a text is wanted

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

use budget::{Budget, TIMEOUT};
use catch_panic::catch_panic;
use detection::{Code, Detection};
pub use found::{Found, ReadError};
use gray::{Backdrop, GrayImage};
pub use load::is_image;
use load::load;
use strategies::{Engine, STRATEGIES, Strategy};

/// Reads the QR codes of a picture, top to bottom and left to right, each text once.
///
/// Tries go on until a text satisfies `wanted`; then all wanted texts seen so far are the answer. If the
/// whole cascade gives none, it is whatever was read, so that the caller can say what kind of code it was.
///
/// # Errors
/// If the bytes are no picture, damaged, too large, or no code was found.
pub fn read(image: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Vec<Found>, ReadError> {
    read_within(image, wanted, TIMEOUT)
}

/// As [`read`], with another limit to the work that follows loading: tests on busy machines need it
///
/// # Errors
/// As [`read`].
pub fn read_within(
    image: &[u8],
    wanted: impl Fn(&str) -> bool,
    patience: Duration,
) -> Result<Vec<Found>, ReadError> {
    let image = load(image)?;
    let budget = Budget::start(patience);
    let mut seen = FoundCodes::default();
    for backdrop in backdrops(&image) {
        let picture = GrayImage::from_image(&image, *backdrop);
        if seen.search(&picture, *backdrop, &wanted, budget) {
            return Ok(seen.into_found(|code| wanted(&code.text)));
        }
    }
    match seen.into_found(|_| true) {
        found if !found.is_empty() => Ok(found),
        _ if budget.is_spent() => Err(ReadError::NoCodeInTime),
        _ => Err(ReadError::NoCode),
    }
}

/// Black ink on nothing is the usual transparent code; white ink on nothing shows over black only
fn backdrops(image: &DynamicImage) -> &'static [Backdrop] {
    if image.color().has_alpha() { &[Backdrop::White, Backdrop::Black] } else { &[Backdrop::White] }
}

/// The codes of all tries so far, each text once
#[derive(Default)]
struct FoundCodes {
    codes: Vec<(Code, &'static str)>,
}

impl FoundCodes {
    /// Whether a text is wanted. It does not end the search at once: half of a page's accounts, without a word about the
    /// rest, would be worse than a moment's wait. Where something was left unread all tries are made, else those that see
    /// codes of another kind.
    fn search(
        &mut self,
        picture: &GrayImage,
        backdrop: Backdrop,
        wanted: impl Fn(&str) -> bool,
        budget: Budget,
    ) -> bool {
        let (mut hit, mut unread) = (false, true);
        for attempt in &STRATEGIES {
            if budget.is_spent() || (hit && !budget.may_search_further()) {
                break;
            }
            if hit && !unread && !attempt.sees_others {
                continue;
            }
            let Some(sight) = attempt.look(picture, budget) else {
                continue;
            };
            self.add(sight.codes, attempt, backdrop);
            hit = hit || self.codes.iter().any(|(code, _)| wanted(&code.text));
            unread &= !hit || sight.unread;
        }
        hit
    }

    fn add(&mut self, codes: Vec<Code>, attempt: &Strategy, backdrop: Backdrop) {
        let name = match backdrop {
            Backdrop::White => attempt.name,
            Backdrop::Black => "over black",
        };
        for code in codes {
            let known = self.codes.iter().any(|(other, _)| other.text == code.text);
            if !known && !code.text.is_empty() {
                self.codes.push((code.scaled(attempt.scale()), name));
            }
        }
    }

    fn into_found(mut self, keep: impl Fn(&Code) -> bool) -> Vec<Found> {
        self.codes.retain(|(code, _)| keep(code));
        let lines = lines(self.codes);
        let found = lines
            .into_iter()
            .flatten()
            .map(|(mut code, attempt)| Found { text: std::mem::take(&mut *code.text), attempt });
        found.collect()
    }
}

/// A code whose top lies above the middle of a line's first code stands in that line
fn lines(mut codes: Vec<(Code, &'static str)>) -> Vec<Vec<(Code, &'static str)>> {
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
    fn look(&self, picture: &GrayImage, budget: Budget) -> Option<Detection> {
        let prepared = self.prepare(picture)?;
        match self.engine {
            Engine::Quirc => Some(engine_rqrr::look(prepared.into_owned(), budget)),
            engine => catch_panic(|| engine_rxing::look(&prepared, engine, budget)),
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
    fn codes_are_listed_as_a_page_is_read() {
        let mut seen = FoundCodes::default();
        let page = [("d", 300., 210.), ("b", 400., 9.), ("a", 10., 12.), ("c", 5., 200.), ("a", 9., 300.)];
        let codes = page.map(|(text, left, top)| code(text, left, top)).into();
        seen.add(codes, &STRATEGIES[0], Backdrop::White);
        let texts: Vec<String> = seen.into_found(|_| true).into_iter().map(|found| found.text).collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
    }
}
