//! Comments that are nobody's field: where they stay when records come and go.

use toml_edit::{DocumentMut, Table};

/// A comment at the end of the file belongs to what it follows, not to records that are added below it: it goes above the
/// first of them where they are the end now.
pub(super) fn keep_last_words(document: &mut DocumentMut, new: &[&str]) {
    let words = document.trailing().as_str().unwrap_or_default().to_owned();
    let (Some(first), Some(last)) = (new.first(), new.last()) else { return };
    if words.trim().is_empty() {
        return;
    }
    document.set_trailing("");
    let text = document.to_string();
    let end = record(document, last).map(|record| record.to_string());
    match record(document, first).filter(|_| end.is_some_and(|end| text.ends_with(&end))) {
        Some(record) => {
            let end = if words.ends_with('\n') { "" } else { "\n" };
            record.decor_mut().set_prefix(format!("{words}{end}\n"));
        }
        None => document.set_trailing(words),
    }
}

fn record<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut Table> {
    document.get_mut("accounts")?.as_table_like_mut()?.get_mut(name)?.as_table_mut()
}
