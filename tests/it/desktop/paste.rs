//! `add --clipboard`: a picture or a text that another program has copied.

use std::fs;
use std::process::Command;

use crate::harness::desktop::page::{ONE, SECRET, TWO, page};
use crate::harness::desktop::{Desktop, Kind};
use crate::harness::picture;

/// Returns the exit code and the messages.
fn run_add(desktop: &Desktop, arguments: &[&str]) -> (i32, String) {
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

fn assert_pictures_and_texts_are_read(kind: Kind) {
    let desktop = Desktop::new(kind);
    let (exit, said) = run_add(&desktop, &["nothing"]);
    assert_eq!((exit, said.contains("neither text nor a picture")), (1, true), "{said}");

    desktop.copy("image/png", &fs::read(picture(ONE)).unwrap());
    let (exit, said) = run_add(&desktop, &["picture"]);
    assert_eq!((exit, said.contains("the clipboard still holds the secret")), (0, true), "{said}");
    assert!(desktop.vault().contains(SECRET));

    desktop.copy("image/png", &fs::read(picture(TWO)).unwrap());
    let (exit, said) = run_add(&desktop, &[]);
    assert_eq!((exit, said.contains("2 accounts in the clipboard")), (2, true), "{said}");
    assert_eq!(run_add(&desktop, &["second", "--pick", "2"]).0, 0);

    desktop.copy("text/plain", b"otpauth://totp/Text:bob?secret=JBSWY3DPEHPK3PXP&issuer=Text\n");
    assert_eq!(run_add(&desktop, &["uri"]).0, 0);
    desktop.copy("text/plain", b"gezd gnbv gy3t qojq");
    assert_eq!(run_add(&desktop, &["key"]).0, 0);
    assert!(desktop.vault().contains("JBSWY3DPEHPK3PXP") && desktop.vault().contains("GEZDGNBVGY3TQOJQ"));

    desktop.copy("image/png", &empty_page(&desktop));
    let (exit, said) = run_add(&desktop, &["page"]);
    assert_eq!((exit, said.contains("no QR code found in the clipboard")), (1, true), "{said}");

    desktop.copy("text/plain", b"a shopping list");
    let (exit, said) = run_add(&desktop, &["list"]);
    assert_eq!((exit, said.contains("shopping")), (1, false), "{said}");
}

/// A picture of several megabytes arrives in pieces.
fn assert_large_picture_is_read(kind: Kind) {
    let desktop = Desktop::new(kind);
    let file = desktop.path("page.bmp");
    let converted = Command::new("convert").arg(page(&desktop.path(""), ONE)).arg(&file).status();
    assert!(converted.unwrap().success());
    let bytes = fs::read(file).unwrap();
    assert!(bytes.len() > 2_000_000, "{} bytes", bytes.len());
    desktop.copy("image/bmp", &bytes);
    let (exit, said) = run_add(&desktop, &["large"]);
    assert_eq!(exit, 0, "{said}");
    assert!(desktop.vault().contains(SECRET));
}

#[test]
#[ignore = "needs Xvfb, xclip and ImageMagick: .ci/run installs them"]
fn pictures_and_texts_are_read_from_the_x11_clipboard() {
    assert_pictures_and_texts_are_read(Kind::X11);
}

#[test]
#[ignore = "needs sway, wl-clipboard and ImageMagick: .ci/run installs them"]
fn pictures_and_texts_are_read_from_the_wayland_clipboard() {
    assert_pictures_and_texts_are_read(Kind::Wayland);
}

#[test]
#[ignore = "needs Xvfb, xclip and ImageMagick: .ci/run installs them"]
fn large_picture_is_read_from_the_x11_clipboard() {
    assert_large_picture_is_read(Kind::X11);
}

#[test]
#[ignore = "needs sway, wl-clipboard and ImageMagick: .ci/run installs them"]
fn large_picture_is_read_from_the_wayland_clipboard() {
    assert_large_picture_is_read(Kind::Wayland);
}
