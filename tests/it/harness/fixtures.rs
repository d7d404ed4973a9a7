//! The files of `tests/fixtures`.

use std::path::PathBuf;

/// Returns the path of a file below `tests/fixtures`.
pub(crate) fn fixture(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// Returns the path of a picture in `tests/fixtures/qr`.
pub(crate) fn picture(name: &str) -> PathBuf {
    fixture("qr").join(name)
}

/// Returns the public key of `sealed/age-key.txt`.
pub(crate) fn public_key() -> String {
    let text = std::fs::read_to_string(fixture("sealed/age-key.txt")).expect("the fixture is there");
    text.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("it says it").to_owned()
}

/// Returns the public key of `sealed/ssh-key`.
pub(crate) fn ssh_public_key() -> String {
    std::fs::read_to_string(fixture("sealed/ssh-key.pub")).unwrap().trim().to_owned()
}
