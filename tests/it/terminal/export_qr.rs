//! The QR code on the alternate screen

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, ENTER, PROMPT, SECRET, Session};

pub(crate) const ENTERED: &str = "\x1b[?1049h";
const DRAWN: &str = "\x1b[2J";
pub(crate) const LEFT: &str = "\x1b[?1049l";

/// A shell's command line that stores the account and shows its code
const SHOW: &str = "\"$1\" add x && echo shown && \"$1\" export-qr x -y";

fn shown() -> (Session, String) {
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
fn any_key_closes_it_and_is_swallowed() {
    for key in [" ", "q", "é", ENTER, "\x1b", "\x1b[A", "\x1b[15~", "\x1bOP"] {
        let (mut session, before) = shown();
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
fn what_closes_it_can_be_read_whole() {
    let (mut session, _) = shown();
    session.expect("x; press any key to close");
    session.send(" ");
    session.expect(LEFT);
}

#[test]
fn ctrl_c_closes_it_cleanly() {
    let (mut session, before) = shown();
    session.send(CTRL_C);
    session.expect(LEFT);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    // the shell may be gone before the command
    session.until("the modes are as before", |session| session.modes() == before);
}

#[test]
fn another_size_draws_it_again() {
    let (mut session, _) = shown();
    session.resize(60, 130);
    session.expect(DRAWN);
    session.expect("█");
}

#[test]
fn a_terminal_too_small_is_an_error_that_says_the_size() {
    let (mut session, before) = shown();
    session.resize(5, 10);
    session.expect(LEFT);
    session.expect("too small");
    session.expect("10×5");
    session.until("the modes are as before", |session| session.modes() == before);
}
