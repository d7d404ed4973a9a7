//! Comments between records: where they stay when records are inserted and removed.

use std::cmp::Reverse;

use toml_edit::visit_mut::{VisitMut, visit_table_mut};
use toml_edit::{DocumentMut, RawString, Table};

/// A heading: a comment above a record, with a blank line between, which also applies to the records that follow.
pub(super) struct Heading {
    text: String,
    /// The position of the record in the text
    position: isize,
}

impl Heading {
    /// Returns the heading above a record, if it has one.
    pub(super) fn above(record: &Table) -> Option<Self> {
        let lines: Vec<&str> = record.decor().prefix()?.as_str()?.split_inclusive('\n').collect();
        let blank = lines.iter().rposition(|line| line.trim().is_empty())?;
        let text = lines[..blank].concat();
        if text.trim().is_empty() { None } else { Some(Self { text, position: record.position()? }) }
    }
}

/// Moves the headings of removed records above the next table, or to the end of the file.
pub(super) fn keep_headings(document: &mut DocumentMut, mut headings: Vec<Heading>) {
    headings.sort_by_key(|heading| Reverse(heading.position));
    for Heading { text, position } in headings {
        let Some(next) = next_position(document, position) else {
            let trailing = document.trailing().as_str().unwrap_or_default();
            document.set_trailing(if trailing.is_empty() { text } else { join(&text, trailing) });
            continue;
        };
        for_each_table(document, |table| {
            if table.position() == Some(next) {
                let comment = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default();
                let prefix = join(&text, comment);
                table.decor_mut().set_prefix(prefix);
            }
        });
    }
}

/// Returns the position of the next table in the text.
fn next_position(document: &mut DocumentMut, position: isize) -> Option<isize> {
    let mut next = None;
    for_each_table(document, |table| {
        let later = table.position().filter(|&later| later > position);
        next = next.into_iter().chain(later).min();
    });
    next
}

/// Joins a heading and a comment with a blank line between them.
fn join(heading: &str, comment: &str) -> String {
    let blank = if comment.starts_with(['\n', '\r']) { "" } else { "\n" };
    format!("{heading}{blank}{comment}")
}

/// Visits each table that has a header line.
fn for_each_table(document: &mut DocumentMut, visit: impl FnMut(&mut Table)) {
    struct Visitor<F>(F);
    impl<F: FnMut(&mut Table)> VisitMut for Visitor<F> {
        fn visit_table_mut(&mut self, table: &mut Table) {
            if !table.is_implicit() && !table.is_dotted() {
                (self.0)(table);
            }
            visit_table_mut(self, table);
        }
    }
    Visitor(visit).visit_document_mut(document);
}

/// Moves the comment at the end of the file above the first inserted record, if the inserted records are the end now: the
/// comment belongs to the text above it.
pub(super) fn preserve_trailing_comment(document: &mut DocumentMut, inserted: &[&str]) {
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let (Some(first), Some(last)) = (inserted.first(), inserted.last()) else { return };
    if trailing.trim().is_empty() {
        return;
    }
    document.set_trailing("");
    let text = document.to_string();
    let end = record(document, last).map(|record| record.to_string());
    match record(document, first).filter(|_| end.is_some_and(|end| text.ends_with(&end))) {
        Some(record) => {
            let line_ending = if trailing.ends_with('\n') { "" } else { "\n" };
            record.decor_mut().set_prefix(format!("{trailing}{line_ending}\n"));
        }
        None => document.set_trailing(trailing),
    }
}

fn record<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut Table> {
    document.get_mut("accounts")?.as_table_like_mut()?.get_mut(name)?.as_table_mut()
}
