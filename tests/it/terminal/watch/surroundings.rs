//! Changes around the live view: the size and the abilities of the terminal, the vault.

use std::fs;

use vt100::Color;

use crate::harness::live_view::{LiveViewSetup, vault_toml};
use crate::harness::pty::ENTER;

const DOWN: &str = "\x1b[B";

#[test]
fn live_view_fits_every_terminal_size() {
    let mut view = LiveViewSetup::with_names(&["github", "例え"]).watch();
    view.shows("━━");
    view.resize(9, 20);
    let text =
        view.until("the narrow view", |text| text.contains("▌github 287 082 20\n") && !text.contains('━'));
    assert!(text.contains("\n 例え   287 082 20\n"), "{text}");
    view.resize(3, 200);
    let text = view.shows(&"━".repeat(20));
    assert_eq!(text.lines().count(), 3, "{text}");
    view.resize(2, 5);
    view.resize(24, 80);
    view.shows("2 accounts");
}

#[test]
fn live_view_follows_changes_and_waits_for_a_damaged_vault() {
    let mut view = LiveViewSetup::with_names(&["github", "cloud"]).watch();
    view.shows("2 accounts");
    view.send(DOWN);
    view.selects("cloud");
    view.replace_vault(&vault_toml(&["new", "github", "cloud"]));
    view.shows("3 accounts");
    view.selects("cloud");
    fs::write(view.vault(), "version = 1\n[accounts.half").unwrap();
    let text = view.shows("not updated");
    assert!(text.contains("3 accounts") && text.contains("287 082"), "{text}");
    fs::remove_file(view.vault()).unwrap();
    view.shows("the vault file does not exist");
    view.replace_vault(&vault_toml(&["mended"]));
    let text = view.shows("1 account\n");
    assert!(text.contains("▌ mended") && !text.contains("as it was"), "{text}");
}

#[test]
fn locked_vault_is_unlocked_before_the_screen_opens() {
    let sealed = include_str!("../../../fixtures/import/mfa/vault-sealed.toml");
    let mut view = LiveViewSetup::with_vault(sealed).watch();
    view.session.expect("passphrase of the vault: ");
    assert!(!view.session.output().contains("\x1b[?1049h"));
    view.send("correct horse battery staple");
    view.send(ENTER);
    view.shows("20 s");
    assert!(view.screen().alternate_screen());
    view.send("q");
    assert!(view.session.end().success());
}

#[test]
fn other_locales_get_ascii_and_no_color_removes_colours() {
    let mut setting = LiveViewSetup::with_names(&["例え", "github"]);
    setting.variables = vec![("LC_ALL", "C"), ("NO_COLOR", "1")];
    let mut view = setting.watch();
    let text = view.shows("> ????");
    assert!(text.contains("====") && text.is_ascii(), "{text}");
    view.send(DOWN);
    view.shows("> github");
    let cells = (0..12).flat_map(|row| (0..60).map(move |column| (row, column)));
    let cells: Vec<_> = cells.filter_map(|(row, column)| view.screen().cell(row, column)).collect();
    assert!(cells.iter().all(|cell| cell.fgcolor() == Color::Default && cell.bgcolor() == Color::Default));
    assert!(cells.iter().any(|cell| cell.bold()), "bold is no colour");
}

#[test]
fn dumb_terminal_gets_an_error_with_the_alternative() {
    let mut setting = LiveViewSetup::with_names(&["github"]);
    setting.variables = vec![("TERM", "dumb")];
    let mut view = setting.watch();
    assert_eq!(view.session.end().code(), Some(2));
    view.session.expect("hint: mfa list --codes");
    assert!(!view.session.output().contains("1049"));
}

#[test]
fn vault_warnings_are_visible_from_the_start() {
    let broken = "version = 1\n[accounts.good]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n\
                  [accounts.bad]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\ndigits = 10\n";
    let mut view = LiveViewSetup::with_vault(broken).watch();
    // not only before the screen opens, where mfa prints it too
    let has_message = |shown: &str| shown.contains("the account 'bad' cannot be used");
    view.until("the message beside a code", |shown| has_message(shown) && shown.contains("287 082"));
    view.replace_vault(&vault_toml(&["good"]));
    view.until("it is mended", |shown| !shown.contains("cannot be used"));
}

#[test]
fn tampered_vault_shows_a_warning_beside_its_codes() {
    let sealed = include_str!("../../../fixtures/import/mfa/vault-sealed.toml");
    let edited = sealed.replacen("issuer = \"", "issuer = \"X", 1);
    assert_ne!(sealed, edited);
    let mut setting = LiveViewSetup::with_vault(&edited);
    setting.columns = 120;
    let mut view = setting.watch();
    view.session.expect("passphrase of the vault: ");
    view.send("correct horse battery staple");
    view.send(ENTER);
    let has_message = |shown: &str| shown.contains("edited without the key");
    view.until("the message beside the codes", |shown| has_message(shown) && shown.contains("LEFT"));
}
