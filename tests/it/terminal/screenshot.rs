//! The QR code on the screen of a real terminal, read from a screenshot.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::harness::MFA;

const TIMEOUT: Duration = Duration::from_secs(30);

/// The account of the picture `plain-gray.png`, and its code at 59 s by an independent HMAC.
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/qr/plain-gray.png");
const SECRET: &str = "secret=NUTCG65YNFASDGBAEDUCHBVEYVPI6YET";
const CODE_AT_59: &str = "713653\n";

/// A program that ends with the test.
struct RunningProcess(Child);

impl Drop for RunningProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts an X server. Returns it with the number that it has chosen.
fn x_server() -> (RunningProcess, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1200x1000x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test needs Xvfb");
    let mut number = String::new();
    BufReader::new(server.stdout.take().expect("it is piped"))
        .read_line(&mut number)
        .expect("the server says its number");
    (RunningProcess(server), format!(":{}", number.trim()))
}

fn xterm(display: &str, home: &Path, ink: &str, paper: &str) -> RunningProcess {
    let terminal = Command::new("xterm")
        .args(["-u8", "-fa", "DejaVu Sans Mono", "-fs", "9", "-geometry", "100x50", "-fg", ink, "-bg", paper])
        .args(["-e", MFA, "export-qr", "x", "-y"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LC_ALL", "C.UTF-8")
        .env("DISPLAY", display)
        .env("HOME", home)
        .env("MFA_VAULT", home.join("vault.toml"))
        .stderr(Stdio::null())
        .spawn();
    RunningProcess(terminal.expect("the test needs xterm"))
}

/// Takes screenshots until the output of a reader contains a text.
fn read_off(display: &str, shot: &Path, reader: &[&str], wanted: &str) {
    let start = Instant::now();
    loop {
        let taken = Command::new("import")
            .args(["-display", display, "-window", "root"])
            .arg(shot)
            .stderr(Stdio::null())
            .status()
            .expect("the test needs ImageMagick's import");
        let read =
            Command::new(reader[0]).args(&reader[1..]).arg(shot).output().expect("the test needs zbarimg");
        let text = String::from_utf8_lossy(&read.stdout).into_owned();
        if taken.success() && text.contains(wanted) {
            return;
        }
        let errors = String::from_utf8_lossy(&read.stderr);
        assert!(start.elapsed() < TIMEOUT, "{reader:?} read '{text}' and said '{errors}'");
    }
}

#[test]
#[ignore = "needs Xvfb, xterm, ImageMagick and zbarimg: .ci/run installs them"]
fn symbol_is_read_from_a_screenshot_in_any_theme() {
    let home = TempDir::new().unwrap();
    let added = Command::new(MFA)
        .args(["--quiet", "add", "x", PICTURE])
        .env("MFA_VAULT", home.path().join("vault.toml"))
        .status()
        .unwrap();
    assert!(added.success());
    let shot = home.path().join("shot.png");
    for (ink, paper) in [("black", "white"), ("white", "black"), ("#839496", "#002b36")] {
        let (_server, display) = x_server();
        let _terminal = xterm(&display, home.path(), ink, paper);
        read_off(&display, &shot, &["zbarimg", "-q", "--raw"], SECRET);
        read_off(&display, &shot, &[MFA, "code", "--at", "59", "--from"], CODE_AT_59);
        drop(File::create(&shot).unwrap());
    }
}
