//! The escape sequences that turn one frame into the next.

use std::fmt::{self, Write as _};

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::ui::live::Frame;
use crate::ui::live::frame::{Row, Span};

/// Synchronized output (DEC mode 2026): the terminal shows everything between the two at once, or ignores them
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

const CLEAR_SCREEN: &str = "\x1b[0m\x1b[2J";
const CLEAR_ROW: &str = "\x1b[2K";

/// Returns the text that turns a frame of the same size into another, or any screen if `before` is `None`.
///
/// The text is empty if the frames are equal.
pub(super) fn difference(before: Option<&Frame>, after: &Frame, coloured: bool) -> String {
    let mut text = String::new();
    if before.is_none() {
        text += CLEAR_SCREEN;
    }
    let blank = Row::default();
    for (number, row) in after.0.iter().enumerate() {
        let earlier = before.map_or(Some(&blank), |before| before.0.get(number));
        if earlier != Some(row) {
            let earlier = earlier.filter(|earlier| earlier.has_same_layout(row));
            repaint(&mut text, number, earlier, row, coloured);
        }
    }
    if text.is_empty() { text } else { format!("{BEGIN}{text}{END}") }
}

fn repaint(text: &mut String, number: usize, earlier: Option<&Row>, row: &Row, coloured: bool) {
    if earlier.is_none() {
        go_to(text, number, 0);
        *text += CLEAR_ROW;
    }
    for (place, span) in row.spans().iter().enumerate() {
        match earlier.and_then(|earlier| earlier.spans().get(place)) {
            Some(earlier) if earlier == span => {}
            Some(earlier) => replace_span(text, number, earlier, span, coloured),
            None => {
                go_to(text, number, span.column);
                write_span(text, span, coloured);
            }
        }
    }
}

/// Writes the part of a text that differs from the one before, or all of it if a character is not one column wide.
fn replace_span(text: &mut String, number: usize, earlier: &Span, span: &Span, coloured: bool) {
    let (Some(before), Some(after)) = (cells(earlier), cells(span)) else {
        go_to(text, number, span.column);
        return write_span(text, span, coloured);
    };
    let differs = |(before, after)| before != after;
    let Some(first) = before.iter().zip(&after).position(differs) else { return };
    let last = before.iter().zip(&after).rposition(differs).unwrap_or(first);
    go_to(text, number, span.column + first);
    for run in after[first..=last].chunk_by(|one, two| one.0 == two.0) {
        write_piece(text, run[0].0, &run.iter().map(|cell| cell.1).collect::<String>(), coloured);
    }
}

/// Returns the style and the character of each column; `None` if a character is not one column wide.
fn cells(span: &Span) -> Option<Vec<(Style, char)>> {
    let characters =
        span.pieces.iter().flat_map(|(style, text)| text.chars().map(move |character| (*style, character)));
    let mut cells: Vec<_> = characters.collect();
    let is_narrow = cells.iter().all(|(_, character)| character.width() == Some(1));
    cells.resize(span.width, (Style::new(), ' '));
    is_narrow.then_some(cells)
}

fn write_span(text: &mut String, span: &Span, coloured: bool) {
    let mut rest = span.width;
    for (style, piece) in &span.pieces {
        write_piece(text, *style, piece, coloured);
        rest = rest.saturating_sub(piece.width());
    }
    write(text, format_args!("{:rest$}", ""));
}

fn write_piece(text: &mut String, style: Style, piece: &str, coloured: bool) {
    if piece.is_empty() {
        return;
    }
    let style = if coloured { style } else { without_colours(style) };
    write(text, format_args!("{style}{piece}{style:#}"));
}

fn without_colours(style: Style) -> Style {
    style.fg_color(None).bg_color(None)
}

fn go_to(text: &mut String, row: usize, column: usize) {
    write(text, format_args!("\x1b[{};{}H", row + 1, column + 1));
}

fn write(text: &mut String, arguments: fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    const GREEN: Style = AnsiColor::Green.on_default().bold();

    fn frame(rows: &[&[(usize, &str)]]) -> Frame {
        let row = |spans: &&[(usize, &str)]| {
            let mut row = Row::default();
            for (column, text) in *spans {
                row.put(*column, 4, GREEN, (*text).to_owned());
            }
            row
        };
        Frame(rows.iter().map(row).collect())
    }

    #[test]
    fn difference_paints_the_first_frame_whole() {
        let painted = difference(None, &frame(&[&[(0, "ab")], &[], &[(3, "例")]]), true);
        let ab = "\x1b[1;1H\x1b[1m\x1b[32mab\x1b[0m  ";
        let wide = "\x1b[3;4H\x1b[1m\x1b[32m例\x1b[0m  ";
        assert_eq!(painted, format!("{BEGIN}{CLEAR_SCREEN}{}{}{END}", with_row(ab, 1), with_row(wide, 3)));
    }

    fn with_row(text: &str, row: usize) -> String {
        format!("\x1b[{row};1H{CLEAR_ROW}{text}")
    }

    #[test]
    fn difference_skips_texts_that_stay() {
        let before = frame(&[&[(0, "name"), (6, "1")], &[(0, "same")]]);
        let after = frame(&[&[(0, "name"), (6, "2")], &[(0, "same")]]);
        assert_eq!(difference(Some(&after), &after, true), "");
        let painted = difference(Some(&before), &after, true);
        assert_eq!(painted, format!("{BEGIN}\x1b[1;7H\x1b[1m\x1b[32m2\x1b[0m{END}"));
    }

    #[test]
    fn difference_writes_only_the_changed_columns_of_a_text() {
        let painted =
            |before, after| difference(Some(&frame(&[&[(0, before)]])), &frame(&[&[(0, after)]]), true);
        for (before, after, text) in [
            ("━━──", "━━━─", "\x1b[1;3H\x1b[1m\x1b[32m━\x1b[0m"),
            ("12 s", "9 s", "\x1b[1;1H\x1b[1m\x1b[32m9 s\x1b[0m "),
            ("例", "え", "\x1b[1;1H\x1b[1m\x1b[32mえ\x1b[0m  "),
            ("例a", "ba", "\x1b[1;1H\x1b[1m\x1b[32mba\x1b[0m  "),
        ] {
            assert_eq!(painted(before, after), format!("{BEGIN}{text}{END}"), "{before} to {after}");
        }
    }

    #[test]
    fn difference_clears_a_row_with_another_layout() {
        let painted = difference(Some(&frame(&[&[(0, "a")]])), &frame(&[&[(1, "a")]]), true);
        assert!(painted.contains("\x1b[1;1H\x1b[2K\x1b[1;2H"), "{painted:?}");
    }

    #[test]
    fn difference_keeps_bold_without_colours() {
        let painted = difference(Some(&frame(&[&[(0, "a")]])), &frame(&[&[(0, "b")]]), false);
        assert!(painted.contains("\x1b[1mb") && !painted.contains("32m"), "{painted:?}");
    }
}
