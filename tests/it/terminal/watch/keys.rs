//! What the keys of the live view do

use crate::harness::live_view::{RFC, Setting};
use crate::harness::pty::ENTER;

const ESCAPE: &str = "\x1b";
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1bOA";
const PAGE_DOWN: &str = "\x1b[6~";
const HOME: &str = "\x1b[H";
const END: &str = "\x1b[F";

#[test]
fn a_slash_filters_and_every_letter_behind_it_is_one_of_the_filter() {
    let mut view = Setting::with_names(&["github", "quebec", "cloud"]).watch();
    view.shows("3 accounts");
    view.send("/");
    view.shows("/▏");
    view.send("q");
    let text = view.shows("1 of 3 accounts");
    assert!(text.contains("quebec") && !text.contains("github"), "{text}");
    view.send("\x7fclo");
    view.selects("cloud");
    view.send("x");
    view.shows("no account contains 'clox'");
    view.send(ESCAPE);
    view.shows("mfa  3 accounts");
    view.send("q");
    assert!(view.session.end().success());
}

#[test]
fn a_filter_can_be_given_at_the_start() {
    let mut setting = Setting::with_names(&["github", "cloud"]);
    setting.arguments = vec!["CLO"];
    let mut view = setting.watch();
    let text = view.shows("1 of 2 accounts");
    assert!(text.contains("▌ cloud") && text.contains("/CLO"), "{text}");
}

#[test]
fn the_arrows_select_among_thousands() {
    let names: Vec<String> = (0..3000).map(|number| format!("account-{number:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut view = Setting::with_names(&names).watch();
    view.selects("account-0000");
    for (key, name) in [
        (DOWN, "account-0001"),
        (UP, "account-0000"),
        (PAGE_DOWN, "account-0009"),
        (END, "account-2999"),
        (HOME, "account-0000"),
    ] {
        view.send(key);
        view.selects(name);
    }
    view.send("/-2345");
    view.selects("account-2345");
}

#[test]
fn the_help_comes_and_goes() {
    let mut setting = Setting::with_names(&["github"]);
    setting.rows = 24;
    let mut view = setting.watch();
    view.shows("287 082");
    view.send("?");
    let text = view.shows("any key goes back");
    assert!(text.contains("PgUp PgDn") && !text.contains("287 082"), "{text}");
    view.send("q");
    view.shows("287 082");
    view.resize(6, 60);
    view.send("?");
    view.shows("Down: more");
    view.send(END);
    let text = view.shows("Up: above");
    assert!(text.contains("leave; Ctrl-C too"), "{text}");
    view.resize(24, 60);
    view.shows("any key goes back");
}

#[test]
fn a_counted_code_appears_when_it_is_asked_for_and_is_counted_first() {
    let mut view = Setting::with_vault(&format!(
        "version = 1\n[accounts.bank]\ntype = \"hotp\"\ncounter = 3\nsecret = \"{RFC}\"\n"
    ))
    .watch();
    let text = view.shows("··· ···");
    assert!(!text.contains("969"), "{text}");
    view.send("c");
    view.shows("bank: no code is shown");
    view.send(" ");
    view.shows("969 429");
    assert!(view.vault_text().contains("counter = 4"), "{}", view.vault_text());
    view.shows("number 3");
    view.send(ENTER);
    view.shows("338 314");
    assert!(view.vault_text().contains("counter = 5"), "{}", view.vault_text());
}

#[test]
fn a_counted_code_goes_with_its_key() {
    let vault = |secret: &str, counter: u64| {
        format!("version = 1\n[accounts.bank]\ntype = \"hotp\"\ncounter = {counter}\nsecret = \"{secret}\"\n")
    };
    let mut view = Setting::with_vault(&vault(RFC, 3)).watch();
    view.shows("··· ···");
    view.send(" ");
    view.shows("969 429");
    view.replace_vault(&vault("JBSWY3DPEHPK3PXP", 0));
    view.shows("··· ···");
    view.send("c");
    view.shows("bank: no code is shown");
}

#[test]
fn a_copied_code_goes_where_it_is_wanted_and_the_view_says_so() {
    let mut setting = Setting::with_names(&["github"]);
    setting.columns = 120;
    setting.variables.push(("MFA_CLIPBOARD", "osc52"));
    let mut view = setting.watch();
    view.shows("287 082");
    for key in ["c", ENTER] {
        view.send(key);
        // the code without the blank, in Base64
        view.session.expect("\x1b]52;c;Mjg3MDgy\x07");
    }
    view.shows("github: sent to the terminal's clipboard");
}

#[test]
fn a_code_that_cannot_be_copied_is_told_and_the_view_goes_on() {
    let mut setting = Setting::with_names(&["github"]);
    setting.variables.push(("MFA_CLIPBOARD", "off"));
    let mut view = setting.watch();
    view.shows("287 082");
    view.send("c");
    view.shows("the clipboard is turned off");
    view.send("q");
    assert!(view.session.end().success());
}
