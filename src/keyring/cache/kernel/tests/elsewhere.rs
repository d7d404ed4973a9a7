//! Other processes, sessions, users and containers: each test runs itself a second time there.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// Set in the second run: the vault to look for
const THERE: &str = "MFA_TEST_KEYRING_VAULT";

const NEW_SESSION: [&str; 3] = ["keyctl", "session", "-"];
const NOBODY: [&str; 4] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/// The vault's name in the second run
fn there() -> Option<String> {
    env::var(THERE).ok()
}

/// Runs one of these tests again, with a program before it, and holds it to pass.
fn again(program: &Path, before: &[&str], test: &str, vault: &str) {
    let test = format!("keystore::cache::kernel::tests::elsewhere::{test}");
    let mut words = before.iter().map(OsStr::new).chain([program.as_os_str()]);
    let output = Command::new(words.next().expect("a program"))
        .args(words)
        .args(["--exact", &test, "--include-ignored", "--nocapture"])
        .env(THERE, vault)
        .output()
        .unwrap_or_else(|error| panic!("{before:?} does not start: {error}"));
    let passed = output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed");
    assert!(passed, "{before:?}: {output:?}");
}

fn ourselves() -> PathBuf {
    env::current_exe().expect("a test program")
}

/// A key as other programs make it, which only its possessor may read: shows that a session is a foreign one
fn plain_description(vault: &str) -> String {
    format!("plain-{vault}")
}

#[test]
fn the_next_process_reads_it_and_one_without_a_terminal_too() {
    const NAME: &str = "the_next_process_reads_it_and_one_without_a_terminal_too";
    if let Some(vault) = there() {
        assert_eq!(get(&vault), Ok(Some(KEY.into())));
        return;
    }
    let vault = Vault::new("next");
    vault.put(Some(60));
    again(&ourselves(), &[], NAME, &vault.0);
    again(&ourselves(), &["setsid", "--wait"], NAME, &vault.0);
}

#[test]
#[ignore = "needs keyctl: .ci/run installs keyutils"]
fn a_session_that_does_not_link_the_user_keyring_reads_it() {
    const NAME: &str = "a_session_that_does_not_link_the_user_keyring_reads_it";
    if let Some(vault) = there() {
        assert_eq!(get(&vault), Ok(Some(KEY.into())));
        let plain = ring(KeyRingIdentifier::User).and_then(|ring| find(ring, &plain_description(&vault)));
        assert_eq!(plain, Err(CacheError::Refused), "the session is no foreign one: this proves nothing");
        return;
    }
    let vault = Vault::new("session");
    vault.put(Some(60));
    let ring = ring(KeyRingIdentifier::User).expect("a keyring");
    let plain = ring.add_key(&plain_description(&vault.0), b"secret").expect("a key");
    again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
    ring.unlink_key(plain).expect("our own key");
}

#[test]
#[ignore = "needs keyctl: .ci/run installs keyutils"]
fn what_a_foreign_session_caches_and_forgets_is_cached_and_forgotten_for_all() {
    const NAME: &str = "what_a_foreign_session_caches_and_forgets_is_cached_and_forgotten_for_all";
    if let Some(vault) = there() {
        if forget(&vault).expect("a keyring") {
            assert_eq!(get(&vault), Ok(None));
        } else {
            put(&vault, &KEY, Some(60)).expect("a keyring");
        }
        return;
    }
    let vault = Vault::new("foreign");
    again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(Some(KEY.into())));
    vault.put(Some(120));
    again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(None));
}

/// As root this is also about another user; as another user that user's own side is what all tests here show.
#[test]
#[ignore = "needs keyctl, setpriv and su: .ci/run installs keyutils"]
fn each_user_has_a_cache_that_outlives_their_processes_and_that_root_does_not_share() {
    const NAME: &str = "each_user_has_a_cache_that_outlives_their_processes_and_that_root_does_not_share";
    if let Some(vault) = there() {
        assert_eq!(get(&vault), Ok(None));
        put(&vault, &KEY, Some(60)).expect("a keyring");
        return;
    }
    if !rustix::process::geteuid().is_root() {
        let vault = Vault::new("user");
        again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
        assert_eq!(get(&vault.0), Ok(Some(KEY.into())));
        return;
    }
    let vault = Vault::new("nobody");
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("test");
    fs::copy(ourselves(), &program).expect("a copy that another user may run");
    Command::new("chmod").args(["-R", "a+rx"]).arg(folder.path()).status().expect("chmod");
    // no process of that user stays between the two
    again(&program, &NOBODY, NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(None), "root's own cache");
    again(&program, &[NOBODY.as_slice(), &NEW_SESSION].concat(), "only_reads", &vault.0);
    again(&program, &["su", "-s", "/usr/bin/env", "nobody", "--"], "only_reads", &vault.0);
}

/// The second half of the test above
#[test]
#[ignore = "runs within another test: alone it shows that an unknown vault is not cached"]
fn only_reads() {
    match there() {
        Some(vault) => assert_eq!(get(&vault), Ok(Some(KEY.into()))),
        None => assert_eq!(get("an unknown vault"), Ok(None)),
    }
}

#[test]
#[ignore = "needs unshare and user namespaces: .ci/run installs util-linux"]
fn forgetting_all_leaves_none_of_ours_and_all_of_others() {
    const NAME: &str = "forgetting_all_leaves_none_of_ours_and_all_of_others";
    if let Some(vault) = there() {
        // a namespace has keyrings of its own: the real user's cache is out of reach
        assert_eq!(get(&vault), Ok(None));
        assert_eq!(forget_all(), Ok(0));
        let ring = ring(KeyRingIdentifier::User).expect("a keyring");
        let bench = KeyRing::from_special_id(KeyRingIdentifier::Thread, true).expect("a keyring");
        for description in ["another program's", &"long ".repeat(500)] {
            let key = bench.add_key(description, b"value").expect("a key");
            publish(key, 60, ring).expect("a keyring");
        }
        for name in ["one", "two+/=="] {
            put(name, &KEY, None).expect("a keyring");
        }
        assert_eq!(forget_all(), Ok(2));
        assert_eq!(get("one"), Ok(None));
        assert_eq!(get("two+/=="), Ok(None));
        assert!(ring.search("another program's").is_ok());
        return;
    }
    let vault = Vault::new("all");
    vault.put(Some(60));
    again(&ourselves(), &["unshare", "--user", "--map-root-user"], NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(Some(KEY.into())));
}

/// Runs a program under a filter like a container's: the three calls of keyrings answer with an error.
const FILTER: &str = r#"
import ctypes, os, platform, struct, sys
error, program = int(sys.argv[1]), sys.argv[2:]
calls = {"x86_64": [248, 249, 250], "aarch64": [217, 218, 219]}[platform.machine()]
step = lambda code, yes, no, value: struct.pack("HBBI", code, yes, no, value)
rules = step(0x20, 0, 0, 0)
rules += b"".join(step(0x15, len(calls) - i, 0, call) for i, call in enumerate(calls))
rules += step(0x06, 0, 0, 0x7FFF0000) + step(0x06, 0, 0, 0x00050000 | error)
room = ctypes.create_string_buffer(rules, len(rules))
filter = struct.pack("HxxxxxxP", len(rules) // 8, ctypes.addressof(room))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.c_char_p(filter)) == 0, os.strerror(ctypes.get_errno())
os.execv(program[0], program)
"#;

#[test]
#[ignore = "needs python3, for a filter like a container's"]
fn where_the_kernels_keyrings_are_forbidden_that_is_what_is_said() {
    const NAME: &str = "where_the_kernels_keyrings_are_forbidden_that_is_what_is_said";
    if there().is_some() {
        assert_eq!(get("v"), Err(CacheError::Absent));
        assert_eq!(put("v", &KEY, Some(60)), Err(CacheError::Absent));
        assert_eq!(forget("v"), Err(CacheError::Absent));
        return;
    }
    let python = env::var("MFA_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (name, error) in [("EPERM", Errno::PERM), ("ENOSYS", Errno::NOSYS)] {
        again(&ourselves(), &[&python, "-c", FILTER, &error.raw_os_error().to_string()], NAME, name);
    }
}
