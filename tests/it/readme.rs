//! The commands of the README and of the manual print the output shown below them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const CONTRIBUTING: &str = include_str!("../../.github/CONTRIBUTING.md");

/// The pictures that the documents use.
const FILES: [(&str, &str); 2] =
    [("github.png", "tests/fixtures/qr/plain-gray.png"), ("team.png", "tests/fixtures/qr/two-codes.png")];

/// The time of RFC 6238's first vector.
const AT: &str = "59";

struct Step {
    command: String,
    output: String,
}

/// Returns the README and every page of the manual.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(root.join("src/manual")).unwrap().map(|file| file.unwrap().path());
    let pages = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    let documents: Vec<PathBuf> = [root.join("README.md")].into_iter().chain(pages).collect();
    assert!(documents.len() > 9, "{documents:?}");
    documents
}

/// Returns the commands of all blocks that are marked to be run, with the lines that follow each.
fn steps(document: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for block in document.split("<!-- run -->\n```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for step in format!("\n{block}").split("\n$ ").skip(1) {
            let (command, output) = step.split_once('\n').unwrap_or((step, ""));
            steps.push(Step { command: command.to_owned(), output: output.trim_end().to_owned() });
        }
    }
    steps
}

fn folder_with_pictures() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, fixture) in FILES {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture)).unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    folder
}

#[test]
fn every_command_of_the_documents_prints_its_output() {
    let mut commands = 0;
    for document in documents() {
        let steps = steps(&fs::read_to_string(document).unwrap());
        commands += steps.len();
        run(steps);
    }
    assert!(commands >= 35, "{commands} commands");
}

/// Runs the commands of one document in a folder of its own.
fn run(steps: Vec<Step>) {
    let folder = folder_with_pictures();
    let binaries = Path::new(env!("CARGO_BIN_EXE_mfa")).parent().unwrap();
    for Step { command, output } in steps {
        let ran = Command::new("sh")
            .args(["-c", &format!("({command}) 2>&1")])
            .current_dir(&folder)
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", binaries.display()))
            .env("HOME", folder.path())
            .env("MFA_AT", AT)
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.stdout).trim_end(), output, "{command}");
    }
}

#[test]
fn contributing_lists_the_purpose_of_every_crate() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    let crates_table = CONTRIBUTING.split("\n## Dependencies\n").nth(1).unwrap();
    let mut crates = dependencies(&manifest);
    for target in manifest["target"].as_table().unwrap().values() {
        crates.extend(dependencies(target.as_table().unwrap()));
    }
    assert!(crates.len() > 60, "{crates:?}");
    for name in crates {
        assert!(crates_table.contains(&format!("`{name}`")), "{name}");
    }
}

fn dependencies(table: &toml::Table) -> Vec<String> {
    let tables =
        ["dependencies", "dev-dependencies"].into_iter().filter_map(|kind| table.get(kind)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}
