//! The order in which a change reaches the disk, read from a trace.

use crate::harness::faults::change::CommandLine;
use crate::harness::faults::place::{CAROL, Place};
use crate::harness::faults::trace::{Call, calls};
use crate::harness::{VaultKind, public_key};

/// Returns the calls that must follow each other, so that a loss of power leaves no partial file under the final name.
fn steps_to(file: &str) -> [String; 4] {
    let renamed = format!("/vault/{file}\"");
    [
        format!("write(.{file}.new"),
        format!("fsync(.{file}.new"),
        format!("rename(.{file}.new {renamed}"),
        "fsync(vault".to_owned(),
    ]
}

/// Returns the calls that change the vault's folder: `write(.vault.toml.new`, and `rename` with both names.
fn changes_in_folder(calls: &[Call], folder: &str) -> Vec<String> {
    let changes = calls.iter().filter(|call| call.line.contains(folder)).filter_map(|call| {
        let path =
            |at: usize| call.line.split(['"', '<', '>']).filter(|part| part.starts_with(folder)).nth(at);
        let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        match call.name.as_str() {
            "write" | "fsync" => Some(format!("{}({}", call.name, name(path(0)?))),
            "rename" | "renameat" | "renameat2" => {
                let quoted: Vec<&str> = call.line.split('"').skip(1).step_by(2).collect();
                Some(format!("rename({} /vault/{}\"", name(quoted.first()?), name(quoted.get(1)?)))
            }
            _ => None,
        }
    });
    changes.collect()
}

#[test]
#[ignore = "needs strace, which tells the calls: .ci/run installs it"]
fn file_is_flushed_before_its_rename_and_its_folder_after() {
    for (words, stdin) in
        [("add carol -", CAROL.0), ("remove bob -y", ""), (&format!("vault encrypt -r {}", public_key()), "")]
    {
        let place = Place::new(VaultKind::Plain);
        let calls = calls(&CommandLine::new(words, stdin, 0), &place);
        let done = changes_in_folder(&calls, &place.path("vault").display().to_string());
        for file in ["vault.toml.bak", "vault.toml"] {
            let mut rest = done.iter();
            for step in steps_to(file) {
                assert!(rest.any(|done| *done == step), "{words}: no {step} in its place: {done:#?}");
            }
        }
        let at = |step: &str| done.iter().position(|done| done == step).unwrap();
        let renamed = |file: &str| at(&steps_to(file)[2]);
        // a full disk must fail before any change, and the backup must exist before the vault is replaced
        assert!(at("fsync(.vault.toml.new") < renamed("vault.toml.bak"), "{words}: {done:#?}");
        assert_eq!(done[renamed("vault.toml.bak") + 1], "fsync(vault", "{words}: {done:#?}");
        assert!(renamed("vault.toml.bak") < renamed("vault.toml"), "{words}: {done:#?}");
        assert_eq!(done.last().unwrap(), "fsync(vault", "{words}: {done:#?}");
    }
}

#[test]
#[ignore = "needs strace, which fails the calls: .ci/run installs it"]
fn lock_file_is_not_removed_by_a_failed_change() {
    for number in 1..=3 {
        let place = Place::new(VaultKind::Plain);
        let lock = place.path("vault/vault.toml.lock");
        std::fs::remove_file(&lock).unwrap();
        let mut strace = place.command("strace");
        strace.args(["-o", "/dev/null", "-e", &format!("inject=fsync:error=EIO:when={number}"), "--"]);
        let output = CommandLine::new("add carol -", CAROL.0, 0).run_under(&mut strace);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(lock.exists(), "gone after the {number}. fsync has failed");
    }
}
