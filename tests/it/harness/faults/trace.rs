//! The system calls of a run, as strace tells them.

use std::fs;

use crate::harness::faults::change::Typed;
use crate::harness::faults::place::Place;

/// A system call of a run
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// How many of this name there were up to it, itself included
    pub(crate) nth: usize,
    /// As strace writes it, with the paths behind the descriptors
    pub(crate) line: String,
}

/// The arguments of strace that write all calls, with their paths, into a file
const WITH_PATHS: [&str; 3] = ["-y", "-s", "0"];

/// All calls of a run, which shall succeed.
pub(crate) fn calls(typed: &Typed, place: &Place) -> Vec<Call> {
    let file = place.path("trace");
    let mut strace = place.command("strace");
    let output = typed.run_under(strace.arg("-f").args(WITH_PATHS).arg("-o").arg(&file).arg("--"));
    assert!(output.status.success(), "{typed:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(file).unwrap();
    let mut calls: Vec<Call> = Vec::new();
    let processes: std::collections::BTreeSet<_> =
        text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(processes.len(), 1, "one process, one thread: else its calls have no order");
    for line in text.lines().filter_map(|line| Some(line.split_once(' ')?.1.trim_start())) {
        let Some((name, _)) = line.split_once('(') else { continue };
        if name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
            let nth = calls.iter().filter(|call| call.name == name).count() + 1;
            calls.push(Call { name: name.to_owned(), nth, line: line.to_owned() });
        }
    }
    calls
}

/// Those from the first on that touches the vault's folder: what is before it loads the program
pub(crate) fn calls_of_the_change(typed: &Typed, place: &Place) -> Vec<Call> {
    let folder = place.path("vault").display().to_string();
    let touches = |call: &Call| call.name != "execve" && call.line.contains(&folder);
    calls(typed, place).into_iter().skip_while(|call| !touches(call)).collect()
}
