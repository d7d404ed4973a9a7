//! The picture of the live view in the README: the screen of a terminal, drawn as an SVG.
//!
//! `UPDATE=1 cargo test --test it readme_picture` writes it again; without that, the test compares.

use std::path::Path;

use crate::harness::live_view::{LiveViewSetup, RFC};
use crate::harness::svg::svg;

/// The link in the README.
const LINK: &str = "![mfa watch](tests/fixtures/screen/watch.svg)";
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/screen/watch.svg");

/// The time: 46 seconds into two minutes. Codes of 30 s have 14 s left, those of 10 s only 4.
const AT: &str = "1767225646";

const VAULT: &str = r#"version = 1
[accounts.aws-root]
issuer = "Amazon Web Services"
secret = "NUTCG65YNFASDGBAEDUCHBVEYVPI6YET"
[accounts.aws-staging]
issuer = "Amazon Web Services"
secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
[accounts.github]
issuer = "GitHub"
secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
[accounts."みずほ"]
issuer = "みずほ銀行 🏦"
secret = "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"
digits = 8
period = 60
[accounts.office-vpn]
issuer = "Example & Sons"
secret = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
period = 10
[accounts.steam]
issuer = "Steam"
type = "steam"
secret = "63BEDWCQZKTQWPESARIERL5DTTQFCJTK"
[accounts.payroll]
issuer = "Payroll token"
type = "hotp"
counter = 41
secret = "ONSWG4TFOQQGM33SEBZXK4TFOMQGC3TE"
"#;

#[test]
fn readme_picture_shows_the_screen_of_a_terminal() {
    let mut setting = LiveViewSetup::with_vault(VAULT);
    (setting.rows, setting.columns) = (11, 88);
    setting.variables = vec![("MFA_AT", AT)];
    let mut view = setting.watch();
    view.shows("q quit");
    view.send("\x1b[B\x1b[B");
    view.selects("github");
    let drawn = svg(view.screen());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(Path::new(PICTURE).parent().unwrap()).unwrap();
        std::fs::write(PICTURE, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(PICTURE).unwrap_or_default();
    assert!(
        kept == drawn,
        "UPDATE=1 writes the picture again; the terminal shows\n{}",
        view.screen().contents()
    );
    assert!(include_str!("../../../README.md").contains(LINK));
    assert!(view.screen().contents().contains("みずほ銀行 🏦") && !drawn.contains(RFC));
}
