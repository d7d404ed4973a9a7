//! `add --screen`: the codes that can be seen

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

/// A desktop that shows a page, once it does; whoever runs the compositor may read the page
fn showing(kind: Kind, code: &str) -> Desktop {
    let folder = TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let desktop = Desktop::showing(kind, Some(&page(folder.path(), code)));
    until("the page is to be seen", || {
        let output = desktop.mfa(["add", "probe", "--screen", "--dry-run"]);
        (!said(&output).contains("no QR code found")).then_some(())
    });
    desktop
}

fn codes_are_found(kind: Kind) {
    let desktop = showing(kind, ONE);
    let output = desktop.mfa(["add", "seen", "--screen"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(desktop.vault().contains(SECRET));

    let desktop = showing(kind, TWO);
    let output = desktop.mfa(["add", "--screen"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("2 accounts in the screenshot"), "{}", said(&output));
    assert!(desktop.mfa(["add", "second", "--screen", "--pick", "2"]).status.success());

    let desktop = showing(kind, FOREIGN);
    let output = desktop.mfa(["add", "x", "--screen"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("not an authenticator's"), "{}", said(&output));
}

#[test]
#[ignore = "needs Xvfb and ImageMagick: .ci/run installs them"]
fn under_x11_the_codes_of_a_page_are_found() {
    codes_are_found(Kind::X11);
}

#[test]
#[ignore = "needs sway, grim and ImageMagick: .ci/run installs them"]
fn under_wayland_the_codes_of_a_page_are_found() {
    codes_are_found(Kind::Wayland);
}

#[test]
#[ignore = "needs Xvfb: .ci/run installs it"]
fn an_empty_screen_shows_no_code() {
    let output = Desktop::of(Kind::X11).mfa(["add", "x", "--screen"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("no QR code found in the screenshot"), "{}", said(&output));
}

#[test]
fn without_a_screen_or_a_program_that_sees_it_a_picture_can_still_be_named() {
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

/// Stands in for the programs that write to files, of which none runs here
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
fn a_picture_of_the_screen_does_not_stay_on_the_disk() {
    // whatever the program does with us: it succeeds, it fails, it is interrupted together with us
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
