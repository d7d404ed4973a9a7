//! Which columns there is room for, and where they stand.

/// What a name has before there is a bar, and before there is an issuer; what an issuer has at least; what both have at most
const SHORT_NAME: usize = 10;
const NAME: usize = 16;
const ISSUER: usize = 10;
const MOST: usize = 64;
const LONGEST_BAR: usize = 30;

/// From how many columns on there is room between the columns
const ROOMY: usize = 30;

/// The columns of ` s` behind the seconds, and of `→ ` before the next code
const UNIT: usize = 2;
const ARROW: usize = 2;

/// The widths that the contents would like to have
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ColumnWidths {
    pub(super) name: usize,
    pub(super) issuer: usize,
    pub(super) code: usize,
    /// The digits of the seconds
    pub(super) seconds: usize,
}

/// A column of the table; one of width 0 is not shown
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
    /// The next code; where it has no column of its own it stands in the place of the bar, which is short by then
    pub(super) next: Place,
}

/// What is still to be given out
struct Room {
    left: usize,
    gap: usize,
}

impl Room {
    /// Room for a column of that width and for the gap behind it; 0 where there is not as much
    fn column(&mut self, width: usize) -> usize {
        let taken = width + self.gap;
        if width == 0 || self.left < taken {
            return 0;
        }
        self.left -= taken;
        width
    }

    /// More room for a column that is there already
    fn widen(&mut self, width: &mut usize, wanted: usize) {
        if *width > 0 {
            let more = wanted.saturating_sub(*width).min(self.left);
            *width += more;
            self.left -= more;
        }
    }
}

impl Layout {
    /// The code comes first, then the seconds, the name, the bar, the issuer, the next code
    pub(super) fn new(wanted: &ColumnWidths, columns: usize) -> Self {
        let gap = if columns < ROOMY { 1 } else { 2 };
        let code = wanted.code.min(columns.saturating_sub(gap));
        let mut room = Room { left: columns.saturating_sub(gap + code), gap };
        let seconds = room.column(wanted.seconds + if gap == 1 { 0 } else { UNIT });
        let mut name = room.column(wanted.name.min(SHORT_NAME).min(room.left.saturating_sub(gap)));
        let next = wanted.code + ARROW;
        let mut bar = room.column(next);
        room.widen(&mut name, wanted.name.min(NAME));
        let mut issuer = room.column(wanted.issuer.min(ISSUER));
        let next = if bar > 0 { room.column(next) } else { 0 };
        room.widen(&mut name, wanted.name.min(MOST));
        room.widen(&mut issuer, wanted.issuer.min(MOST));
        room.widen(&mut bar, LONGEST_BAR);
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
