//! Text pasted into the hidden prompt, or typed before it appears.

use crate::harness::MFA;
use crate::harness::pty::{ENTER, PROMPT, SECRET, Session};

/// More than the terminal's own line mode keeps of a line.
const LONG: usize = 5000;

fn pasted(text: &str) -> Session {
    let mut session = Session::mfa(&["add", "x"]);
    session.expect(PROMPT);
    session.send(text);
    session.send(ENTER);
    session
}

#[test]
fn long_line_arrives_whole() {
    let (head, tail) = SECRET.split_at(8);
    let mut session = pasted(&format!("{head}{}{tail}", " ".repeat(LONG)));
    assert!(session.end().success(), "{}", session.output());
    assert!(session.vault().contains(SECRET));
}

#[test]
fn long_line_with_an_invalid_end_is_rejected() {
    let mut session = pasted(&format!("{SECRET}{}!", " ".repeat(LONG)));
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.vault(), "");
}

#[test]
fn several_lines_are_rejected_and_do_not_become_commands() {
    let mut session = pasted(&format!("{SECRET}\rGEZDGNBVGY3TQOJQ"));
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.vault(), "");
    assert!(!session.output().contains("GEZDGNBV"));
}

#[test]
fn text_typed_before_the_prompt_counts() {
    let mut session = Session::start("sh", &["-c", "read -r _; \"$1\" add x", "sh", MFA], &[]);
    session.send(&format!("\r{SECRET}\r"));
    assert!(session.end().success(), "{}", session.output());
    assert!(session.vault().contains(SECRET));
}

#[test]
fn early_line_that_the_terminal_has_cut_is_rejected() {
    let script = "echo ready; until [ -e go ]; do :; done; \"$1\" add x";
    let mut session = Session::start("sh", &["-c", script, "sh", MFA], &[]);
    session.expect("ready");
    session.send(&format!("{SECRET}{}!\r", " ".repeat(LONG)));
    session.expect(SECRET);
    session.expect("\r\n");
    session.write_file("go");
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.vault(), "");
}
