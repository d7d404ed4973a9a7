//! A second run of these tests is hardened and dies; the first looks at what it left.

use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::{env, fs};

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, dumpable_behavior, getpid, getrlimit, kill_process, setrlimit,
};

use super::*;

/// Set in the second run: the signal to die by
const DIE_BY: &str = "MFA_TEST_DIE_BY";

/// Runs a test again in a folder of its own, where it dies; whether the system wrote a core.
fn leaves_core(test: &str, signal: Signal) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env::current_exe().expect("a test program"))
        .args(["--exact", &format!("keystore::hardening::tests::{test}"), "--include-ignored"])
        .env(DIE_BY, signal.as_raw().to_string())
        .current_dir(folder.path())
        .output()
        .expect("a second run");
    assert_eq!(output.status.signal(), Some(signal.as_raw()), "{output:?}");
    output.status.core_dumped() || fs::read_dir(folder.path()).expect("a folder").next().is_some()
}

/// Dies by the signal that the first run asked for, with as large a core allowed as may be.
fn die(before: impl FnOnce()) {
    let Some(signal) = env::var(DIE_BY).ok().and_then(|number| number.parse().ok()) else { return };
    let maximum = getrlimit(Resource::Core).maximum;
    setrlimit(Resource::Core, Rlimit { current: maximum, maximum }).expect("up to the maximum is allowed");
    before();
    let signal = Signal::from_named_raw(signal).expect("a signal");
    // the first SIGSEGV goes to the standard library, which looks for an overflowing stack and then stands back; another
    // thread has to have its turn for that
    for _ in 0..1_000 {
        kill_process(getpid(), signal).expect("our own process");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!(
        "{signal:?} is ignored: whoever started the tests has said so, as a shell does of what it leaves in the background"
    );
}

const DEADLY: [Signal; 3] = [Signal::SEGV, Signal::ABORT, Signal::QUIT];

#[test]
fn a_hardened_process_that_crashes_leaves_no_core() {
    die(|| harden().expect("nothing forbids it"));
    for signal in DEADLY {
        assert!(!leaves_core("a_hardened_process_that_crashes_leaves_no_core", signal), "{signal:?}");
    }
}

#[test]
#[ignore = "needs a system that writes cores, or the test above shows nothing: core_pattern, and no hard limit"]
fn without_hardening_a_crash_leaves_a_core() {
    die(|| ());
    for signal in DEADLY {
        assert!(leaves_core("without_hardening_a_crash_leaves_a_core", signal), "{signal:?}");
    }
}

#[test]
fn a_hardened_process_says_so() {
    if env::var_os(DIE_BY).is_none() {
        // in a process of its own: hardening cannot be taken back, and other tests run in this one
        leaves_core("a_hardened_process_says_so", Signal::KILL);
        return;
    }
    assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::Dumpable));
    let maximum = getrlimit(Resource::Core).maximum;
    harden().expect("nothing forbids it");
    assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    assert_eq!(getrlimit(Resource::Core), Rlimit { current: Some(0), maximum });
    assert_eq!(fs::read("/proc/self/status").map(|status| status.is_empty()).ok(), Some(false));
    harden().expect("a second time is no harm");
    die(|| ());
}
