//! The columns that fit on the screen, and their places.

/// Widths of a name before there is a bar, and before there is an issuer; minimum of an issuer; maximum of both
const SHORT_NAME: usize = 10;
const NAME: usize = 16;
const ISSUER: usize = 10;
const MOST: usize = 64;
const LONGEST_BAR: usize = 30;

/// The width of a screen from which the gaps are two columns
const ROOMY: usize = 30;

/// Columns of ` s` after the seconds, and of `→ ` before the next code
const UNIT: usize = 2;
const ARROW: usize = 2;

/// The widths that show the contents in full
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ColumnWidths {
    pub(super) name: usize,
    pub(super) issuer: usize,
    pub(super) code: usize,
    /// Digits of the seconds
    pub(super) seconds: usize,
}

/// A column of the table, hidden if its width is 0
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) column: usize,
    pub(super) width: usize,
}

/// The columns of the table from left to right
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) marker: Place,
    pub(super) name: Place,
    pub(super) issuer: Place,
    pub(super) code: Place,
    pub(super) bar: Place,
    pub(super) seconds: Place,
    /// The next code. Without a column of its own it replaces the bar, which is short by then.
    pub(super) next: Place,
}

/// The columns of the screen that are still free
struct FreeSpace {
    left: usize,
    gap: usize,
}

impl FreeSpace {
    /// Takes a column and the gap after it. Returns 0 if they do not fit.
    fn take(&mut self, width: usize) -> usize {
        let taken = width + self.gap;
        if width == 0 || self.left < taken {
            return 0;
        }
        self.left -= taken;
        width
    }

    /// Widens a visible column up to a width.
    fn widen(&mut self, width: &mut usize, full: usize) {
        if *width > 0 {
            let more = full.saturating_sub(*width).min(self.left);
            *width += more;
            self.left -= more;
        }
    }
}

impl Layout {
    /// Places the columns, by priority: code, seconds, name, bar, issuer, next code.
    pub(super) fn new(widths: &ColumnWidths, columns: usize) -> Self {
        let gap = if columns < ROOMY { 1 } else { 2 };
        let code = widths.code.min(columns.saturating_sub(gap));
        let mut free = FreeSpace { left: columns.saturating_sub(gap + code), gap };
        let seconds = free.take(widths.seconds + if gap == 1 { 0 } else { UNIT });
        let mut name = free.take(widths.name.min(SHORT_NAME).min(free.left.saturating_sub(gap)));
        let next = widths.code + ARROW;
        let mut bar = free.take(next);
        free.widen(&mut name, widths.name.min(NAME));
        let mut issuer = free.take(widths.issuer.min(ISSUER));
        let next = if bar > 0 { free.take(next) } else { 0 };
        free.widen(&mut name, widths.name.min(MOST));
        free.widen(&mut issuer, widths.issuer.min(MOST));
        free.widen(&mut bar, LONGEST_BAR);
        let marker = Place { column: 0, width: columns.min(1) };
        Self { marker, ..Self::side_by_side(gap, [name, issuer, code, bar, seconds, next]) }
    }

    fn side_by_side(gap: usize, widths: [usize; 6]) -> Self {
        let mut column = gap;
        let [name, issuer, code, bar, seconds, next] = widths.map(|width| {
            let place = Place { column, width };
            column += if width > 0 { width + gap } else { 0 };
            place
        });
        Self { marker: Place::default(), name, issuer, code, bar, seconds, next }
    }
}
