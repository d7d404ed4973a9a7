//! The hidden prompt without a shell that would restore the terminal.

use std::os::unix::process::ExitStatusExt;

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, CTRL_D, CTRL_Z, ENTER, PROMPT, SECRET, Session};

fn session_at_prompt() -> (Session, String) {
    let mut session = Session::mfa(&["add", "x"]);
    session.expect(PROMPT);
    let before = Session::untouched_modes();
    (session, before)
}

#[test]
fn typed_line_is_read_and_not_shown() {
    let (mut session, before) = session_at_prompt();
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
fn signal_restores_the_terminal_and_ends_the_process() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let (mut session, before) = session_at_prompt();
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

/// Ctrl-C ends a shell without further commands at once, while its command still restores the terminal.
#[test]
fn terminal_is_restored_even_if_the_shell_ends_first() {
    let mut session = Session::start("sh", &["-c", &format!("{MFA} add x; true")], &[]);
    session.expect(PROMPT);
    let before = Session::untouched_modes();
    session.send("JBSW");
    session.kill();
    session.until("the modes are those from before", |session| session.modes() == before);
    assert_eq!(session.vault(), "");
}

#[test]
fn ctrl_c_ends_the_prompt() {
    let (mut session, before) = session_at_prompt();
    session.send("JBSW");
    session.send(CTRL_C);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    assert_eq!(session.modes(), before);
    assert_eq!(session.vault(), "");
}

#[test]
fn ctrl_d_on_an_empty_line_ends_the_prompt() {
    let (mut session, before) = session_at_prompt();
    session.send(CTRL_D);
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.modes(), before);
    assert_eq!(session.vault(), "");
}

#[test]
fn editing_keys_work_without_echo() {
    let (mut session, _) = session_at_prompt();
    session.send("wrong\x15JBSWY3DPEHPK3PXé\x7fP");
    session.send(ENTER);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.vault().contains(SECRET));
}

#[test]
fn ctrl_z_does_not_stop_a_process_without_a_shell() {
    let (mut session, _) = session_at_prompt();
    session.send(CTRL_Z);
    session.send(SECRET);
    session.send(ENTER);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.vault().contains(SECRET));
}

#[test]
fn line_that_is_not_utf_8_is_rejected() {
    let (mut session, before) = session_at_prompt();
    session.send_bytes(b"JBSW\xff\r");
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.modes(), before);
    assert_eq!(session.vault(), "");
    assert!(!session.output().contains("JBSW"));
}

#[test]
fn verify_prompts_for_the_code_without_echo() {
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
fn undo_reverts_only_the_change_that_it_showed() {
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
