//! Pictures of web pages that show QR codes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{HEIGHT, WIDTH};
use crate::harness::picture;

/// A QR code with one account, and two QR codes.
pub(crate) const ONE: &str = "plain-gray.png";
pub(crate) const TWO: &str = "two-codes.png";
/// A QR code without an account.
pub(crate) const FOREIGN: &str = "not-otpauth.png";

/// The secret of `ONE`.
pub(crate) const SECRET: &str = "NUTCG65YNFASDGBAEDUCHBVEYVPI6YET";

/// Draws a page with a heading, text, a button and this QR code. Returns the path of the picture.
pub(crate) fn page(folder: &Path, code: &str) -> PathBuf {
    let path = folder.join(format!("page-of-{code}"));
    let drawn = Command::new("convert")
        .args(["-size", &format!("{WIDTH}x{HEIGHT}"), "xc:#f6f8fa", "-fill", "#24292f"])
        .args(["-draw", &format!("rectangle 0,0 {WIDTH},60")])
        .args(["-font", "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "-pointsize", "18"])
        .args(["-annotate", "+60+120", "Enable two-factor authentication"])
        .args(["-annotate", "+60+160", "Scan the picture with the app of your choice:"])
        .args(["-fill", "#1f883d", "-draw", "roundrectangle 60,760 260,810 8,8"])
        .arg(picture(code))
        .args(["-geometry", "+60+200", "-composite"])
        .arg(&path)
        .status()
        .expect("the test needs ImageMagick's convert");
    assert!(drawn.success());
    path
}
