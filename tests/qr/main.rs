//! Tests of the QR code reader: rates on pictures with known texts, limits, round trips, other readers.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::many_single_char_names,
    clippy::print_stdout,
    clippy::similar_names,
    clippy::unwrap_used,
    reason = "pictures are made with coordinates that are small, and a failure here is a failing test"
)]

use std::time::Duration;

mod blank;
mod bounds;
mod canvas;
mod fixtures;
mod kinds;
mod lens;
mod mutated;
mod page;
mod rates;
mod readers;
mod rng;
mod round_trip;
mod speed;
mod work;

/// A longer timeout than the program's, because a rate must not depend on the load of the machine
const PATIENCE: Duration = Duration::from_secs(120);

/// Returns whether the program wants a text: one of the two kinds of URI that authenticators show.
fn wanted(text: &str) -> bool {
    text.starts_with("otpauth://") || text.starts_with("otpauth-migration://")
}
