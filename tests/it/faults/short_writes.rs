//! Writes that take one byte: first the next write continues, then the disk is full there.

use std::path::PathBuf;
use std::process::Command;

use crate::harness::faults::change::{Change, CommandLine};
use crate::harness::faults::place::{CAROL, Place};
use crate::harness::faults::state::{State, temporary_files};
use crate::harness::{VaultKind, public_key, run_with_stdin};

/// `ENOSPC`
const FULL: &str = "28";

/// Compiles `short_write.c` as a library that loads before all others.
fn shim(place: &Place) -> PathBuf {
    let (source, library) =
        (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/harness/faults/short_write.c"), "short.so");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"]).arg(place.path(library)).arg(source);
    let built = cc.output().unwrap_or_else(|error| panic!("cc does not start: {error}"));
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    place.path(library)
}

#[test]
#[ignore = "needs cc, which builds the library that cuts writes short: .ci/run installs it"]
fn short_write_continues_and_full_disk_changes_nothing() {
    for kind in [VaultKind::Plain, VaultKind::Encrypted] {
        for (words, stdin) in
            [("add carol -", CAROL.0), ("remove bob -y", ""), ("code count", ""), ("undo -y", "")]
        {
            assert_short_writes_are_safe(&Change::new(CommandLine::new(words, stdin, 0), kind));
        }
    }
    let encrypt = CommandLine::new(&format!("vault encrypt -r {}", public_key()), "", 0);
    assert_short_writes_are_safe(&Change::new(encrypt, VaultKind::Plain));
    assert_short_writes_are_safe(&Change::new(
        CommandLine::new("code alice --fresh", "", 0),
        VaultKind::Plain,
    ));
}

fn assert_short_writes_are_safe(change: &Change) {
    let (mut at, mut full) = (0, 0);
    loop {
        at += 1;
        change.place.restore();
        let number = at.to_string();
        assert!(run(change, &[("SHORT_AT", &number)]).status.success(), "{}", change.name);
        let after = State::read(&change.place).unwrap();
        assert!(after.matches(&change.new) && after.steps == change.new.steps, "{} at {at}", change.name);
        change.place.restore();
        let output = run(change, &[("SHORT_AT", &number), ("SHORT_THEN", FULL)]);
        let state = State::read(&change.place).unwrap();
        if output.status.success() {
            // the vault was written before the disk was full: only its pin is missing
            assert!(state.matches(&change.new), "{} at {at}", change.name);
            break;
        }
        full += 1;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("no space left on device"), "{stderr}");
        assert!(state.matches(&change.old) && output.stdout.is_empty(), "{} at {at}: {stderr}", change.name);
        assert_eq!(state.backup, change.old.backup, "{} at {at}", change.name);
        assert_eq!(temporary_files(&change.place), <[String; 0]>::default(), "{} at {at}", change.name);
        assert!(change.typed.run(&change.place).status.success(), "{} at {at}", change.name);
    }
    eprintln!("{}: {at} writes cut short, the disk full at {full}, 0 lost", change.name);
    assert!(full > 0, "{}", change.name);
}

fn run(change: &Change, variables: &[(&str, &str)]) -> std::process::Output {
    let words: Vec<&str> = change.typed.words.iter().map(String::as_str).collect();
    let mut command = change.place.mfa(&words);
    command.env("LD_PRELOAD", shim(&change.place)).envs(variables.iter().copied());
    run_with_stdin(&mut command, change.typed.stdin)
}
