//! The sealed vaults of `tests/fixtures/sealed`, and those that `mfa` makes, opened with stock tools alone: no secret may
//! depend on this program.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod made;
mod recovery;
mod slots;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sealed").join(file)
}

fn vectors() -> Vec<Json> {
    serde_json::from_str(&fs::read_to_string(fixture("vectors.json")).unwrap()).unwrap()
}

/// Python with the packages that the scripts need
fn python() -> Command {
    let mut command = Command::new(std::env::var_os("MFA_TEST_PYTHON").unwrap_or_else(|| "python3".into()));
    command.arg("-B"); // no __pycache__ among the fixtures
    command
}

/// Runs a command with this standard input; a command that is not there fails the test by its name
fn run(command: &mut Command, input: &str) -> Output {
    use std::io::Write;
    let program = command.get_program().to_owned();
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(input.as_bytes()); // who fails early does not read
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
