//! Keys and their effects.

use super::*;
use crate::ui::live::{Glyphs, Size};
use crate::vault::Vault;

fn accounts(names: &[&str]) -> Accounts {
    let record = |name: &&str| format!("[accounts.{name}]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n");
    let records: String = names.iter().map(record).collect();
    Accounts::new(&Vault::parse(format!("version = 1\n{records}").as_bytes()).unwrap(), Glyphs::Unicode)
}

struct User {
    accounts: Accounts,
    state: State,
}

impl User {
    fn with_accounts(names: &[&str]) -> Self {
        let accounts = accounts(names);
        let mut state = State::default();
        state.refill(None, &accounts);
        state.settle(3);
        Self { accounts, state }
    }

    fn presses(&mut self, keys: &[Key]) -> Request {
        let mut request = Request::Nothing;
        for &key in keys {
            request = self.state.press(key, &self.accounts);
            self.state.settle(3);
        }
        request
    }

    fn types(&mut self, text: &str) -> Request {
        self.presses(&text.chars().map(Key::Char).collect::<Vec<_>>())
    }

    fn selected(&self) -> &str {
        self.state.selected_index().map_or("", |index| self.accounts.get(index).unwrap().name.as_str())
    }
}

#[test]
fn letters_are_commands_and_behind_a_slash_the_filter() {
    let mut user = User::with_accounts(&["github", "cloud", "query"]);
    assert_eq!(user.types("c"), Request::Copy);
    assert_eq!(user.types("q"), Request::Leave);
    assert_eq!(user.types("/q"), Request::Nothing);
    assert_eq!((user.selected(), user.state.shown.len()), ("query", 1));
    user.presses(&[Key::Backspace]);
    assert_eq!(user.types("CLO"), Request::Nothing);
    assert_eq!(user.selected(), "cloud");
    assert_eq!(user.presses(&[Key::Enter]), Request::Take);
    assert_eq!((user.state.mode, user.state.filter.as_str()), (Mode::List, "CLO"));
    assert_eq!(user.types("q"), Request::Leave);
}

#[test]
fn escape_ends_the_filter_before_it_leaves() {
    let mut user = User::with_accounts(&["github", "cloud"]);
    user.types("/cl");
    assert_eq!(user.presses(&[Key::Escape]), Request::Nothing);
    assert_eq!((user.state.mode, user.state.shown.len(), user.selected()), (Mode::List, 2, "cloud"));
    user.types("/cl");
    user.presses(&[Key::Enter]);
    assert_eq!(user.presses(&[Key::Escape]), Request::Nothing);
    assert_eq!(user.presses(&[Key::Escape]), Request::Leave);
}

#[test]
fn the_filter_is_edited_as_a_line_is() {
    let mut user = User::with_accounts(&["github"]);
    for (keys, filter) in [
        (&[Key::Backspace][..], "one tw"),
        (&[Key::EraseWord], "one "),
        (&[Key::EraseWord], ""),
        (&[Key::Char('例'), Key::Backspace], ""),
        (&[Key::Char('a'), Key::EraseLine], ""),
    ] {
        if user.state.mode == Mode::List {
            user.types("/one two");
        }
        user.presses(keys);
        assert_eq!((user.state.mode, user.state.filter.as_str()), (Mode::Filter, filter), "{keys:?}");
    }
    user.presses(&[Key::Backspace]);
    assert_eq!(user.state.mode, Mode::List);
}

#[test]
fn the_selection_moves_and_the_screen_with_it() {
    let mut user = User::with_accounts(&["a", "b", "c", "d", "e", "f", "g"]);
    for (key, selected, top) in [
        (Key::Up, "a", 0),
        (Key::Down, "b", 0),
        (Key::Char('j'), "c", 0),
        (Key::Down, "d", 1),
        (Key::PageDown, "g", 4),
        (Key::PageDown, "g", 4),
        (Key::Up, "f", 4),
        (Key::PageUp, "c", 2),
        (Key::Home, "a", 0),
        (Key::End, "g", 4),
        (Key::Char('g'), "a", 0),
        (Key::Char('G'), "g", 4),
        (Key::Char('k'), "f", 4),
    ] {
        user.presses(&[key]);
        assert_eq!((user.selected(), user.state.top), (selected, top), "{key:?}");
    }
}

#[test]
fn in_another_vault_the_same_name_stays_selected() {
    let mut user = User::with_accounts(&["a", "b", "c"]);
    user.presses(&[Key::Down]);
    let name = "b".parse().unwrap();
    user.accounts = accounts(&["x", "y", "b"]);
    user.state.refill(Some(&name), &user.accounts);
    assert_eq!(user.selected(), "b");
    user.accounts = accounts(&["x", "y"]);
    user.state.refill(Some(&name), &user.accounts);
    assert_eq!(user.selected(), "y");
    user.accounts = accounts(&[]);
    user.state.refill(Some(&name), &user.accounts);
    assert_eq!(user.selected(), "");
    assert_eq!(user.presses(&[Key::Down, Key::PageUp, Key::End, Key::Enter]), Request::Take);
}

#[test]
fn any_key_closes_the_help_and_does_nothing_else() {
    let mut user = User::with_accounts(&["a"]);
    for key in [Key::Char('q'), Key::Escape, Key::Enter] {
        assert_eq!(user.types("?"), Request::Nothing);
        assert_eq!(user.state.mode, Mode::Help);
        assert_eq!(user.presses(&[key]), Request::Nothing);
        assert_eq!(user.state.mode, Mode::List);
    }
}

#[test]
fn a_help_longer_than_the_screen_is_read_on_and_then_left() {
    let mut user = User::with_accounts(&["a"]);
    user.types("?");
    let size = Size { columns: 40, rows: 6 };
    user.state.help_scroll.settle(size, Glyphs::Unicode);
    for key in [Key::Down, Key::PageDown, Key::Char('j'), Key::End, Key::Home, Key::Up] {
        user.presses(&[key]);
        assert_eq!(user.state.mode, Mode::Help, "{key:?}");
    }
    user.presses(&[Key::Escape]);
    assert_eq!(user.state.mode, Mode::List);
}
