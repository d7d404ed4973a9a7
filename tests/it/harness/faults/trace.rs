//! The system calls of a run, as strace reports them.

use std::fs;

use crate::harness::faults::change::CommandLine;
use crate::harness::faults::place::Place;

/// A system call of a run
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The number of calls of this name so far, this one included.
    pub(crate) nth: usize,
    /// The line of strace, with the paths of the descriptors.
    pub(crate) line: String,
}

/// The arguments with which strace writes all calls, with their paths, into a file.
const WITH_PATHS: [&str; 3] = ["-y", "-s", "0"];

/// Returns all calls of a run. Fails the test if the run fails.
pub(crate) fn calls(typed: &CommandLine, place: &Place) -> Vec<Call> {
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

/// Returns the calls from the first that touches the vault's folder on: the others load the program.
pub(crate) fn calls_on_vault(typed: &CommandLine, place: &Place) -> Vec<Call> {
    let folder = place.path("vault").display().to_string();
    let touches = |call: &Call| call.name != "execve" && call.line.contains(&folder);
    calls(typed, place).into_iter().skip_while(|call| !touches(call)).collect()
}
