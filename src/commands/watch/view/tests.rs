//! The view at fixed times, on screens of several sizes.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::commands::watch::state::Note;

/// The seed of RFC 4226; its code at 59 s is 287082, and the next one 359152
const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const VAULT: &str = r#"
[accounts.aws-root]
issuer = "Amazon Web Services"
[accounts.github]
issuer = "GitHub"
[accounts."例え"]
issuer = "例え銀行 🔑"
period = 60
digits = 8
[accounts.bank]
issuer = "Bank"
type = "hotp"
counter = 3
[accounts.steam]
issuer = "Steam"
type = "steam"
"#;

fn accounts(text: &str, glyphs: Glyphs) -> Accounts {
    let records: String = text
        .lines()
        .map(|line| {
            format!("{line}\n")
                + &if line.starts_with('[') { format!("secret = \"{RFC}\"\n") } else { String::new() }
        })
        .collect();
    let vault = crate::vault::Vault::parse(format!("version = 1\n{records}").as_bytes()).unwrap();
    assert_eq!(vault.damaged().count(), 0);
    Accounts::new(&vault, glyphs)
}

/// Returns the screen of the accounts above, in the state that `change` makes.
fn shown_in(
    glyphs: Glyphs,
    columns: usize,
    rows: usize,
    now: u64,
    change: impl FnOnce(&mut State),
) -> String {
    let accounts = accounts(VAULT, glyphs);
    let mut state = State::default();
    state.refill(None, &accounts);
    change(&mut state);
    state.settle(page_rows(rows));
    let size = Size { columns, rows };
    View { accounts: &accounts, state: &state, now, size, glyphs }.frame().to_text()
}

fn shown(columns: usize, rows: usize, now: u64) -> String {
    shown_in(Glyphs::Unicode, columns, rows, now, |_| {})
}

/// Removes the empty first line of a picture of a screen.
fn drawn(text: &str) -> String {
    text.trim_start_matches('\n').to_owned()
}

#[test]
fn at_20_columns_there_are_names_codes_and_seconds() {
    let picture = "
 mfa  5 accounts
 NAME   CODE
▌aws-r… 287 082   20
 github 287 082   20
 例え   8475 5224 20
 bank   ··· ···
 steam  PV9M4     20

 Enter copy   ? help
";
    assert_eq!(shown(20, 9, 40), drawn(picture));
}

#[test]
fn where_there_is_no_room_for_the_next_code_it_stands_below() {
    let last = |columns, now| shown(columns, 9, now).lines().last().unwrap().to_owned();
    assert_eq!(last(20, 54), " Enter copy   ? help");
    assert_eq!(last(20, 55), " → 359 152");
}

#[test]
fn at_40_columns_there_is_a_bar_which_gives_way_to_the_next_code() {
    let picture = "
 mfa  5 accounts
  NAME      CODE                    LEFT
▌ aws-root  287 082    ━━━━━━━╾───  20 s
  github    287 082    ━━━━━━━╾───  20 s
  例え      8475 5224  ━━━━───────  20 s
  bank      ··· ···    Enter
  steam     PV9M4      ━━━━━━━╾───  20 s

 Enter copy   ? help   / filter   q quit
";
    assert_eq!(shown(40, 9, 40), drawn(picture));
    let nearly_over = "
 mfa  5 accounts
  NAME      CODE                    LEFT
▌ aws-root  287 082    → 359 152     3 s
  github    287 082    → 359 152     3 s
  例え      8475 5224  → 9428 7082   3 s
  bank      ··· ···    Enter
  steam     PV9M4      → B26KJ       3 s

 Enter copy   ? help   / filter   q quit
";
    assert_eq!(shown(40, 9, 57), drawn(nearly_over));
}

#[test]
fn at_80_columns_there_is_everything() {
    let picture = "
 mfa  5 accounts
  NAME      ISSUER               CODE                          LEFT  NEXT
▌ aws-root  Amazon Web Services  287 082    ━━───────────────   3 s  → 359 152
  github    GitHub               287 082    ━━───────────────   3 s  → 359 152
  例え      例え銀行 🔑          8475 5224  ━────────────────   3 s  → 9428 7082
  bank      Bank                 ··· ···    Enter
  steam     Steam                PV9M4      ━━───────────────   3 s  → B26KJ

 Enter copy   ? help   / filter   q quit
";
    assert_eq!(shown(80, 9, 57), drawn(picture));
}

#[test]
fn at_200_columns_only_the_bar_grows_and_not_without_end() {
    let picture = "
 mfa  5 accounts
  NAME      ISSUER               CODE                                       LEFT  NEXT
▌ aws-root  Amazon Web Services  287 082    ━━━━━━━━━━━━━━━━━━━━──────────  20 s
  github    GitHub               287 082    ━━━━━━━━━━━━━━━━━━━━──────────  20 s
  例え      例え銀行 🔑          8475 5224  ━━━━━━━━━━────────────────────  20 s
  bank      Bank                 ··· ···    Enter
  steam     Steam                PV9M4      ━━━━━━━━━━━━━━━━━━━━──────────  20 s

 Enter copy   ? help   / filter   q quit
";
    assert_eq!(shown(200, 9, 40), drawn(picture));
}

#[test]
fn in_ascii_there_is_nothing_else() {
    let picture = "
 mfa  5 accounts
  NAME      ISSUER               CODE                          LEFT  NEXT
> aws-root  Amazon Web Services  287 082    ==---------------   3 s  > 359 152
  github    GitHub               287 082    ==---------------   3 s  > 359 152
  ????      ???????? ??          8475 5224  =----------------   3 s  > 9428 7082
  bank      Bank                 ... ...    Enter
  steam     Steam                PV9M4      ==---------------   3 s  > B26KJ

 Enter copy   ? help   / filter   q quit
";
    assert_eq!(shown_in(Glyphs::Ascii, 80, 9, 57, |_| {}), drawn(picture));
}

#[test]
fn low_screens_leave_the_titles_out() {
    let picture = "
▌ aws-root  Amazon Web Services  287 082    ━━━━━━━━━━━╾─────  20 s
  github    GitHub               287 082    ━━━━━━━━━━━╾─────  20 s
 Enter copy   ? help   / filter   q quit
";
    assert_eq!(shown(80, 3, 40), drawn(picture));
    assert_eq!(shown(80, 1, 40).lines().count(), 1);
}

#[test]
fn a_filter_and_a_note_stand_below() {
    let last = |change: fn(&mut State)| {
        let text = shown_in(Glyphs::Unicode, 80, 9, 40, change);
        text.lines().last().unwrap().to_owned()
    };
    let filter = |state: &mut State| state.filter = "git".to_owned();
    assert_eq!(last(filter), " /git  Enter copy   ? help   / filter   q quit");
    let typing = |state: &mut State| {
        state.filter = "git".to_owned();
        state.mode = Mode::Filter;
    };
    assert_eq!(last(typing), " /git▏  Enter copy   Esc all");
    assert_eq!(last(|state| state.note = Some(Note { text: "copied".to_owned(), until: 41 })), " copied");
    assert!(last(|state| state.note = Some(Note { text: "copied".to_owned(), until: 40 })).contains("help"));
    assert_eq!(last(|state| state.trouble = Some("gone".to_owned())), " gone");
    let both = |state: &mut State| {
        state.filter = "git".to_owned();
        state.trouble = Some("gone".to_owned());
    };
    assert_eq!(last(both), " /git  gone");
    let narrow = shown_in(Glyphs::Unicode, 10, 9, 40, both);
    assert!(narrow.ends_with("\n gone\n"), "{narrow}");
}

#[test]
fn a_counted_code_is_shown_once_it_was_asked_for() {
    let asked = |state: &mut State| {
        let name = "bank".parse().unwrap();
        let code = Code { digits: "969429".to_owned(), step: 3, valid_from: 0, valid_until: u64::MAX };
        state.hotp_codes = HashMap::from([(name, code)]);
        state.selected = 3;
    };
    let text = shown_in(Glyphs::Unicode, 80, 9, 40, asked);
    assert!(text.contains("▌ bank      Bank                 969 429    number 3\n"), "{text}");
    assert!(text.contains(" Enter next code "), "{text}");
}

#[test]
fn the_colour_tells_what_the_seconds_tell() {
    for (left, period, expected) in [
        (30, 30, LONG),
        (11, 30, LONG),
        (10, 30, SHORT),
        (6, 30, SHORT),
        (5, 30, OVER),
        (20, 60, SHORT),
        (6, 10, LONG),
    ] {
        assert_eq!(bar_style(left, period), expected, "{left} of {period}");
    }
}

/// Returns the help after these keys, on a screen of that size.
fn help(columns: usize, rows: usize, keys: &[crate::ui::live::Key]) -> String {
    shown_in(Glyphs::Unicode, columns, rows, 40, |state| {
        state.mode = Mode::Help;
        state.help_scroll.settle(Size { columns, rows }, Glyphs::Unicode);
        for &key in keys {
            assert!(state.help_scroll.press(key), "{key:?}");
        }
    })
}

#[test]
fn the_help_is_readable_at_20_columns() {
    let narrow = help(20, 50, &[]);
    assert!(narrow.contains("\n Space\n   show the next\n   code of a\n"), "{narrow}");
    let wide = help(80, 24, &[]);
    assert!(wide.contains("\n Home End      the first and the last; also g and G\n"), "{wide}");
    assert!(wide.ends_with("\n any key goes back\n"), "{wide}");
}

#[test]
fn on_a_low_screen_the_help_is_read_on_line_by_line_and_page_by_page() {
    use crate::ui::live::Key::{Char, Down, End, Home, PageDown, PageUp, Up};

    let more = " Down: more   another key goes back\n";
    let begins = |keys: &[_], line: &str| {
        let text = help(60, 6, keys);
        assert!(text.starts_with(line) && text.lines().count() == 6, "{keys:?}: {text}");
        text
    };
    assert!(begins(&[], " mfa watch\n\n Enter  ").ends_with(more));
    begins(&[Down, Down], " Enter  ");
    begins(&[Down, Char('j'), Up], "\n Enter  ");
    begins(&[PageDown, PageUp], " mfa watch\n");
    begins(&[End, Home], " mfa watch\n");
    let last = begins(&[End, PageDown, Down], " PgUp PgDn  ");
    assert!(last.contains(" q Esc         leave; Ctrl-C too\n") && last.contains("Up: above"), "{last}");
    assert_eq!(begins(&[PageDown, PageDown, PageDown], " PgUp PgDn  "), last);
    assert_eq!(help(60, 1, &[End]).lines().count(), 1);
}

proptest! {
    #[test]
    fn on_a_screen_of_any_size_nothing_is_outside_or_overlaps(
        columns in 0_usize..250, rows in 0_usize..60, now in 0_u64..200, selected in 0_usize..5, help: bool,
    ) {
        let accounts = accounts(VAULT, Glyphs::Unicode);
        let mut state = State::new(String::new());
        state.refill(None, &accounts);
        state.selected = selected;
        state.mode = if help { Mode::Help } else { Mode::List };
        state.settle(page_rows(rows));
        let size = Size { columns, rows };
        state.help_scroll.settle(size, Glyphs::Unicode);
        let frame = View { accounts: &accounts, state: &state, now, size, glyphs: Glyphs::Unicode }.frame();
        prop_assert_eq!(frame.0.len(), rows);
        prop_assert!(frame.0.iter().all(|row| row.end() <= columns));
        frame.to_text();
    }
}
