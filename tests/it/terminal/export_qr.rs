//! The QR code on the alternate screen.

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, ENTER, PROMPT, SECRET, Session};

pub(crate) const ENTERED: &str = "\x1b[?1049h";
const DRAWN: &str = "\x1b[2J";
pub(crate) const LEFT: &str = "\x1b[?1049l";

/// The command line of a shell that stores the account and shows its QR code.
const SHOW: &str = "\"$1\" add x && echo shown && \"$1\" export-qr x -y";

fn session_with_symbol() -> (Session, String) {
    let script = format!("{SHOW}; status=$?; echo left; cat; exit $status");
    let mut session = Session::start("sh", &["-c", &script, "sh", MFA], &[]);
    session.expect(PROMPT);
    session.send(SECRET);
    session.send(ENTER);
    session.expect("shown");
    let before = Session::untouched_modes();
    session.expect(ENTERED);
    session.expect(DRAWN);
    session.expect("█");
    (session, before)
}

#[test]
fn any_key_closes_the_symbol_and_is_consumed() {
    for key in [" ", "q", "é", ENTER, "\x1b", "\x1b[A", "\x1b[15~", "\x1bOP"] {
        let (mut session, before) = session_with_symbol();
        session.send(key);
        session.expect(LEFT);
        session.expect("left");
        session.until("the modes are as before", |session| session.modes() == before);
        session.send("\x04");
        assert!(session.end().success(), "{key:?}");
        assert!(session.output().trim_end().ends_with("left"), "{key:?}");
    }
}

#[test]
fn pasted_text_that_closes_the_symbol_is_consumed() {
    let (mut session, _) = session_with_symbol();
    session.expect("x; press any key to close");
    session.send(" ");
    session.expect(LEFT);
}

#[test]
fn ctrl_c_restores_the_screen() {
    let (mut session, before) = session_with_symbol();
    session.send(CTRL_C);
    session.expect(LEFT);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    // the shell may end before the command
    session.until("the modes are as before", |session| session.modes() == before);
}

#[test]
fn resize_draws_the_symbol_again() {
    let (mut session, _) = session_with_symbol();
    session.resize(60, 130);
    session.expect(DRAWN);
    session.expect("█");
}

#[test]
fn small_terminal_is_an_error_with_the_needed_size() {
    let (mut session, before) = session_with_symbol();
    session.resize(5, 10);
    session.expect(LEFT);
    session.expect("too small");
    session.expect("10×5");
    session.until("the modes are as before", |session| session.modes() == before);
}
