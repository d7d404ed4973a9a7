//! The README's commands, run as they stand there, print what stands there.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const README: &str = include_str!("../../README.md");

/// The pictures that the README speaks of
const FILES: [(&str, &str); 2] =
    [("github.png", "tests/fixtures/qr/plain-gray.png"), ("team.png", "tests/fixtures/qr/two-codes.png")];

/// The time of RFC 6238's first vector
const AT: &str = "59";

struct Step {
    command: String,
    output: String,
}

/// The commands of all blocks that are marked to be run, with the lines that follow each
fn steps() -> Vec<Step> {
    let mut steps = Vec::new();
    for block in README.split("<!-- run -->\n```console\n").skip(1) {
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
fn every_command_of_the_readme_prints_what_stands_below_it() {
    let folder = folder_with_pictures();
    let binaries = Path::new(env!("CARGO_BIN_EXE_mfa")).parent().unwrap();
    let steps = steps();
    assert!(steps.len() >= 8, "{} commands", steps.len());
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
fn the_readme_says_what_each_crate_is_for() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().unwrap();
    let development = README.split("\n## Development\n").nth(1).unwrap();
    let mut crates = dependencies(&manifest);
    for target in manifest["target"].as_table().unwrap().values() {
        crates.extend(dependencies(target.as_table().unwrap()));
    }
    assert!(crates.len() > 60, "{crates:?}");
    for name in crates {
        assert!(development.contains(&format!("`{name}`")), "{name}");
    }
}

fn dependencies(table: &toml::Table) -> Vec<String> {
    let tables =
        ["dependencies", "dev-dependencies"].into_iter().filter_map(|kind| table.get(kind)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}
