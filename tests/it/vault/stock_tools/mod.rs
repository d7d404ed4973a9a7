//! Encrypted vaults, those of `tests/fixtures/sealed` and new ones, decrypted with stock tools alone: no secret may
//! depend on this program.

mod key_slots;
mod new_vault;
mod recovery_script;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::harness::{MFA, fixture, python, run_with_stdin};

fn fixture_path(file: &str) -> PathBuf {
    fixture("sealed").join(file)
}

fn vectors() -> Vec<Json> {
    serde_json::from_str(&fs::read_to_string(fixture_path("vectors.json")).unwrap()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
