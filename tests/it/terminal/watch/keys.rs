//! The keys of the live view.

use crate::harness::live_view::{LiveViewSetup, RFC};
use crate::harness::pty::ENTER;

const ESCAPE: &str = "\x1b";
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1bOA";
const PAGE_DOWN: &str = "\x1b[6~";
const HOME: &str = "\x1b[H";
const END: &str = "\x1b[F";

#[test]
fn slash_starts_a_filter_of_any_letters() {
    let mut view = LiveViewSetup::with_names(&["github", "quebec", "cloud"]).watch();
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
fn filter_can_be_given_at_the_start() {
    let mut setting = LiveViewSetup::with_names(&["github", "cloud"]);
    setting.arguments = vec!["CLO"];
    let mut view = setting.watch();
    let text = view.shows("1 of 2 accounts");
    assert!(text.contains("▌ cloud") && text.contains("/CLO"), "{text}");
}

#[test]
fn arrows_select_among_thousands() {
    let names: Vec<String> = (0..3000).map(|number| format!("account-{number:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut view = LiveViewSetup::with_names(&names).watch();
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
fn help_opens_and_closes() {
    let mut setting = LiveViewSetup::with_names(&["github"]);
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
fn hotp_code_appears_on_request_after_its_counter_is_saved() {
    let mut view = LiveViewSetup::with_vault(&format!(
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
fn hotp_code_disappears_with_its_account() {
    let vault = |secret: &str, counter: u64| {
        format!("version = 1\n[accounts.bank]\ntype = \"hotp\"\ncounter = {counter}\nsecret = \"{secret}\"\n")
    };
    let mut view = LiveViewSetup::with_vault(&vault(RFC, 3)).watch();
    view.shows("··· ···");
    view.send(" ");
    view.shows("969 429");
    view.replace_vault(&vault("JBSWY3DPEHPK3PXP", 0));
    view.shows("··· ···");
    view.send("c");
    view.shows("bank: no code is shown");
}

#[test]
fn copied_code_goes_to_the_chosen_clipboard() {
    let mut setting = LiveViewSetup::with_names(&["github"]);
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
fn failed_copy_is_reported_and_the_view_continues() {
    let mut setting = LiveViewSetup::with_names(&["github"]);
    setting.variables.push(("MFA_CLIPBOARD", "off"));
    let mut view = setting.watch();
    view.shows("287 082");
    view.send("c");
    view.shows("the clipboard is turned off");
    view.send("q");
    assert!(view.session.end().success());
}
