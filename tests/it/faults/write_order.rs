//! The order in which a change reaches the disk, read from a trace.

use crate::harness::faults::change::Typed;
use crate::harness::faults::place::{CAROL, Place};
use crate::harness::faults::trace::{Call, calls};
use crate::harness::{VaultKind, public_key};

/// What must come one after the other so that no loss of power leaves half a file under the name of a whole one
fn steps_to(file: &str) -> [String; 4] {
    let renamed = format!("/vault/{file}\"");
    [
        format!("write(.{file}.new"),
        format!("fsync(.{file}.new"),
        format!("rename(.{file}.new {renamed}"),
        "fsync(vault".to_owned(),
    ]
}

/// The calls that change the vault's folder: `write(.vault.toml.new`, and `rename` with both names
fn changes_of_the_folder(calls: &[Call], folder: &str) -> Vec<String> {
    let told = calls.iter().filter(|call| call.line.contains(folder)).filter_map(|call| {
        let path =
            |at: usize| call.line.split(['"', '<', '>']).filter(|part| part.starts_with(folder)).nth(at);
        let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        match call.name.as_str() {
            "write" | "fsync" => Some(format!("{}({}", call.name, name(path(0)?))),
            "rename" | "renameat" | "renameat2" => {
                Some(format!("rename({} /vault/{}\"", name(path(0)?), name(path(1)?)))
            }
            _ => None,
        }
    });
    told.collect()
}

#[test]
#[ignore = "needs strace, which tells the calls: .ci/run installs it"]
fn a_file_is_flushed_before_it_is_renamed_and_its_folder_after_that() {
    for (words, stdin) in
        [("add carol -", CAROL.0), ("remove bob -y", ""), (&format!("encrypt -r {}", public_key()), "")]
    {
        let place = Place::new(VaultKind::Plain);
        let calls = calls(&Typed::new(words, stdin, 0), &place);
        let done = changes_of_the_folder(&calls, &place.path("vault").display().to_string());
        for file in ["vault.toml.bak", "vault.toml"] {
            let mut rest = done.iter();
            for step in steps_to(file) {
                assert!(rest.any(|done| *done == step), "{words}: no {step} in its place: {done:#?}");
            }
        }
        let at = |step: &str| done.iter().position(|done| done == step).unwrap();
        let renamed = |file: &str| at(&steps_to(file)[2]);
        // what a full disk fails comes before anything has changed, and the backup is there before the vault is replaced
        assert!(at("fsync(.vault.toml.new") < renamed("vault.toml.bak"), "{words}: {done:#?}");
        assert_eq!(done[renamed("vault.toml.bak") + 1], "fsync(vault", "{words}: {done:#?}");
        assert!(renamed("vault.toml.bak") < renamed("vault.toml"), "{words}: {done:#?}");
        assert_eq!(done.last().unwrap(), "fsync(vault", "{words}: {done:#?}");
    }
}

#[test]
#[ignore = "needs strace, which fails the calls: .ci/run installs it"]
fn the_lock_file_is_never_taken_away_since_somebody_may_hold_it() {
    for number in 1..=3 {
        let place = Place::new(VaultKind::Plain);
        let lock = place.path("vault/vault.toml.lock");
        std::fs::remove_file(&lock).unwrap();
        let mut strace = place.command("strace");
        strace.args(["-o", "/dev/null", "-e", &format!("inject=fsync:error=EIO:when={number}"), "--"]);
        let output = Typed::new("add carol -", CAROL.0, 0).run_under(&mut strace);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(lock.exists(), "gone after the {number}. fsync has failed");
    }
}
