//! One run for each call of a change and each thing that can befall it there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Output;

use crate::harness::VaultKind;
use crate::harness::faults::change::{Change, Typed};
use crate::harness::faults::judge::judged;
use crate::harness::faults::trace::{Call, calls_of_the_change};

/// What befalls a run at one of its calls
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process is killed in place of the call
    Killed,
    /// The call fails so
    Fails(&'static str),
}

/// Calls that fail for what a disk or a file system does; those for memory, signals, random bytes and the end of the
/// process are only stopped
const READING: [&str; 7] = ["access", "getdents64", "newfstatat", "pread64", "read", "readlink", "statx"];
const WRITING: [&str; 12] = [
    "chmod",
    "fchmod",
    "fchown",
    "flock",
    "fsync",
    "mkdir",
    "openat",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "write",
];

/// Of those, the ones that a signal can break off
const INTERRUPTIBLE: [&str; 5] = ["flock", "fsync", "openat", "read", "write"];

pub(crate) fn faults(call: &Call) -> Vec<Fault> {
    let is_one_of = |names: &[&str]| names.contains(&call.name.as_str());
    let mut faults = vec![Fault::Killed];
    if is_one_of(&READING) || is_one_of(&WRITING) {
        faults.extend(["EIO", "EACCES"].map(Fault::Fails));
    }
    if is_one_of(&WRITING) {
        faults.push(Fault::Fails("ENOSPC"));
    }
    if is_one_of(&INTERRUPTIBLE) {
        faults.push(Fault::Fails("EINTR"));
    }
    faults
}

/// Runs a change once for each of its calls and each fault there, and judges what is left; prints how many that were.
pub(crate) fn every_point(typed: Typed, kind: VaultKind) {
    let change = Change::new(typed, kind);
    let calls = calls_of_the_change(&change.typed, &change.place);
    let (mut counts, mut lost) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for call in &calls {
        for fault in faults(call) {
            change.place.put_back();
            let output = run_with(fault, call, &change);
            if let Err(problem) = judged(&change, fault, call, &output) {
                lost.push(format!("{fault:?} at {}. {}: {problem}", call.nth, call.line));
            }
            *counts.entry(if let Fault::Fails(error) = fault { error } else { "killed" }).or_default() += 1;
        }
    }
    let killed = counts.remove("killed").unwrap_or_default();
    let (failed, by_error): (usize, Vec<_>) =
        (counts.values().sum(), counts.iter().map(|(error, count)| format!("{error} {count}")).collect());
    let Change { name, .. } = &change;
    eprintln!(
        "{name}: {killed} points killed, {failed} failed ({}), {} lost",
        by_error.join(", "),
        lost.len()
    );
    assert!(killed > 40 && failed > 80, "{name}: too few points: {calls:?}");
    assert!(lost.is_empty(), "{name}:\n{}", lost.join("\n"));
}

/// The run itself; it reaches the point, or the test is of no use
fn run_with(fault: Fault, call: &Call, change: &Change) -> Output {
    let Call { name, nth, .. } = call;
    let what = match fault {
        Fault::Killed => "signal=SIGKILL".to_owned(),
        Fault::Fails(error) => format!("error={error}"),
    };
    let (place, trace) = (&change.place, change.place.path("trace"));
    let mut strace = place.command("strace");
    strace.arg("-o").arg(&trace).args(["-e", &format!("trace={name}")]);
    strace.args(["-e", &format!("inject={name}:{what}:when={nth}"), "--"]);
    let output = change.typed.run_under(&mut strace);
    let text = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    let was_hit = match fault {
        Fault::Killed => output.status.signal() == Some(9),
        Fault::Fails(_) => text.contains("(INJECTED)"),
    };
    assert!(was_hit, "{}: {fault:?} did not reach the {nth}. {name}:\n{text}", change.name);
    output
}
