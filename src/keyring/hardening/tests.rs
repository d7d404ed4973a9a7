//! Each test runs itself again in a process that dies, and looks for the core dump.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::{env, fs};

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, dumpable_behavior, getpid, getrlimit, kill_process, setrlimit,
};

use super::*;

/// Set in the second run: the number of the signal
const DIE_BY: &str = "MFA_TEST_DIE_BY";

/// Path of these tests in the test program
const TESTS: &str = "keyring::hardening::tests";

/// Runs a test again in an own folder, where it dies. Returns whether the system wrote a core.
fn leaves_core(test: &str, signal: Signal) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env::current_exe().expect("a test program"))
        .args(["--exact", &format!("{TESTS}::{test}"), "--include-ignored"])
        .env(DIE_BY, signal.as_raw().to_string())
        .current_dir(folder.path())
        .output()
        .expect("a second run");
    assert_eq!(output.status.signal(), Some(signal.as_raw()), "{output:?}");
    output.status.core_dumped() || fs::read_dir(folder.path()).expect("a folder").next().is_some()
}

/// Dies by the signal from the first run, with the largest core limit allowed.
fn die(before: impl FnOnce()) {
    let Some(signal) = env::var(DIE_BY).ok().and_then(|number| number.parse().ok()) else { return };
    let maximum = getrlimit(Resource::Core).maximum;
    setrlimit(Resource::Core, Rlimit { current: maximum, maximum }).expect("up to the maximum is allowed");
    before();
    let signal = Signal::from_named_raw(signal).expect("a signal");
    // The standard library handles the first SIGSEGV, to detect a stack overflow, and restores the default then. That
    // may need another thread to run.
    for _ in 0..1_000 {
        kill_process(getpid(), signal).expect("our own process");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!(
        "{signal:?} is ignored: the program that started the tests did so, as shells do for background jobs"
    );
}

const DEADLY: [Signal; 3] = [Signal::SEGV, Signal::ABORT, Signal::QUIT];

#[test]
fn hardened_process_leaves_no_core() {
    die(|| harden().expect("nothing forbids it"));
    for signal in DEADLY {
        assert!(!leaves_core("hardened_process_leaves_no_core", signal), "{signal:?}");
    }
}

#[test]
#[ignore = "needs a system that writes cores, or the test above shows nothing: core_pattern, and no hard limit"]
fn unhardened_process_leaves_a_core() {
    die(|| ());
    for signal in DEADLY {
        assert!(leaves_core("unhardened_process_leaves_a_core", signal), "{signal:?}");
    }
}

#[test]
fn hardened_process_is_undumpable_and_has_no_core_limit() {
    if env::var_os(DIE_BY).is_none() {
        // Hardening cannot be undone, and other tests run in this process.
        leaves_core("hardened_process_is_undumpable_and_has_no_core_limit", Signal::KILL);
        return;
    }
    assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::Dumpable));
    let maximum = getrlimit(Resource::Core).maximum;
    harden().expect("nothing forbids it");
    assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    assert_eq!(getrlimit(Resource::Core), Rlimit { current: Some(0), maximum });
    assert_eq!(fs::read("/proc/self/status").map(|status| status.is_empty()).ok(), Some(false));
    harden().expect("a second call has no effect");
    die(|| ());
}
