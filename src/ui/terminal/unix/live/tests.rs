//! A panic while a scene is shown, which no input of a user can cause

use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::tcgetattr;

use crate::ui::hide_panics;
use crate::ui::live::{Action, Frame, Key, Row, Scene, Size, show};

/// Set in the process on the terminal, and not in the one that watches it
const ON_TERMINAL: &str = "MFA_TEST_ON_TERMINAL";
const NAME: &str = "ui::terminal::unix::live::tests::panic_restores_the_terminal_and_hides_its_message";

const TEST_TIMEOUT: Duration = Duration::from_secs(20);
const POLL_TIMEOUT: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

struct Broken;

impl Scene for Broken {
    fn frame(&mut self, _size: Size) -> Frame {
        Frame(vec![Row::default()])
    }

    fn press(&mut self, _key: Key) -> Action {
        panic!("the secret")
    }
}

#[test]
fn panic_restores_the_terminal_and_hides_its_message() {
    if std::env::var_os(ON_TERMINAL).is_some() {
        hide_panics();
        let _ = show(&mut Broken, false);
        return;
    }
    let (mut pty, pts) = open().unwrap();
    let terminal = pts.as_fd().try_clone_to_owned().unwrap();
    let modes = || format!("{:?}", tcgetattr(&terminal).unwrap());
    let before = modes();
    let test = Command::new(std::env::current_exe().unwrap())
        .args([NAME, "--exact", "--nocapture"])
        .env(ON_TERMINAL, "1");
    let mut program = test.spawn(pts).unwrap();
    let mut shown = read_until(&pty, |shown| shown.contains("\x1b[?1049h"));
    assert_ne!(modes(), before);
    pty.write_all(b"x").unwrap();
    shown += &read_until(&pty, |_| program.try_wait().unwrap().is_some());
    let (screen, after) = shown.rsplit_once("\x1b[?7h\x1b[?25h\x1b[?1049l").unwrap();
    assert!(!screen.contains("a bug") && after.contains("error: a bug in mfa, at src/ui/"), "{shown}");
    assert!(!shown.contains("the secret"), "{shown}");
    assert_eq!(modes(), before);
}

/// Returns the output of the terminal until the condition holds.
fn read_until(mut pty: &Pty, mut is_done: impl FnMut(&str) -> bool) -> String {
    let start = Instant::now();
    let mut shown = String::new();
    loop {
        let is_done = is_done(&shown);
        while poll(&mut [PollFd::new(&pty, PollFlags::IN)], Some(&POLL_TIMEOUT)).unwrap() > 0 {
            let mut bytes = [0; 4096];
            let count = pty.read(&mut bytes).unwrap();
            shown += &String::from_utf8_lossy(&bytes[..count]);
        }
        if is_done {
            return shown;
        }
        assert!(start.elapsed() < TEST_TIMEOUT, "{shown}");
    }
}
