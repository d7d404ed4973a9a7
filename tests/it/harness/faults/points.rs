//! One run for each call of a change and each fault at that call.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Output;

use crate::harness::VaultKind;
use crate::harness::faults::change::{Change, CommandLine};
use crate::harness::faults::judge::check_result;
use crate::harness::faults::trace::{Call, calls_on_vault};

/// A fault at one call of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// strace kills the process instead of the call.
    Killed,
    /// The call fails with this error.
    Fails(&'static str),
}

/// The calls that a disk or a file system can fail. The others, for memory, signals, random bytes and the end of the
/// process, are only killed.
const READING: [&str; 8] =
    ["access", "getdents64", "newfstatat", "openat2", "pread64", "read", "readlink", "statx"];
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

/// The calls among them that a signal can interrupt.
const INTERRUPTIBLE: [&str; 6] = ["flock", "fsync", "openat", "openat2", "read", "write"];

/// The calls that leave all files as they are, besides those of [`READING`].
const HARMLESS: [&str; 16] = [
    "brk",
    "close",
    "fcntl",
    "fstat",
    "geteuid",
    "getrandom",
    "getuid",
    "ioctl",
    "lseek",
    "mmap",
    "mprotect",
    "munmap",
    "prctl",
    "prlimit64",
    "rt_sigaction",
    "sigaltstack",
];

fn may_change_files(call: &Call) -> bool {
    match call.name.as_str() {
        "open" | "openat" => call.line.contains("O_CREAT") || call.line.contains("O_TRUNC"),
        name => !HARMLESS.contains(&name) && !READING.contains(&name),
    }
}

/// Returns the faults at a call that a disk or a signal may cause.
fn failures(call: &Call) -> Vec<Fault> {
    let is_one_of = |names: &[&str]| names.contains(&call.name.as_str());
    let mut faults = Vec::new();
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

/// Runs a change once for each of its calls and each fault, and judges the result. Prints the number of points.
///
/// Kills at calls between which no file changes are one point: they leave the same files.
pub(crate) fn check_every_point(typed: CommandLine, kind: VaultKind) {
    let change = Change::new(typed, kind);
    let calls = calls_on_vault(&change.typed, &change.place);
    let (mut counts, mut lost) = (BTreeMap::<&str, usize>::new(), Vec::new());
    let mut has_changed = true;
    for call in &calls {
        let killed = std::mem::replace(&mut has_changed, may_change_files(call)).then_some(Fault::Killed);
        for fault in killed.into_iter().chain(failures(call)) {
            change.place.restore();
            let output = run_with(fault, call, &change);
            if let Err(problem) = check_result(&change, fault, call, &output) {
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
        "{name}: {} calls, {killed} points killed, {failed} failed ({}), {} lost",
        calls.len(),
        by_error.join(", "),
        lost.len()
    );
    assert!(killed > 8 && failed > 40, "{name}: too few points: {calls:?}");
    assert!(lost.is_empty(), "{name}:\n{}", lost.join("\n"));
}

/// Runs the change with a fault. Fails the test if the run does not reach the call.
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
