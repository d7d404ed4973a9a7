//! The words of the command line: help, errors, hints, warnings and notes, one case a message.
//!
//! A case is a file `GROUP/NAME.toml`: a command line, the folder that it runs in, and the stdout, stderr and exit code that it
//! must give. A change of a word shows here as a difference. After a change that is meant:
//!
//! ```sh
//! TRYCMD=overwrite cargo test --test snapshots
//! git diff tests/snapshots
//! ```
//!
//! A new case needs `args`, `env.inherit = false`, `stdout = ""` and `stderr = ""`; the same command fills in the rest. One
//! case alone: `cargo test --test snapshots -- trycmd=add/taken-name.toml`.
//!
//! Each case runs in its own copy of a folder, one of `worlds/` or of `tests/fixtures`, at a fixed time, and with no variable
//! but `PATH` and those that it names. A case that needs something to happen first is a line of `sh`; such a line also replaces
//! the parts of a message that differ from run to run. `GROUP/NAME.toml` without `fs` touches no file.
// the cases name `/proc`, `/dev/full`, `/bin/sh`, modes of files and the errors of Linux
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by a panic, in what its tests share too"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

/// The folders that cases run in copies of
const FOLDERS: [&str; 4] =
    ["tests/snapshots/worlds", "tests/fixtures/import", "tests/fixtures/qr", "tests/fixtures/sealed"];

/// No case takes longer
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn command_lines_keep_their_words() {
    for folder in FOLDERS {
        restrict(Path::new(folder));
    }
    let program = Path::new(env!("CARGO_BIN_EXE_mfa"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    trycmd::TestCases::new()
        .default_bin_path(program)
        .register_bin("sh", Path::new("/bin/sh"))
        .env("PATH", path)
        .timeout(PATIENCE)
        .case("tests/snapshots/*/*.toml");
}

/// Takes the files of a folder away from other users: git does not keep that, and the program warns of files that others
/// can read
fn restrict(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            restrict(&path);
        } else if path.metadata().unwrap().permissions().mode() & 0o777 != 0o600 {
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        }
    }
}
