//! The hidden prompt in the shells people use: each changes the terminal's modes in its own way.

use rustix::process::Signal;

use super::export_qr::{ENTERED, LEFT};
use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, CTRL_Z, PROMPT, SECRET};
use crate::harness::shells::{SHELLS, ShellSession};

/// The beginning of the secret, which must not appear either.
const BEGINNING: &str = "JBSW";

fn in_each_shell(story: impl Fn(&mut ShellSession)) {
    for shell in &SHELLS {
        let mut desk = ShellSession::start(shell);
        story(&mut desk);
        assert!(desk.has_original_modes(), "{desk}");
        assert!(!desk.session.output().contains(BEGINNING), "{desk}");
    }
}

fn answer_and_check(desk: &mut ShellSession) {
    desk.type_line(SECRET);
    desk.expect_shell();
    assert_eq!(desk.status(), "0", "{desk}");
    assert!(desk.session.vault().contains(SECRET), "{desk}");
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn enter_stores_the_secret() {
    in_each_shell(|desk| {
        desk.ask();
        answer_and_check(desk);
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn ctrl_c_is_status_130_and_stores_nothing() {
    in_each_shell(|desk| {
        desk.ask();
        desk.session.send(SECRET);
        desk.session.send(CTRL_C);
        desk.expect_shell();
        assert_eq!(desk.status(), "130", "{desk}");
        assert_eq!(desk.session.vault(), "", "{desk}");
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn sigterm_is_status_143_and_stores_nothing() {
    in_each_shell(|desk| {
        desk.ask();
        desk.session.send(SECRET);
        desk.session.signal(Signal::TERM);
        desk.expect_shell();
        assert_eq!(desk.status(), "143", "{desk}");
        assert_eq!(desk.session.vault(), "", "{desk}");
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn ctrl_z_suspends_and_fg_prompts_again() {
    in_each_shell(|desk| {
        desk.ask();
        desk.session.send("GEZD");
        desk.suspend();
        assert!(desk.has_original_modes(), "{desk}");
        assert_eq!(desk.answer("usable"), "usable");
        assert!(desk.session.output().contains("ans\"\"wer=usable"), "{desk}");
        desk.type_line("fg");
        desk.session.expect(PROMPT);
        answer_and_check(desk);
        assert!(!desk.session.vault().contains("GEZD"));
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn prompt_can_be_suspended_twice_and_then_interrupted() {
    in_each_shell(|desk| {
        desk.ask();
        for _ in 0..2 {
            desk.suspend();
            assert!(desk.has_original_modes(), "{desk}");
            desk.type_line("fg");
            desk.session.expect(PROMPT);
        }
        desk.session.send(CTRL_C);
        desk.expect_shell();
        // the status is not checked: `fg` of fish has its own
        assert_eq!(desk.answer("usable"), "usable");
        assert_eq!(desk.session.vault(), "", "{desk}");
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn sigtstp_suspends_like_ctrl_z() {
    in_each_shell(|desk| {
        desk.ask();
        desk.session.signal(Signal::TSTP);
        desk.expect_shell();
        assert!(desk.has_original_modes(), "{desk}");
        desk.type_line("fg");
        desk.session.expect(PROMPT);
        answer_and_check(desk);
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn prompt_hides_input_after_a_sigstop() {
    in_each_shell(|desk| {
        desk.ask();
        desk.session.signal(Signal::STOP);
        desk.expect_shell();
        desk.type_line("stty echo icanon; fg");
        desk.session.expect(PROMPT);
        answer_and_check(desk);
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn prompt_in_the_background_waits_for_fg() {
    in_each_shell(|desk| {
        desk.type_line(&format!("{MFA} add x &"));
        desk.expect_shell();
        let job = desk.last_job();
        desk.until_stopped(&job);
        desk.type_line("fg");
        desk.session.expect(PROMPT);
        answer_and_check(desk);
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn prompt_stops_again_after_bg() {
    in_each_shell(|desk| {
        desk.ask();
        let job = desk.session.foreground();
        desk.suspend();
        desk.type_line("bg");
        desk.expect_shell();
        desk.until_stopped(&job);
        assert!(desk.has_original_modes(), "{desk}");
        desk.type_line("fg");
        desk.session.expect(PROMPT);
        answer_and_check(desk);
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn prompt_without_a_controlling_terminal_fails() {
    in_each_shell(|desk| {
        desk.type_line(&format!("setsid --wait {MFA} add x"));
        desk.expect_shell();
        assert_eq!(desk.status(), "2", "{desk}");
        assert!(!desk.session.output().contains(PROMPT));
        assert_eq!(desk.session.vault(), "", "{desk}");
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn qr_code_is_hidden_while_suspended() {
    in_each_shell(|desk| {
        desk.ask();
        answer_and_check(desk);
        desk.type_line(&format!("{MFA} export-qr x -y"));
        desk.session.expect(ENTERED);
        desk.session.expect("█");
        desk.session.send(CTRL_Z);
        desk.session.expect(LEFT);
        desk.expect_shell();
        assert!(desk.has_original_modes(), "{desk}");
        desk.type_line("fg");
        desk.session.expect(ENTERED);
        desk.session.expect("█");
        desk.session.send("q");
        desk.session.expect(LEFT);
        desk.expect_shell();
        assert_eq!(desk.status(), "0", "{desk}");
    });
}
