//! The countdown of a command that waits for a code.

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, CTRL_Z, SECRET, Session};
use crate::harness::shells::{SHELLS, ShellSession};

const CLEAR: &str = "\r\x1b[K";
const COUNTDOWN: &str = "the second code comes in ";

/// Returns a vault whose codes change once a day, so that no test reaches the end of the wait.
fn vault() -> String {
    format!("version = 1\n[accounts.x]\nsecret = \"{SECRET}\"\nperiod = 86400\n")
}

fn session_in_countdown() -> (Session, String) {
    let script = "until [ -e go ]; do :; done; exec \"$0\" next-pair x --wait";
    let mut session = Session::start("sh", &["-c", script, MFA], &[]);
    session.write_vault(&vault());
    session.write_file("go");
    session.expect(COUNTDOWN);
    (session, Session::untouched_modes())
}

#[test]
fn countdown_rewrites_its_line() {
    let (mut session, _) = session_in_countdown();
    let first: u64 = session.expect(" s").parse().unwrap();
    session.expect(&format!("{CLEAR}{COUNTDOWN}"));
    let second: u64 = session.expect(" s").parse().unwrap();
    assert!((1..=2).contains(&(first - second)), "{first}, then {second}");
}

#[test]
fn signal_removes_the_line_and_ends_the_process() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (mut session, before) = session_in_countdown();
        session.signal(signal);
        assert_eq!(session.end().signal(), Some(signal.as_raw()));
        assert!(session.output().ends_with(CLEAR), "{:?}", session.output());
        assert_eq!(session.modes(), before);
    }
}

#[test]
fn ctrl_c_removes_its_own_echo() {
    let (mut session, _) = session_in_countdown();
    session.send(CTRL_C);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    assert!(session.output().ends_with(CLEAR), "{:?}", session.output());
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn countdown_can_be_suspended_and_interrupted_in_a_shell() {
    for shell in &SHELLS {
        let mut desk = ShellSession::start(shell);
        desk.session.write_vault(&vault());
        desk.type_line(&format!("{MFA} next-pair x --wait"));
        desk.session.expect(COUNTDOWN);
        desk.session.send(CTRL_Z);
        desk.session.expect(CLEAR);
        desk.expect_shell();
        desk.type_line("fg");
        desk.session.expect(COUNTDOWN);
        desk.session.send(CTRL_C);
        desk.expect_shell();
        assert_eq!(desk.answer("usable"), "usable", "{desk}");
        assert!(desk.has_original_modes(), "{desk}");
    }
}
