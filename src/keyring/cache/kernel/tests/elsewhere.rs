//! Tests in other processes, sessions, users and containers. Each test runs itself a second time there.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// Set in the second run: the vault's id
const THERE: &str = "MFA_TEST_KEYRING_VAULT";

const NEW_SESSION: [&str; 3] = ["keyctl", "session", "-"];
const OTHER_USER: [&str; 4] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/// Returns the vault's id in the second run.
fn there() -> Option<String> {
    env::var(THERE).ok()
}

/// Runs one of these tests again, under another program, and requires it to pass.
fn again(program: &Path, before: &[&str], test: &str, vault: &str) {
    let test = format!("keyring::cache::kernel::tests::elsewhere::{test}");
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

/// Returns the name of a key with default rights, which only its possessor may read: detects a foreign session.
fn plain_description(vault: &str) -> String {
    format!("plain-{vault}")
}

#[test]
fn next_process_reads_it_without_a_terminal_too() {
    const NAME: &str = "next_process_reads_it_without_a_terminal_too";
    if let Some(vault) = there() {
        assert_eq!(get(&vault), Ok(Some(key())));
        return;
    }
    let vault = Vault::new("next");
    vault.put(Some(60));
    again(&ourselves(), &[], NAME, &vault.0);
    again(&ourselves(), &["setsid", "--wait"], NAME, &vault.0);
}

#[test]
#[ignore = "needs keyctl: .ci/run installs keyutils"]
fn session_without_the_user_keyring_reads_it() {
    const NAME: &str = "session_without_the_user_keyring_reads_it";
    if let Some(vault) = there() {
        assert_eq!(get(&vault), Ok(Some(key())));
        let plain = ring(KeyRingIdentifier::User).and_then(|ring| find(ring, &plain_description(&vault)));
        assert_eq!(
            plain,
            Err(CacheError::Refused),
            "the session links the user keyring: this proves nothing"
        );
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
fn foreign_session_caches_and_forgets_for_all() {
    const NAME: &str = "foreign_session_caches_and_forgets_for_all";
    if let Some(vault) = there() {
        if forget(&vault).expect("a keyring") {
            assert_eq!(get(&vault), Ok(None));
        } else {
            put(&vault, &key(), Some(60)).expect("a keyring");
        }
        return;
    }
    let vault = Vault::new("foreign");
    again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(Some(key())));
    vault.put(Some(120));
    again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(None));
}

/// Tests a second user only if it runs as root. The cache must outlive that user's processes.
#[test]
#[ignore = "needs keyctl, setpriv and su: .ci/run installs keyutils"]
fn each_user_has_their_own_cache() {
    const NAME: &str = "each_user_has_their_own_cache";
    if let Some(vault) = there() {
        assert_eq!(get(&vault), Ok(None));
        put(&vault, &key(), Some(60)).expect("a keyring");
        return;
    }
    if !rustix::process::geteuid().is_root() {
        let vault = Vault::new("user");
        again(&ourselves(), &NEW_SESSION, NAME, &vault.0);
        assert_eq!(get(&vault.0), Ok(Some(key())));
        return;
    }
    let vault = Vault::new("nobody");
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("test");
    fs::copy(ourselves(), &program).expect("a copy that another user may run");
    Command::new("chmod").args(["-R", "a+rx"]).arg(folder.path()).status().expect("chmod");
    // No process of that user runs between the two.
    again(&program, &OTHER_USER, NAME, &vault.0);
    assert_eq!(get(&vault.0), Ok(None), "root's own cache");
    again(&program, &[OTHER_USER.as_slice(), &NEW_SESSION].concat(), "only_reads", &vault.0);
    again(&program, &["su", "-s", "/usr/bin/env", "nobody", "--"], "only_reads", &vault.0);
}

/// The second half of the test above
#[test]
#[ignore = "runs within another test: alone it shows that an unknown vault is not cached"]
fn only_reads() {
    match there() {
        Some(vault) => assert_eq!(get(&vault), Ok(Some(key()))),
        None => assert_eq!(get("an unknown vault"), Ok(None)),
    }
}

#[test]
#[ignore = "needs unshare and user namespaces: .ci/run installs util-linux"]
fn forget_all_removes_own_keys_only() {
    const NAME: &str = "forget_all_removes_own_keys_only";
    if let Some(vault) = there() {
        // A namespace has its own keyrings, without those of the real user.
        assert_eq!(get(&vault), Ok(None));
        assert_eq!(forget_all(), Ok(0));
        let ring = ring(KeyRingIdentifier::User).expect("a keyring");
        let thread_ring = KeyRing::from_special_id(KeyRingIdentifier::Thread, true).expect("a keyring");
        for description in ["another program's", &"long ".repeat(500)] {
            let key = thread_ring.add_key(description, b"value").expect("a key");
            publish(key, 60, ring).expect("a keyring");
        }
        for name in ["one", "two+/=="] {
            put(name, &key(), None).expect("a keyring");
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
    assert_eq!(get(&vault.0), Ok(Some(key())));
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
fn forbidden_keyring_is_unavailable() {
    const NAME: &str = "forbidden_keyring_is_unavailable";
    if there().is_some() {
        assert_eq!(get("v"), Err(CacheError::Unavailable));
        assert_eq!(put("v", &key(), Some(60)), Err(CacheError::Unavailable));
        assert_eq!(forget("v"), Err(CacheError::Unavailable));
        return;
    }
    let python = env::var("MFA_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (name, error) in [("EPERM", Errno::PERM), ("ENOSYS", Errno::NOSYS)] {
        again(&ourselves(), &[&python, "-c", FILTER, &error.raw_os_error().to_string()], NAME, name);
    }
}
