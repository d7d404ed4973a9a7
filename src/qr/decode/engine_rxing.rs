//! The engine that reads most: rxing, the Rust port of zxing-cpp
//!
//! Its parts are called one by one (finders, plausible threes of them, sampling, decoding) instead of its
//! `QrReader`, because that cannot be stopped, takes quadratic time on a page of finders, and would also look
//! for Micro QR codes, which no authenticator uses and which noise resembles.

use rxing::common::cpp_essentials::{ConcentricPattern, DecoderResult};
use rxing::common::{BitMatrix, DetectorRXingResult as _, GlobalHistogramBinarizer, HybridBinarizer};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{
    FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR,
};
use rxing::{Binarizer, Luma8Source};
use zeroize::Zeroizing;

use crate::qr::decode::budget::Budget;
use crate::qr::decode::detection::{Code, Detection};
use crate::qr::decode::gray::GrayImage;
use crate::qr::decode::strategies::Engine;

/// A row in this many is looked at to guess how many finders there are; a prime, so that no regular page hides
/// them between the sampled rows
const SAMPLED_ROW: usize = 13;
/// Runs like a finder's in the sampled rows; a page with a hundred codes has less than a fifth
const CROWDED: usize = 5_000;
/// The largest finders kept: threes of them grow fast
const MOST_FINDERS: usize = 1_000;

/// Whether so many things look like finders that an engine would be busy with them for too long
pub(crate) fn is_crowded(picture: &GrayImage, limit: usize) -> bool {
    binarized(picture, Engine::Local).is_some_and(|matrix| finder_like_runs(&matrix) > limit)
}

pub(crate) fn look(picture: &GrayImage, engine: Engine, budget: Budget) -> Detection {
    let Some(matrix) = binarized(picture, engine) else {
        return Detection::default();
    };
    if finder_like_runs(&matrix) > CROWDED {
        return Detection::default();
    }
    let mut finders = FindFinderPatterns(&matrix, true, 0);
    finders.sort_by_key(|finder| std::cmp::Reverse(finder.size));
    finders.truncate(MOST_FINDERS);
    let threes = GenerateFinderPatternSets(&mut finders);
    read_threes(&matrix, &threes, budget)
}

fn binarized(picture: &GrayImage, engine: Engine) -> Option<BitMatrix> {
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(picture.height).ok()?);
    let source = Luma8Source::new_with_slice(&picture.pixels, width, height).ok()?;
    match engine {
        Engine::Global => GlobalHistogramBinarizer::new(source).get_black_matrix().ok().cloned(),
        Engine::Local | Engine::Quirc => HybridBinarizer::new(source).get_black_matrix().ok().cloned(),
    }
}

/// Dark, light, dark, light, dark with a middle about three times as long as its neighbours, in sampled rows
fn finder_like_runs(matrix: &BitMatrix) -> usize {
    let rows = (0..matrix.height()).step_by(SAMPLED_ROW);
    rows.map(|y| {
        let row = matrix.getRow(y);
        let runs = runs(|from| row.getNextSet(from), |from| row.getNextUnset(from), row.get_size());
        runs.windows(5).step_by(2).filter(|five| is_finder_like(five)).count()
    })
    .sum()
}

/// Lengths of dark and light runs in turn, a dark one first
fn runs(next_dark: impl Fn(usize) -> usize, next_light: impl Fn(usize) -> usize, end: usize) -> Vec<usize> {
    let mut runs = Vec::new();
    let mut start = next_dark(0);
    while start < end {
        let light = next_light(start);
        let dark = next_dark(light);
        runs.extend([light - start, dark - light]);
        start = dark;
    }
    runs
}

fn is_finder_like(five: &[usize]) -> bool {
    let &[left, before, middle, after, right] = five else {
        return false;
    };
    let thin = left.min(right).min(before).min(after);
    middle >= 3 && middle >= 2 * left.max(right) && middle >= before.max(after) && middle <= 6 * thin
}

fn read_threes(matrix: &BitMatrix, threes: &[FinderPatternSet], budget: Budget) -> Detection {
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let mut codes = Vec::new();
    for three in threes {
        if budget.is_spent() {
            break;
        }
        if corners(three).iter().any(|corner| used.contains(corner)) {
            continue;
        }
        if let Some(text) = text_of(matrix, three) {
            used.extend(corners(three));
            codes.push(code(text, three));
        }
    }
    let untouched = |three: &FinderPatternSet| !corners(three).iter().any(|corner| used.contains(corner));
    let unread = threes.iter().any(untouched);
    Detection { codes, unread }
}

fn corners(three: &FinderPatternSet) -> [ConcentricPattern; 3] {
    [three.tl, three.tr, three.bl]
}

fn code(text: Zeroizing<String>, three: &FinderPatternSet) -> Code {
    let points = corners(three).map(|corner| (f64::from(corner.p.x), f64::from(corner.p.y)));
    Code::at(text, &points)
}

fn text_of(matrix: &BitMatrix, three: &FinderPatternSet) -> Option<Zeroizing<String>> {
    let sampled = SampleQR(matrix, three).ok()?;
    let decoded = Decode(sampled.getBits()).ok().filter(DecoderResult::isValid)?;
    Some(Zeroizing::new(utf8_first(&decoded)))
}

/// Bytes that are UTF-8 are meant as UTF-8, whatever rxing's guess among Latin-1, Shift JIS and it says; if the
/// code names its character set, that holds
fn utf8_first(decoded: &DecoderResult<bool>) -> String {
    let content = decoded.content();
    match String::from_utf8(content.bytes().to_vec()) {
        Ok(text) if !content.has_eci => text,
        _ => decoded.text(),
    }
}
