//! Pictures: every fixture, every format, and pictures without an account.

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat};
use serde_json::Value;

use super::{assert_stored, text};
use crate::harness::{Sandbox, by_secret, fixture, picture, vector};

/// Returns the file names of `fixtures/qr` with their contents.
fn expected() -> Vec<(String, Value)> {
    let json = std::fs::read(fixture("qr/expected.json")).expect("the fixture is there");
    let json: Value = serde_json::from_slice(&json).expect("it is JSON");
    let files = json["files"].as_object().expect("it has files").clone();
    files.into_iter().collect()
}

fn secrets(file: &Value) -> Vec<String> {
    let entries = file["entries"].as_array().expect("it has entries");
    entries.iter().map(|entry| entry["secret"].as_str().expect("it is a text").to_owned()).collect()
}

#[test]
fn every_picture_is_stored_as_expected() {
    for (file, content) in expected() {
        let [secret] = &secrets(&content)[..] else { continue };
        let vector = by_secret(secret);
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", "it", text(&picture(&file))]).run().exits(0).prints("");
        assert_stored(&sandbox, "it", vector);
    }
}

#[test]
fn every_picture_gives_a_code_without_a_vault() {
    for (file, content) in expected() {
        let [secret] = &secrets(&content)[..] else { continue };
        let sandbox = Sandbox::new();
        let code = format!("{}\n", by_secret(secret).at("59"));
        sandbox.mfa(["code", "--from", text(&picture(&file))]).run().exits(0).prints(&code);
        let bytes = std::fs::read(picture(&file)).unwrap();
        sandbox.mfa(["code", "--from", "-"]).stdin(bytes).run().exits(0).prints(&code);
    }
}

#[test]
fn picture_without_an_account_is_explained() {
    let reasons = [
        ("no-qr.png", "no QR code found in"),
        ("not-otpauth.png", "not an authenticator's"),
        ("truncated.png", "could not read"),
        ("not-an-image.png", ""),
    ];
    for (file, content) in expected() {
        if !secrets(&content).is_empty() {
            continue;
        }
        let reason = reasons.iter().find(|(name, _)| *name == file).expect("the reason is known").1;
        let sandbox = Sandbox::new();
        let run = sandbox.mfa(["add", "it", text(&picture(&file))]).run().exits(1).prints("");
        run.says(reason).says(&file);
        sandbox.mfa(["code", "--from", text(&picture(&file))]).run().exits(1).prints("").says(reason);
        assert_eq!(sandbox.state(), []);
    }
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", text(&picture("no-qr.png"))]).run().exits(1).hints("crop");
}

#[test]
fn every_image_format_is_read() {
    let image = image::open(picture("plain-gray.png")).expect("the fixture is a picture");
    let plain = vector("plain");
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
    {
        let bytes = encoded(&image, format);
        let sandbox = Sandbox::new();
        // the extension is wrong on purpose
        let file = sandbox.write("picture.tiff", &bytes);
        sandbox.mfa(["add", "it", text(&file)]).run().exits(0);
        assert_stored(&sandbox, "it", plain);
        sandbox.mfa(["code", "--from", "-"]).stdin(&bytes).run().exits(0).prints("713653\n");
    }
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.to_rgb8().write_to(&mut bytes, format).expect("the picture can be written");
    bytes.into_inner()
}

#[test]
fn picture_cut_off_anywhere_does_not_crash() {
    let image = image::open(picture("one-px-modules.png")).expect("the fixture is a picture");
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
    {
        let bytes = encoded(&image, format);
        for part in 1..6 {
            let cut = &bytes[..bytes.len() * part / 6];
            let run = Sandbox::new().mfa(["code", "--from", "-"]).stdin(cut).run();
            let code = run.status.code();
            assert!(code == Some(1) || run.text() == "713653\n", "{format:?}: {run:?}");
        }
    }
}

#[test]
fn picture_with_an_odd_path_is_read() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("Ünïcode folder")).unwrap();
    let file = sandbox.path(Path::new("Ünïcode folder").join("-a 'quoted' name.png"));
    std::fs::copy(picture("plain-gray.png"), &file).unwrap();
    sandbox.mfa(["add", text(&file)]).run().exits(0).says("example-alice");
    let folder = file.parent().unwrap();
    let dashed = sandbox.mfa(["add", "again", "--", "-a 'quoted' name.png"]).in_folder(folder).run();
    let removal = if cfg!(windows) { "del \"" } else { "rm \"./" };
    dashed.exits(0).hints(&format!("{removal}-a 'quoted' name.png\""));
}
