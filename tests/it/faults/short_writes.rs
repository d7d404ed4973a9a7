//! Writes that take one byte and no more: first one that goes on, then a disk that is full there.

use std::path::PathBuf;
use std::process::Command;

use crate::harness::faults::change::{Change, Typed};
use crate::harness::faults::place::{CAROL, Place};
use crate::harness::faults::state::{State, temporaries};
use crate::harness::{VaultKind, public_key, run_with_stdin};

/// `ENOSPC`
const FULL: &str = "28";

/// `short_write.c` as a library that is loaded before all others
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
fn a_write_that_is_cut_short_goes_on_and_a_disk_that_is_full_there_changes_nothing() {
    for kind in [VaultKind::Plain, VaultKind::Sealed] {
        for (words, stdin) in
            [("add carol -", CAROL.0), ("remove bob -y", ""), ("code count", ""), ("undo -y", "")]
        {
            cut_short(&Change::new(Typed::new(words, stdin, 0), kind));
        }
    }
    let encrypt = Typed::new(&format!("encrypt -r {}", public_key()), "", 0);
    cut_short(&Change::new(encrypt, VaultKind::Plain));
    cut_short(&Change::new(Typed::new("code alice --fresh", "", 0), VaultKind::Plain));
}

fn cut_short(change: &Change) {
    let (mut at, mut full) = (0, 0);
    loop {
        at += 1;
        change.place.put_back();
        let number = at.to_string();
        assert!(run(change, &[("SHORT_AT", &number)]).status.success(), "{}", change.name);
        let after = State::of(&change.place).unwrap();
        assert!(after.is_as(&change.new) && after.steps == change.new.steps, "{} at {at}", change.name);
        change.place.put_back();
        let output = run(change, &[("SHORT_AT", &number), ("SHORT_THEN", FULL)]);
        let state = State::of(&change.place).unwrap();
        if output.status.success() {
            // the vault was written before the disk was full: what could not be is only remembered
            assert!(state.is_as(&change.new), "{} at {at}", change.name);
            break;
        }
        full += 1;
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("no space left on device"), "{told}");
        assert!(state.is_as(&change.old) && output.stdout.is_empty(), "{} at {at}: {told}", change.name);
        assert_eq!(state.backup, change.old.backup, "{} at {at}", change.name);
        assert_eq!(temporaries(&change.place), <[String; 0]>::default(), "{} at {at}", change.name);
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
