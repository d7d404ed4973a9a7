//! The screen of a terminal, drawn as an SVG.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Sizes in pixels.
const CELL: usize = 9;
const LINE: usize = 21;
const MARGIN: usize = 18;

const PAPER: &str = "#12161d";
const INK: &str = "#d5dbe6";
const FAINT: &str = "#6f7b8f";

const TAKES_ALL: &str = "a String takes all that is written";

pub(crate) fn svg(screen: &Screen) -> String {
    let (rows, columns) = size(screen);
    let width = usize::from(columns) * CELL + 2 * MARGIN;
    let height = usize::from(rows) * LINE + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>mfa watch: the codes of seven accounts with their countdown</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"15\">\n"
    );
    for row in 0..rows {
        for run in runs(screen, row) {
            draw(&mut svg, usize::from(row) * LINE + MARGIN, &run);
        }
    }
    svg + "</g>\n</svg>\n"
}

/// Adjacent letters with the same look.
struct Run {
    column: usize,
    width: usize,
    text: String,
    colour: &'static str,
    bold: bool,
}

/// Returns the rows and columns.
fn size(screen: &Screen) -> (u16, u16) {
    let (rows, columns) = screen.size();
    (rows.get(), columns.get())
}

fn runs(screen: &Screen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let cells =
        (0..size(screen).1).filter_map(|column| Some((usize::from(column), screen.cell(row, column)?)));
    for (column, cell) in cells.filter(|(_, cell)| !cell.is_wide_continuation()) {
        let run = Run {
            column,
            width: if cell.is_wide() { 2 } else { 1 },
            text: if cell.has_contents() { cell.contents() } else { " " }.to_owned(),
            colour: colour(cell),
            bold: cell.bold(),
        };
        match runs.last_mut() {
            Some(last) if joins(last, &run) => {
                last.text += &run.text;
                last.width += 1;
            }
            _ => runs.push(run),
        }
    }
    runs.retain(|run| !run.text.trim().is_empty());
    runs
}

/// Returns whether two letters can be one run. A letter of two columns stands alone, because its width depends on the
/// font.
fn joins(last: &Run, next: &Run) -> bool {
    let same_look = (last.colour, last.bold) == (next.colour, next.bold);
    let same_kind = signs(&last.text) == signs(&next.text);
    same_look && same_kind && next.width == 1 && last.width == last.text.chars().count()
}

/// Returns whether a text is drawn as lines, not as letters.
fn signs(text: &str) -> bool {
    text.chars().all(|letter| "━─╾▌".contains(letter))
}

fn colour(cell: &Cell) -> &'static str {
    match cell.fgcolor() {
        _ if cell.dim() => FAINT,
        Color::Idx(1) => "#ff6b70",
        Color::Idx(2) => "#59c98a",
        Color::Idx(3) => "#e8bc58",
        Color::Idx(6) => "#5cc8e0",
        _ => INK,
    }
}

fn draw(svg: &mut String, top: usize, run: &Run) {
    let left = MARGIN + run.column * CELL;
    let colour = run.colour;
    if signs(&run.text) {
        let mut place = left;
        let letters: Vec<char> = run.text.chars().collect();
        for same in letters.chunk_by(|one, two| one == two) {
            draw_signs(svg, place, top, same, colour);
            place += same.len() * CELL;
        }
        return;
    }
    let lead = run.text.len() - run.text.trim_start().len();
    let text = run.text.trim();
    let columns = if run.width == run.text.chars().count() { text.chars().count() } else { run.width };
    let weight = if run.bold { " font-weight=\"bold\"" } else { "" };
    let (x, y, length) = (left + lead * CELL, top + 15, columns * CELL);
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\"{weight} textLength=\"{length}\" xml:space=\"preserve\">{text}</text>"
    )
    .expect(TAKES_ALL);
}

/// Draws the blocks of bars and of the marker without gaps, as every terminal does.
fn draw_signs(svg: &mut String, left: usize, top: usize, same: &[char], colour: &str) {
    let width = same.len() * CELL;
    let mut rect = |x: usize, y: usize, width: usize, height: usize| {
        writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>")
            .expect(TAKES_ALL);
    };
    match same[0] {
        '▌' => rect(left, top, CELL / 2, LINE - 1),
        '━' => rect(left, top + 8, width, 4),
        '─' => rect(left, top + 9, width, 2),
        _ => {
            rect(left, top + 8, CELL / 2, 4);
            rect(left + CELL / 2, top + 9, CELL - CELL / 2, 2);
        }
    }
}
