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
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkc().default_case_fold().nfkc().collect()
}

/// A text to search for, ignoring case and width
#[derive(Debug, Clone)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        Self(fold(text))
    }

    /// Returns whether one of the texts contains this one.
    pub(crate) fn is_in_any<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        texts.into_iter().any(|text| fold(text).contains(&self.0))
    }
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
    fn ascii_is_folded_like_other_text() {
        let ascii: String = (0..128_u8).map(char::from).collect();
        assert_eq!(fold(&ascii), ascii.nfkc().default_case_fold().nfkc().collect::<String>());
        assert!(Pattern::new("ＡＷＳ").is_in_any(["x", "my-aws"]) && !Pattern::new("aws").is_in_any(["x"]));
    }

    #[test]
    fn similar_names_begin_with_the_most_similar() {
        let names = ["aws-root", "github", "gitlab", "GitHub", "GitHub"];
        assert_eq!(similar_names("githbu", names.into_iter()), ["github", "GitHub", "gitlab"]);
        assert_eq!(similar_names("githbu", ["zzz", "prod"].into_iter()), <[&str; 0]>::default());
    }
}
