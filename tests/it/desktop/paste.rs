//! `add --clipboard`: a picture or a text that another program has copied

use std::fs;
use std::process::Command;

use crate::harness::desktop::page::{ONE, SECRET, TWO, page};
use crate::harness::desktop::{Desktop, Kind};
use crate::harness::picture;

/// The exit code, and what was said
fn added(desktop: &Desktop, arguments: &[&str]) -> (i32, String) {
    let output = desktop.mfa(["add", "--clipboard"].iter().chain(arguments));
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn empty_page(desktop: &Desktop) -> Vec<u8> {
    let file = desktop.path("empty.png");
    assert!(
        Command::new("convert")
            .args(["-size", "200x200", "xc:#f6f8fa"])
            .arg(&file)
            .status()
            .unwrap()
            .success()
    );
    fs::read(file).unwrap()
}

fn takes_what_was_copied(kind: Kind) {
    let desktop = Desktop::of(kind);
    let (exit, said) = added(&desktop, &["nothing"]);
    assert_eq!((exit, said.contains("neither text nor a picture")), (1, true), "{said}");

    desktop.copy("image/png", &fs::read(picture(ONE)).unwrap());
    let (exit, said) = added(&desktop, &["picture"]);
    assert_eq!((exit, said.contains("the clipboard still holds the secret")), (0, true), "{said}");
    assert!(desktop.vault().contains(SECRET));

    desktop.copy("image/png", &fs::read(picture(TWO)).unwrap());
    let (exit, said) = added(&desktop, &[]);
    assert_eq!((exit, said.contains("2 accounts in the clipboard")), (2, true), "{said}");
    assert_eq!(added(&desktop, &["second", "--pick", "2"]).0, 0);

    desktop.copy("text/plain", b"otpauth://totp/Text:bob?secret=JBSWY3DPEHPK3PXP&issuer=Text\n");
    assert_eq!(added(&desktop, &["uri"]).0, 0);
    desktop.copy("text/plain", b"gezd gnbv gy3t qojq");
    assert_eq!(added(&desktop, &["key"]).0, 0);
    assert!(desktop.vault().contains("JBSWY3DPEHPK3PXP") && desktop.vault().contains("GEZDGNBVGY3TQOJQ"));

    desktop.copy("image/png", &empty_page(&desktop));
    let (exit, said) = added(&desktop, &["page"]);
    assert_eq!((exit, said.contains("no QR code found in the clipboard")), (1, true), "{said}");

    desktop.copy("text/plain", b"a shopping list");
    let (exit, said) = added(&desktop, &["list"]);
    assert_eq!((exit, said.contains("shopping")), (1, false), "{said}");
}

/// A picture of several megabytes comes in pieces
fn takes_a_large_picture(kind: Kind) {
    let desktop = Desktop::of(kind);
    let file = desktop.path("page.bmp");
    let converted = Command::new("convert").arg(page(&desktop.path(""), ONE)).arg(&file).status();
    assert!(converted.unwrap().success());
    let bytes = fs::read(file).unwrap();
    assert!(bytes.len() > 2_000_000, "{} bytes", bytes.len());
    desktop.copy("image/bmp", &bytes);
    let (exit, said) = added(&desktop, &["large"]);
    assert_eq!(exit, 0, "{said}");
    assert!(desktop.vault().contains(SECRET));
}

#[test]
#[ignore = "needs Xvfb, xclip and ImageMagick: .ci/run installs them"]
fn under_x11_pictures_and_texts_are_taken_from_the_clipboard() {
    takes_what_was_copied(Kind::X11);
}

#[test]
#[ignore = "needs sway, wl-clipboard and ImageMagick: .ci/run installs them"]
fn under_wayland_pictures_and_texts_are_taken_from_the_clipboard() {
    takes_what_was_copied(Kind::Wayland);
}

#[test]
#[ignore = "needs Xvfb, xclip and ImageMagick: .ci/run installs them"]
fn under_x11_a_large_picture_is_taken_from_the_clipboard() {
    takes_a_large_picture(Kind::X11);
}

#[test]
#[ignore = "needs sway, wl-clipboard and ImageMagick: .ci/run installs them"]
fn under_wayland_a_large_picture_is_taken_from_the_clipboard() {
    takes_a_large_picture(Kind::Wayland);
}
