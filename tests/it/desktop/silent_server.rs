//! A desktop that takes a connection and says nothing: no command waits for it forever

use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::MFA;
use crate::harness::desktop::Desktop;

/// Behind this port each X display has its own
const DISPLAYS: u16 = 6000;

const COMMANDS: [(&[&str], &str); 3] = [
    (&["code", "rfc", "--copy"], "the clipboard does not respond"),
    (&["add", "x", "--clipboard"], "the clipboard does not respond"),
    (&["add", "x", "--screen"], "could not take a screenshot"),
];

/// All at once, since each waits
fn all_give_up(desktop: &Desktop, variables: &[(&str, &str)], commands: &[(&[&str], &str)]) {
    let start = Instant::now();
    let running = commands.iter().map(|(arguments, says)| {
        let mut command = desktop.command(MFA);
        command.args(*arguments).envs(variables.iter().copied()).env("PATH", "/nowhere");
        (command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(), says)
    });
    let running: Vec<_> = running.collect();
    for (child, says) in running {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.contains(says)), (Some(1), true), "{said}");
    }
    assert!(start.elapsed() < Duration::from_secs(40), "it took {:?}", start.elapsed());
    assert!(desktop.keepers().is_empty());
}

#[test]
fn an_x_server_that_gives_no_answer_is_given_up() {
    let (port, _server) = (DISPLAYS + 50..)
        .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok().map(|server| (port, server)))
        .unwrap();
    let display = format!("127.0.0.1:{}", port - DISPLAYS);
    all_give_up(&Desktop::without(), &[("DISPLAY", &display)], &COMMANDS);
}

#[test]
fn a_compositor_that_gives_no_answer_is_given_up() {
    let desktop = Desktop::without();
    let socket = desktop.path("wayland");
    let _compositor = UnixListener::bind(&socket).unwrap();
    all_give_up(&desktop, &[("WAYLAND_DISPLAY", socket.to_str().unwrap())], &COMMANDS[..2]);
}

#[test]
fn a_display_that_is_not_there_is_told() {
    let desktop = Desktop::without();
    let commands = COMMANDS.map(|(arguments, _)| (arguments, "no connection to the X server"));
    all_give_up(&desktop, &[("DISPLAY", ":7777")], &commands);
}
