//! The end and the suspension of the live view: it restores the terminal.

use std::fs;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, open};
use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::live_view::{LiveViewSetup, NOW, RFC, terminal, vault_toml};
use crate::harness::pty::{CTRL_C, CTRL_Z, ENTER, Session};
use crate::harness::shells::{SHELLS, ShellSession};

const ESCAPE: &str = "\x1b";
const CTRL_BACKSLASH: &str = "\x1c";

/// Returns whether the alternate screen is gone, and the cursor, the line wrap and the modes are restored.
fn is_restored(session: &Session) -> bool {
    let mut parser = terminal(50, 120);
    parser.process(session.bytes());
    let screen = parser.screen();
    let wraps = session.output().rfind("\x1b[?7l") < session.output().rfind("\x1b[?7h");
    !screen.alternate_screen()
        && !screen.hide_cursor()
        && wraps
        && session.modes() == Session::untouched_modes()
}

#[test]
fn live_view_shows_codes_and_restores_the_terminal() {
    for key in ["q", ESCAPE] {
        let mut view = LiveViewSetup::with_names(&["github"]).watch();
        let text = view.shows("287 082");
        assert!(text.contains("1 account\n") && text.contains("20 s") && text.contains("▌ github"), "{text}");
        assert!(view.screen().alternate_screen() && view.screen().hide_cursor());
        view.send(key);
        assert_eq!(view.session.end().code(), Some(0), "{key:?}");
        assert!(is_restored(&view.session), "{key:?}");
    }
}

#[test]
fn every_ending_signal_restores_the_terminal() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let mut view = LiveViewSetup::with_names(&["github"]).watch();
        view.shows("287 082");
        view.session.signal(signal);
        let status = view.session.end();
        assert_eq!((status.signal(), status.core_dumped()), (Some(signal.as_raw()), false), "{signal:?}");
        assert!(is_restored(&view.session), "{signal:?}");
    }
    for (key, signal) in [(CTRL_C, Signal::INT), (CTRL_BACKSLASH, Signal::QUIT)] {
        let mut view = LiveViewSetup::with_names(&["github"]).watch();
        view.shows("287 082");
        view.send(key);
        assert_eq!(view.session.end().signal(), Some(signal.as_raw()));
        assert!(is_restored(&view.session), "{signal:?}");
    }
}

#[test]
fn live_view_ends_with_its_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault.toml");
    fs::write(&vault, vault_toml(&["github"])).unwrap();
    let (mut pty, pts) = open().unwrap();
    let command = Command::new(MFA).arg("watch").env_clear().env("MFA_AT", NOW).env("MFA_VAULT", &vault);
    let mut program = command.spawn(pts).unwrap();
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("287 082") {
        let mut bytes = [0; 4096];
        let count = pty.read(&mut bytes).unwrap();
        seen.extend_from_slice(&bytes[..count]);
    }
    drop(pty);
    let start = Instant::now();
    let status = loop {
        if let Some(status) = program.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "it did not end");
        std::thread::yield_now();
    };
    assert_eq!(status.signal(), Some(Signal::HUP.as_raw()), "{status:?}");
}

/// A shell with job control that prints the terminal's modes between two jobs.
const SUSPENDED: &str =
    "set -m; stty -g; \"$1\" watch; echo stopped; stty -g; read line; fg >/dev/null; echo \"ended $?\"";

#[test]
fn suspended_view_restores_the_terminal_and_continues() {
    let mut view = LiveViewSetup::with_names(&["github"]).start("sh", &["-c", SUSPENDED, "sh", MFA]);
    view.shows("287 082");
    view.send(CTRL_Z);
    view.session.expect("\x1b[?1049l");
    view.session.expect("stopped");
    view.session.send(ENTER);
    view.session.expect("\x1b[?1049h");
    view.session.expect("287 082");
    view.session.signal(Signal::TSTP);
    view.session.expect("\x1b[?7h\x1b[?25h\x1b[?1049l");
    view.session.expect("ended");
    let modes: Vec<&str> =
        view.session.output().lines().filter(|line| line.matches(':').count() > 20).map(str::trim).collect();
    assert!(modes.len() == 2 && modes[0] == modes[1], "{modes:?}");
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn live_view_can_be_suspended_in_every_shell() {
    for shell in &SHELLS {
        let mut desk = ShellSession::start(shell);
        desk.type_line(&format!("echo '{RFC}' | {MFA} add x -"));
        desk.expect_shell();
        desk.type_line(&format!("{MFA} watch"));
        for leave in [CTRL_Z, "SIGTSTP", "SIGSTOP"] {
            desk.session.expect("\x1b[?1049h");
            desk.session.expect("━");
            match leave {
                "SIGTSTP" => desk.session.signal(Signal::TSTP),
                "SIGSTOP" => desk.session.signal(Signal::STOP),
                key => desk.session.send(key),
            }
            desk.expect_shell();
            if leave == "SIGSTOP" {
                desk.type_line("stty echo icanon; fg");
            } else {
                assert!(desk.has_original_modes(), "{leave} {desk}");
                desk.type_line("fg");
            }
        }
        desk.session.expect("\x1b[?1049h");
        desk.session.expect("━");
        desk.session.send("q");
        desk.session.expect("\x1b[?1049l");
        desk.expect_shell();
        assert_eq!(desk.status(), "0", "{desk}");
        assert!(desk.has_original_modes(), "{desk}");
    }
}
