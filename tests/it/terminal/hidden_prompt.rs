//! The hidden prompt where no shell puts anything right afterwards

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, CTRL_D, CTRL_Z, ENTER, PROMPT, SECRET, Session};

fn asked() -> (Session, String) {
    let mut session = Session::mfa(&["add", "x"]);
    session.expect(PROMPT);
    let before = Session::untouched_modes();
    (session, before)
}

#[test]
fn a_line_is_taken_and_never_shown() {
    let (mut session, before) = asked();
    assert_ne!(session.modes(), before);
    session.send(SECRET);
    session.send(ENTER);
    assert!(session.end().success(), "{}", session.output());
    assert_eq!(session.modes(), before);
    assert!(session.vault().contains(SECRET));
    assert!(!session.output().contains("JBSW"));
    assert!(session.output().contains(&format!("{PROMPT}\r\n")), "Enter shows a newline");
}

#[test]
fn a_signal_ends_the_process_on_a_terminal_as_it_was() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let (mut session, before) = asked();
        session.send(SECRET);
        session.signal(signal);
        let status = session.end();
        assert_eq!(status.signal(), Some(signal.as_raw()), "{signal:?}");
        assert!(!status.core_dumped(), "{signal:?}");
        assert_eq!(session.modes(), before, "{signal:?}");
        assert_eq!(session.vault(), "", "{signal:?}");
        assert!(!session.output().contains("JBSW"), "{signal:?}");
    }
}

/// A Ctrl-C ends a shell at once that has no line to go on with, while its command still puts the terminal right.
#[test]
fn the_terminal_is_put_right_also_when_the_shell_has_gone_first() {
    let mut session = Session::start("sh", &["-c", &format!("{MFA} add x; true")], &[]);
    session.expect(PROMPT);
    let before = Session::untouched_modes();
    session.send("JBSW");
    session.kill();
    session.until("the modes are those from before", |session| session.modes() == before);
    assert_eq!(session.vault(), "");
}

#[test]
fn ctrl_c_ends_it() {
    let (mut session, before) = asked();
    session.send("JBSW");
    session.send(CTRL_C);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    assert_eq!(session.modes(), before);
    assert_eq!(session.vault(), "");
}

#[test]
fn ctrl_d_on_an_empty_line_ends_it() {
    let (mut session, before) = asked();
    session.send(CTRL_D);
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.modes(), before);
    assert_eq!(session.vault(), "");
}

#[test]
fn the_editing_keys_work_unseen() {
    let (mut session, _) = asked();
    session.send("wrong\x15JBSWY3DPEHPK3PXé\x7fP");
    session.send(ENTER);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.vault().contains(SECRET));
}

#[test]
fn ctrl_z_does_not_stop_what_nobody_could_continue() {
    let (mut session, _) = asked();
    session.send(CTRL_Z);
    session.send(SECRET);
    session.send(ENTER);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.vault().contains(SECRET));
}

#[test]
fn a_line_that_is_not_utf_8_is_refused() {
    let (mut session, before) = asked();
    session.send_bytes(b"JBSW\xff\r");
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.modes(), before);
    assert_eq!(session.vault(), "");
    assert!(!session.output().contains("JBSW"));
}

#[test]
fn a_code_to_be_verified_is_asked_for_unseen() {
    let mut session =
        Session::start("sh", &["-c", "until [ -e go ]; do :; done; exec \"$0\" verify x --at 59", MFA], &[]);
    session.write_vault("version = 1\n[accounts.x]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n");
    session.write_file("go");
    session.expect("code of 'x': ");
    session.send("287 082");
    session.send(ENTER);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.output().contains("the code of 'x' matches") && !session.output().contains("082"));
}

#[test]
fn undo_undoes_what_it_has_shown_and_nothing_that_came_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.toml");
    std::fs::write(&vault, format!("version = 1\n[accounts.a]\nsecret = \"{SECRET}\"\n")).unwrap();
    let tag = |tag: &str| {
        let mut command = std::process::Command::new(MFA);
        command
            .args(["edit", "a", "--tag", tag])
            .env_clear()
            .env("HOME", folder.path())
            .env("MFA_VAULT", &vault);
        assert!(command.status().unwrap().success());
    };
    tag("shown");
    let mut session = Session::start(MFA, &["undo"], &[("MFA_VAULT", vault.to_str().unwrap())]);
    session.expect("restore the backup?");
    tag("meanwhile");
    let before = std::fs::read(&vault).unwrap();
    session.send("y");
    session.send(ENTER);
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert!(session.output().contains("another process changed the vault"), "{}", session.output());
    assert_eq!(std::fs::read(&vault).unwrap(), before);
}
