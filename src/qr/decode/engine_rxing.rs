//! The main engine: rxing, the Rust port of zxing-cpp.
//!
//! This file calls its parts one by one (finders, plausible triples of them, sampling, decoding). Its `QrReader` cannot be
//! stopped, takes quadratic time on a page of finders, and also searches for Micro QR codes, which no authenticator uses and
//! which noise resembles.

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

/// The distance of the rows that are sampled to estimate the number of finders. It is a prime, so that no regular page hides
/// all finders between the rows.
const ROW_STEP: usize = 13;

/// The number of finder-like runs in the sampled rows above which a picture is skipped. A page with a hundred codes has less
/// than a fifth of it.
const MAX_RUNS: usize = 5_000;

/// The number of finders that are kept, the largest first: the number of triples grows with its cube
const MAX_FINDERS: usize = 1_000;

/// Returns whether so many runs look like finders that an engine would take too long.
pub(super) fn is_crowded(picture: &GrayImage, limit: usize) -> bool {
    binarize(picture, Engine::Local).is_some_and(|matrix| count_finder_like_runs(&matrix) > limit)
}

pub(super) fn detect(picture: &GrayImage, engine: Engine, budget: Budget) -> Detection {
    let Some(matrix) = binarize(picture, engine) else {
        return Detection::default();
    };
    if count_finder_like_runs(&matrix) > MAX_RUNS {
        return Detection::default();
    }
    let mut finders = FindFinderPatterns(&matrix, true, 0);
    finders.sort_by_key(|finder| std::cmp::Reverse(finder.size));
    finders.truncate(MAX_FINDERS);
    let triples = GenerateFinderPatternSets(&mut finders);
    read_triples(&matrix, &triples, budget)
}

fn binarize(picture: &GrayImage, engine: Engine) -> Option<BitMatrix> {
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(picture.height).ok()?);
    let source = Luma8Source::new_with_slice(&picture.pixels, width, height).ok()?;
    match engine {
        Engine::Global => GlobalHistogramBinarizer::new(source).get_black_matrix().ok().cloned(),
        Engine::Local | Engine::Rqrr => HybridBinarizer::new(source).get_black_matrix().ok().cloned(),
    }
}

/// Counts runs of dark, light, dark, light, dark whose middle is about three times as long as its neighbours, in the sampled
/// rows (ISO/IEC 18004: a finder is 1:1:3:1:1).
fn count_finder_like_runs(matrix: &BitMatrix) -> usize {
    let rows = (0..matrix.height()).step_by(ROW_STEP);
    rows.map(|y| {
        let row = matrix.getRow(y);
        let runs = runs(|from| row.getNextSet(from), |from| row.getNextUnset(from), row.get_size());
        runs.windows(5).step_by(2).filter(|five| is_finder_like(five)).count()
    })
    .sum()
}

/// Returns the lengths of dark and light runs in turn, a dark one first.
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

fn read_triples(matrix: &BitMatrix, triples: &[FinderPatternSet], budget: Budget) -> Detection {
    let mut used: Vec<ConcentricPattern> = Vec::new();
    let mut codes = Vec::new();
    for triple in triples {
        if budget.is_spent() {
            break;
        }
        if corners(triple).iter().any(|corner| used.contains(corner)) {
            continue;
        }
        if let Some(text) = decode_text(matrix, triple) {
            used.extend(corners(triple));
            codes.push(code(text, triple));
        }
    }
    let untouched = |triple: &FinderPatternSet| !corners(triple).iter().any(|corner| used.contains(corner));
    let unread = triples.iter().any(untouched);
    Detection { codes, unread }
}

fn corners(triple: &FinderPatternSet) -> [ConcentricPattern; 3] {
    [triple.tl, triple.tr, triple.bl]
}

fn code(text: Zeroizing<String>, triple: &FinderPatternSet) -> Code {
    let points = corners(triple).map(|corner| (f64::from(corner.p.x), f64::from(corner.p.y)));
    Code::at(text, &points)
}

fn decode_text(matrix: &BitMatrix, triple: &FinderPatternSet) -> Option<Zeroizing<String>> {
    let sampled = SampleQR(matrix, triple).ok()?;
    let decoded = Decode(sampled.getBits()).ok().filter(DecoderResult::isValid)?;
    Some(Zeroizing::new(prefer_utf8(&decoded)))
}

/// Decodes the bytes as UTF-8 if they are valid UTF-8, whatever character set rxing guesses. A character set that the code
/// names (ECI) takes precedence.
fn prefer_utf8(decoded: &DecoderResult<bool>) -> String {
    let content = decoded.content();
    match String::from_utf8(content.bytes().to_vec()) {
        Ok(text) if !content.has_eci => text,
        _ => decoded.text(),
    }
}
