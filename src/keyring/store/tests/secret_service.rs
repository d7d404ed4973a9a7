//! Tests with a real Secret Service: GNOME Keyring on its own D-Bus. Each test runs itself a second time there.

use std::env;
use std::io::Write;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

/// Set in the second run
const THERE: &str = "MFA_TEST_SECRET_SERVICE";

/// Runs a test again with its own home folder, after shell commands that prepare its D-Bus session.
fn again(test: &str, prepare: &str) {
    let home = tempfile::tempdir().expect("a folder");
    let script = format!("set -e\n{prepare}\nexec \"$@\"");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &script, "sh"]);
    let mut child = second_run(command, test, home.path()).spawn().expect("dbus-run-session (Debian: dbus)");
    // the password of the keyring
    child.stdin.take().expect("a pipe").write_all(b"known").expect("a reader");
    let output = child.wait_with_output().expect("an end");
    assert!(
        output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "{output:?}"
    );
}

fn second_run(mut command: Command, test: &str, home: &std::path::Path) -> Command {
    command
        .arg(env::current_exe().expect("a test program"))
        .args(["--exact", &format!("keyring::store::tests::secret_service::{test}"), "--include-ignored"])
        .arg("--nocapture")
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env(THERE, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn is_second_run() -> bool {
    env::var_os(THERE).is_some()
}

const UNLOCKED: &str = "gnome-keyring-daemon --unlock --components=secrets >/dev/null";

fn stock(words: &[&str], input: &str) -> String {
    let mut child = Command::new("secret-tool")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("secret-tool (Debian: libsecret-tools)");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("a reader");
    String::from_utf8(child.wait_with_output().expect("an end").stdout).expect("text")
}

#[test]
#[ignore = "needs dbus-run-session and gnome-keyring: .ci/run installs them"]
fn secret_service_stores_a_key() {
    if !is_second_run() {
        return again("secret_service_stores_a_key", UNLOCKED);
    }
    assert_eq!(get("v"), Ok(None));
    assert_eq!(put("v", &test_key(1)), Ok(()));
    assert_eq!(put("v", &key()), Ok(()), "a second one replaces the first");
    assert_eq!(get("v"), Ok(Some(key())));
    assert_eq!(get("w"), Ok(None));
    let text = key_text::to_base64(&key());
    assert_eq!(stock(&["lookup", "service", "mfa", "username", "v"], ""), *text, "stock tools read it");
    assert_eq!(forget("v"), Ok(true));
    assert_eq!(forget("v"), Ok(false));
    assert_eq!(get("v"), Ok(None));
}

#[test]
#[ignore = "needs dbus-run-session and gnome-keyring: .ci/run installs them"]
fn damaged_and_duplicate_entries_are_errors() {
    if !is_second_run() {
        return again("damaged_and_duplicate_entries_are_errors", UNLOCKED);
    }
    stock(&["store", "--label=mfa", "service", "mfa", "username", "v"], "hunter2");
    assert_eq!(get("v"), Err(StoreError::Damaged));
    assert_eq!(put("v", &key()), Ok(()), "storing again repairs it");
    assert_eq!(get("v"), Ok(Some(key())));
    stock(&["store", "--label=mfa", "service", "mfa", "username", "v", "more", "1"], "hunter2");
    assert_eq!(get("v"), Err(StoreError::Damaged), "two entries for one vault");
    assert_eq!(forget("v"), Ok(true));
    assert_eq!(get("v"), Ok(None));
}

#[test]
#[ignore = "needs dbus-run-session and gnome-keyring: .ci/run installs them"]
fn locked_key_store_is_an_error() {
    if !is_second_run() {
        // The first daemon creates the keyring and ends. The second one finds it locked, and cannot prompt.
        return again("locked_key_store_is_an_error", "");
    }
    let daemon = |arguments: &[&str]| {
        let mut child = Command::new("gnome-keyring-daemon")
            .args(["--components=secrets", "--replace"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon");
        child.stdin.take().expect("a pipe").write_all(b"known").expect("a reader");
        assert!(child.wait().expect("an end").success());
    };
    daemon(&["--unlock"]);
    assert_eq!(put("v", &key()), Ok(()));
    daemon(&["--daemonize"]);
    assert_eq!(get("v"), Err(StoreError::Refused));
    assert_eq!(put("v", &test_key(1)), Err(StoreError::Refused));
    assert_eq!(forget("v"), Err(StoreError::Refused));
}

#[test]
#[ignore = "needs dbus-run-session and gnome-keyring: .ci/run installs them"]
fn bus_without_the_service_means_no_key_store() {
    if !is_second_run() {
        // a bus that can start no services
        let bus = r#"
printf '<busconfig><type>session</type><listen>unix:dir=%s</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>' "$HOME" >"$HOME/bus.conf"
DBUS_SESSION_BUS_ADDRESS=$(dbus-daemon --config-file="$HOME/bus.conf" --fork --print-address=1 --print-pid=3 3>"$HOME/pid")
export DBUS_SESSION_BUS_ADDRESS
"#;
        return again("bus_without_the_service_means_no_key_store", bus);
    }
    let answer = get("v");
    let pid =
        std::fs::read_to_string(format!("{}/pid", env::var("HOME").expect("a home"))).expect("the bus's own");
    Command::new("kill").arg(pid.trim()).status().expect("kill");
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
}

#[test]
fn session_without_a_bus_is_an_immediate_error() {
    if !is_second_run() {
        let home = tempfile::tempdir().expect("a folder");
        let output =
            second_run(Command::new("env"), "session_without_a_bus_is_an_immediate_error", home.path())
                .output();
        let output = output.expect("a second run");
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let start = Instant::now();
    assert_eq!(get("v"), Err(StoreError::Unavailable("no D-Bus session".to_owned())));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn session_keys_are_seeded_by_the_system_in_the_thread_that_opens() {
    if !is_second_run() {
        let test = "session_keys_are_seeded_by_the_system_in_the_thread_that_opens";
        let home = tempfile::tempdir().expect("a folder");
        let output = second_run(Command::new("env"), test, home.path()).output().expect("a second run");
        assert!(output.status.success(), "{output:?}");
        return;
    }
    // There is no bus, so that the library draws nothing between the two lines.
    let seed_after_opening = || {
        fastrand::seed(7);
        assert!(platform::open().is_err());
        fastrand::get_seed()
    };
    let seeds = [seed_after_opening(), seed_after_opening()];
    assert!(seeds[0] != seeds[1] && !seeds.contains(&7), "{seeds:?}");
}

#[test]
fn silent_bus_ends_with_a_timeout() {
    if !is_second_run() {
        let home = tempfile::tempdir().expect("a folder");
        // It accepts the connection and never answers.
        let _silent = UnixListener::bind(home.path().join("bus")).expect("a socket");
        let output = second_run(Command::new("env"), "silent_bus_ends_with_a_timeout", home.path()).output();
        let output = output.expect("a second run");
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let limit = Duration::from_millis(300);
    let answer = entries::call(limit, || platform::open().map(drop));
    assert_eq!(answer, Err(StoreError::Timeout(0)));
}
