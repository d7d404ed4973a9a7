//! Snapshots of the command line: help, errors, hints, warnings and notes, one case for each message.
//!
//! A case is a file `GROUP/NAME.toml`: a command line, its folder, and the expected stdout, stderr and exit code. A change of
//! wording shows as a difference. After an intended change, renew the snapshots:
//!
//! ```sh
//! TRYCMD=overwrite cargo test --test it snapshots
//! git diff tests/it/snapshots
//! ```
//!
//! A new case needs `args`, `env.inherit = false`, `stdout = ""` and `stderr = ""`; the same command fills in the rest. One
//! case alone: `cargo test --test it snapshots -- trycmd=add/taken-name.toml`.
//!
//! Each case runs in its own copy of a folder, one of `worlds/` or of `tests/fixtures`, at a fixed time, with `PATH` and its
//! own variables only. A case with a preparation is a line of `sh`; such a line also replaces the parts of a message that
//! differ from run to run. A case without `fs` uses no file.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

/// The folders whose copies the cases use.
const FOLDERS: [&str; 4] =
    ["tests/it/snapshots/worlds", "tests/fixtures/import", "tests/fixtures/qr", "tests/fixtures/sealed"];

/// The time limit of a case.
const TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn command_lines_match_their_snapshots() {
    for folder in FOLDERS {
        restrict(Path::new(folder));
    }
    let program = Path::new(env!("CARGO_BIN_EXE_mfa"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    trycmd::TestCases::new()
        .default_bin_path(program)
        .register_bin("sh", Path::new("/bin/sh"))
        .env("PATH", path)
        .timeout(TIMEOUT)
        .case("tests/it/snapshots/*/*.toml");
}

/// Makes the files of a folder private. Git does not store their modes, and `mfa` warns of files that others can read.
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
