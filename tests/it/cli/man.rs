//! `mfa man`

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::Sandbox;

fn written(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = sandbox.path("share/man1");
    sandbox.mfa(["man".as_ref(), folder.as_os_str()]).run().exits(0).prints("").says("pages into '");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = entries.collect();
    pages.sort();
    pages
}

#[test]
fn every_command_of_the_help_has_a_page() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = written(&sandbox)
        .iter()
        .map(|page| page.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let help = sandbox.mfa(["--help"]).run().text();
    let rows = help.lines().skip_while(|line| !line.starts_with("Codes")).take_while(|line| !line.is_empty());
    // The first column holds the name of a group.
    let commands = rows.filter_map(|line| line.get(11..)?.split(' ').next());
    let commands: Vec<&str> = commands.filter(|name| *name != "help").collect();
    assert!(commands.len() >= 20, "{commands:?}");
    for command in commands {
        assert!(names.contains(&format!("mfa-{command}.1")), "{command}: {names:?}");
    }
    assert!(names.contains(&"mfa.1".to_owned()) && names.contains(&"mfa-vault-keys-add.1".to_owned()));
    assert!(!names.iter().any(|name| name.contains("help") || name.contains("__")), "{names:?}");
}

#[test]
fn man_without_a_folder_prints_the_page_of_mfa() {
    let sandbox = Sandbox::with_vault("no vault");
    let page = sandbox.mfa(["man"]).run().exits(0).in_silence().text();
    assert!(page.contains(".TH MFA 1 ") && page.contains(".SH \"EXIT STATUS\""), "{page}");
    let again = written(&sandbox);
    assert_eq!(std::fs::read_to_string(again.last().unwrap()).unwrap(), page, "the same each time");
    written(&sandbox);
}

#[test]
fn folder_that_cannot_be_created_is_an_error() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("file", "");
    let run = sandbox.mfa(["man".as_ref(), file.join("x").as_os_str()]).run();
    run.exits(1).prints("").says("could not write '");
}

/// Returns the complaints of a checker about a page, or fails if it rejects the page.
fn check_result(program: &str, arguments: &[&str], page: &Path) -> String {
    let output = Command::new(program).args(arguments).arg(page).env("LC_ALL", "C.UTF-8").output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed here: {error}"));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{program} {}: {said}", page.display());
    said
}

#[test]
#[ignore = "needs mandoc and man-db: .ci/run installs them"]
fn mandoc_and_man_accept_every_page() {
    for page in written(&Sandbox::new()) {
        assert_eq!(check_result("mandoc", &["-T", "lint", "-W", "warning"], &page), "");
        let shown = check_result("man", &["--warnings", "-P", "cat", "-l"], &page);
        let name = page.file_stem().unwrap().to_string_lossy().into_owned();
        // justified lines have several blanks
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert!(words.windows(2).any(|pair| pair == [name.as_str(), "-"]), "{shown}");
        assert!(!shown.contains("warning:"), "{shown}");
    }
}
