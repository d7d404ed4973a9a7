//! A desktop that accepts a connection and never answers: no command waits for it forever.

use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::MFA;
use crate::harness::desktop::Desktop;

/// The port of X display 0; the others follow.
const DISPLAYS: u16 = 6000;

const COMMANDS: [(&[&str], &str); 3] = [
    (&["code", "rfc", "--copy"], "the clipboard does not respond"),
    (&["add", "x", "--clipboard"], "the clipboard does not respond"),
    (&["add", "x", "--screen"], "could not take a screenshot"),
];

/// Runs the commands at the same time, since each waits.
fn assert_all_time_out(desktop: &Desktop, variables: &[(&str, &str)], commands: &[(&[&str], &str)]) {
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
fn silent_x_server_times_out() {
    let (port, _server) = (DISPLAYS + 50..)
        .find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok().map(|server| (port, server)))
        .unwrap();
    let display = format!("127.0.0.1:{}", port - DISPLAYS);
    assert_all_time_out(&Desktop::without(), &[("DISPLAY", &display)], &COMMANDS);
}

#[test]
fn silent_compositor_times_out() {
    let desktop = Desktop::without();
    let socket = desktop.path("wayland");
    let _compositor = UnixListener::bind(&socket).unwrap();
    assert_all_time_out(&desktop, &[("WAYLAND_DISPLAY", socket.to_str().unwrap())], &COMMANDS[..2]);
}

#[test]
fn missing_display_is_an_error() {
    let desktop = Desktop::without();
    let commands = COMMANDS.map(|(arguments, _)| (arguments, "no connection to the X server"));
    assert_all_time_out(&desktop, &[("DISPLAY", ":7777")], &commands);
}
