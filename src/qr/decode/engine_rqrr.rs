//! The last resort: rqrr, the Rust port of quirc.
//!
//! It reads some pictures that rxing does not. It also panics on some, and copies the picture for each pair of finders, which
//! takes minutes on a page of finders. So it runs in its own thread, which is abandoned at the timeout and ends with the
//! process.

use rqrr::PreparedImage;
use zeroize::Zeroizing;

use crate::platform::timeout::run_with_timeout;
use crate::qr::decode::budget::Budget;
use crate::qr::decode::catch_panic::catch_panic;
use crate::qr::decode::detection::{Code, Detection};
use crate::qr::decode::engine_rxing;
use crate::qr::decode::gray::GrayImage;

/// The number of finder-like runs in sampled rows above which rqrr is not tried
const MAX_RUNS: usize = 1_000;

pub(super) fn detect(picture: GrayImage, budget: Budget) -> Detection {
    if engine_rxing::is_crowded(&picture, MAX_RUNS) {
        return Detection::default();
    }
    let codes = run_with_timeout(budget.left(), move || catch_panic(|| search(&picture)).unwrap_or_default());
    Detection { codes: codes.unwrap_or_default(), unread: false }
}

fn search(picture: &GrayImage) -> Vec<Code> {
    let GrayImage { width, height, pixels } = picture;
    let mut prepared = PreparedImage::prepare_from_greyscale(*width, *height, |x, y| pixels[y * width + x]);
    let grids = prepared.detect_grids();
    let read = |grid: &rqrr::Grid<_>| {
        let (_, text) = grid.decode().ok()?;
        let points = grid.bounds.map(|point| (f64::from(point.x), f64::from(point.y)));
        Some(Code::at(Zeroizing::new(text), &points))
    };
    grids.iter().filter_map(read).collect()
}
