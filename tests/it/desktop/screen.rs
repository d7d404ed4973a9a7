//! `add --screen`: the QR codes that are visible.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::harness::desktop::page::{FOREIGN, ONE, SECRET, TWO, page};
use crate::harness::desktop::running::until;
use crate::harness::desktop::{Desktop, Kind};
use crate::harness::{MFA, picture};

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns a desktop that shows a page, once it does. The user of the compositor may read the page.
fn desktop_showing(kind: Kind, code: &str) -> Desktop {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let desktop = Desktop::showing(kind, Some(&page(folder.path(), code)));
    until("the page is to be seen", || {
        let output = desktop.mfa(["add", "probe", "--screen", "--dry-run"]);
        (!said(&output).contains("no QR code found")).then_some(())
    });
    desktop
}

fn assert_codes_are_found(kind: Kind) {
    let desktop = desktop_showing(kind, ONE);
    let output = desktop.mfa(["add", "seen", "--screen"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(desktop.vault().contains(SECRET));

    let desktop = desktop_showing(kind, TWO);
    let output = desktop.mfa(["add", "--screen"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("2 accounts in the screenshot"), "{}", said(&output));
    assert!(desktop.mfa(["add", "second", "--screen", "--pick", "2"]).status.success());

    let desktop = desktop_showing(kind, FOREIGN);
    let output = desktop.mfa(["add", "x", "--screen"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("not an authenticator's"), "{}", said(&output));
}

#[test]
#[ignore = "needs Xvfb and ImageMagick: .ci/run installs them"]
fn codes_of_a_page_are_found_under_x11() {
    assert_codes_are_found(Kind::X11);
}

#[test]
#[ignore = "needs sway, grim and ImageMagick: .ci/run installs them"]
fn codes_of_a_page_are_found_under_wayland() {
    assert_codes_are_found(Kind::Wayland);
}

#[test]
#[ignore = "needs Xvfb: .ci/run installs it"]
fn empty_screen_shows_no_code() {
    let output = Desktop::new(Kind::X11).mfa(["add", "x", "--screen"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("no QR code found in the screenshot"), "{}", said(&output));
}

#[test]
fn error_without_a_screen_suggests_a_picture_file() {
    let desktop = Desktop::without();
    for (variable, says) in
        [("X", "no screen: neither"), ("WAYLAND_DISPLAY", "no program found that takes screenshots")]
    {
        let mut command = desktop.command(MFA);
        command.args(["add", "x", "--screen"]).env(variable, "wayland-0").env("PATH", "/nowhere");
        let output = command.stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            said(&output).contains(says) && said(&output).contains("mfa add NAME FILE"),
            "{}",
            said(&output)
        );
    }
}

/// Stands in for the screenshot programs that write to files, which do not run on these desktops.
fn camera(desktop: &Desktop, then: &str) -> String {
    let taken = desktop.path("taken");
    let taken = taken.display();
    let script = format!(
        "for file; do :; done\ncp '{}' \"$file\"\necho \"$file\" > '{taken}'\nstat -c %a \"${{file%/*}}\" >> '{taken}'\n{then}",
        picture(ONE).display(),
    );
    desktop.stand_in("gnome-screenshot", &script)
}

#[test]
fn screenshot_file_is_removed() {
    // in every case: the program succeeds, fails, or receives the interrupt together with mfa
    for (then, exit) in [("exit 0", Some(0)), ("exit 3", Some(1)), ("kill -INT $PPID; exit 1", None)] {
        let desktop = Desktop::without();
        let path = camera(&desktop, then);
        let mut command = desktop.command(MFA);
        command.args(["add", "x", "--screen"]).env("WAYLAND_DISPLAY", "wayland-77").env("PATH", path);
        let output = command.stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), exit, "{then}: {}", said(&output));
        let taken = fs::read_to_string(desktop.path("taken")).unwrap();
        let (file, mode) = taken.trim().split_once('\n').unwrap();
        assert_eq!(mode, "700");
        assert!(
            !fs::exists(file).unwrap() && !fs::exists(std::path::Path::new(file).parent().unwrap()).unwrap()
        );
    }
}
