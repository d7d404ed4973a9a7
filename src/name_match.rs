//! Comparison of names: ignoring case and width, and by similarity.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use crate::text::sanitize;

/// Most similar names to suggest
const MAX_SUGGESTED: usize = 3;

/// Lowest similarity of a suggested name, from 0 to 1 (Jaro-Winkler)
const MIN_SIMILARITY: f64 = 0.75;

/// Applies NFKC and full case folding: `ＡＷＳ`, `aws` and `AWS` become one text.
pub(crate) fn fold(text: &str) -> String {
    text.nfkc().default_case_fold().nfkc().collect()
}

/// Returns whether `text` contains `part`, ignoring case and width.
pub(crate) fn contains_folded(text: &str, part: &str) -> bool {
    fold(text).contains(&fold(part))
}

/// Returns the names that are most similar to the wanted one, ready to be printed.
pub(crate) fn similar_names<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = fold(wanted);
    let mut similar: Vec<(f64, &str)> = names
        .map(|name| (strsim::jaro_winkler(&fold(name), &wanted), name))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .collect();
    similar.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    similar.dedup_by_key(|(_, name)| *name);
    similar.into_iter().take(MAX_SUGGESTED).map(|(_, name)| sanitize(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_begin_with_the_most_similar() {
        let names = ["aws-root", "github", "gitlab", "GitHub", "GitHub"];
        assert_eq!(similar_names("githbu", names.into_iter()), ["github", "GitHub", "gitlab"]);
        assert_eq!(similar_names("githbu", ["zzz", "prod"].into_iter()), <[&str; 0]>::default());
    }
}
