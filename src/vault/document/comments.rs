//! Comments that are nobody's field: where they stay when records come and go.

use std::cmp::Reverse;

use toml_edit::visit_mut::{VisitMut, visit_table_mut};
use toml_edit::{DocumentMut, RawString, Table};

/// What stands above a record with a blank line between them heads those that follow too
pub(super) struct Heading {
    text: String,
    /// That of the record, in the order of the text
    position: isize,
}

impl Heading {
    pub(super) fn above(record: &Table) -> Option<Self> {
        let lines: Vec<&str> = record.decor().prefix()?.as_str()?.split_inclusive('\n').collect();
        let blank = lines.iter().rposition(|line| line.trim().is_empty())?;
        let text = lines[..blank].concat();
        if text.trim().is_empty() { None } else { Some(Self { text, position: record.position()? }) }
    }
}

/// Leaves the headings above what follows them now that their records have gone, or at the end.
pub(super) fn keep_headings(document: &mut DocumentMut, mut headings: Vec<Heading>) {
    headings.sort_by_key(|heading| Reverse(heading.position));
    for Heading { text, position } in headings {
        let Some(next) = next_position(document, position) else {
            let words = document.trailing().as_str().unwrap_or_default();
            document.set_trailing(if words.is_empty() { text } else { above(words, &text) });
            continue;
        };
        each_table(document, |table| {
            if table.position() == Some(next) {
                let comment = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
                let prefix = above(comment, &text);
                table.decor_mut().set_prefix(prefix);
            }
        });
    }
}

/// Of the table that comes next in the text
fn next_position(document: &mut DocumentMut, position: isize) -> Option<isize> {
    let mut next = None;
    each_table(document, |table| {
        let later = table.position().filter(|&later| later > position);
        next = next.into_iter().chain(later).min();
    });
    next
}

/// A comment with a heading above it, and a blank line between them
fn above(comment: &str, heading: &str) -> String {
    let blank = if comment.starts_with(['\n', '\r']) { "" } else { "\n" };
    format!("{heading}{blank}{comment}")
}

/// Those that have a header of their own
fn each_table(document: &mut DocumentMut, visit: impl FnMut(&mut Table)) {
    struct Each<F>(F);
    impl<F: FnMut(&mut Table)> VisitMut for Each<F> {
        fn visit_table_mut(&mut self, table: &mut Table) {
            if !table.is_implicit() && !table.is_dotted() {
                (self.0)(table);
            }
            visit_table_mut(self, table);
        }
    }
    Each(visit).visit_document_mut(document);
}

/// A comment at the end of the file belongs to what it follows, not to records that are added below it: it goes above the
/// first of them where they are the end now.
pub(super) fn preserve_trailing_comment(document: &mut DocumentMut, new: &[&str]) {
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
