//! The rates of pictures that are read, kind by kind.

use std::collections::BTreeMap;

use mfa::qr::read_within;

use crate::kinds::{self, Kind, PER_KIND};
use crate::work::on_two_threads;
use crate::{PATIENCE, wanted};

/// The least rate in per cent; the best free readers reach 93 on pictures like these
const LEAST_OVERALL: usize = 98;
/// The least number of the eight pictures of a kind, even of codes so out of focus that others read one or two
const LEAST_OF_A_KIND: usize = 4;

#[derive(Default)]
struct Rate {
    read: usize,
    strategies: BTreeMap<&'static str, usize>,
}

#[test]
fn nearly_all_pictures_are_read() {
    check_rates(1);
}

#[test]
fn nearly_all_pictures_of_another_seed_are_read() {
    check_rates(2);
}

fn check_rates(seed: u64) {
    let kinds = kinds::all();
    let rates = on_two_threads(&kinds, |kind| rate(kind, seed));
    let all = kinds.len() * PER_KIND as usize;
    let read: usize = rates.iter().map(|rate| rate.read).sum();
    for (kind, rate) in kinds.iter().zip(&rates) {
        println!("{:34} {}/{PER_KIND} {:?}", kind.name, rate.read, rate.strategies);
    }
    println!("seed {seed}: {read} of {all}");
    assert!(kinds.len() >= 44 && all >= 378);
    assert!(read * 100 >= all * LEAST_OVERALL, "{read} of {all}");
    for (kind, rate) in kinds.iter().zip(&rates) {
        assert!(rate.read >= LEAST_OF_A_KIND, "{}: {}", kind.name, rate.read);
    }
}

/// Counts a picture if all its texts are found. A wrong text fails the test.
fn rate(kind: &Kind, seed: u64) -> Rate {
    let mut rate = Rate::default();
    for n in 0..PER_KIND {
        let case = kind.case(seed, n);
        let found = read_within(&case.file, wanted, PATIENCE).unwrap_or_default();
        for found in &found {
            assert!(case.texts.contains(&found.text), "{} {n}: a wrong payload", kind.name);
            *rate.strategies.entry(found.strategy).or_default() += 1;
        }
        rate.read += usize::from(found.len() == case.texts.len());
    }
    rate
}
