//! The key in a real Secret Service: GNOME Keyring on its own D-Bus.

use std::process::{Command, Output};

use crate::harness::{MFA, Sandbox, alice, public_key};

const UNLOCKED: &str = "printf known | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

/// Counts the keys of the vault that stock tools find.
const LOOKUP: &str = "secret-tool search --all service mfa 2>/dev/null | grep -c '^secret = ' || true";

/// Runs a shell script in its own D-Bus session. The script stops at the first failure.
fn session(sandbox: &Sandbox, script: &str) -> Output {
    let prepared = sandbox.mfa(["list"]).command();
    let runtime = sandbox.path("runtime");
    std::fs::create_dir_all(&runtime).expect("it is ours");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &format!("set -eu\n{UNLOCKED}\n{script}")]).env_clear();
    command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("MFA", MFA).env("XDG_RUNTIME_DIR", runtime).current_dir(sandbox.path("."));
    command.output().expect("dbus-run-session (Debian: dbus)")
}

#[track_caller]
fn assert_prints(sandbox: &Sandbox, script: &str, expected: &str) {
    let output = session(sandbox, script);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{stderr}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{script}\n{stderr}");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn key_store_unlocks_the_vault_until_its_slot_is_removed() {
    let sandbox = alice();
    sandbox.write("stranger", "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33\n");
    let script = format!(
        "$MFA vault keys add --key-store
        {LOOKUP}
        unset MFA_IDENTITY
        $MFA code alice
        $MFA vault keys | tail -n 1
        MFA_IDENTITY=stranger $MFA code alice
        $MFA vault keys remove key-store -y
        {LOOKUP}
        $MFA code alice || echo $?"
    );
    let expected = "1\n713653\nkey-store\tkey store\ton this machine\t\tin use\n713653\n0\n6\n";
    assert_prints(&sandbox, &script, expected);
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn key_is_removed_when_the_vault_is_decrypted() {
    let key = public_key();
    for (change, left) in [
        ("vault decrypt -y", "0"),
        (&format!("vault rekey -r {key}"), "0"),
        (&format!("vault rekey -r {key} --key-store"), "1"),
    ] {
        let sandbox = alice();
        let script = format!("$MFA vault keys add --key-store\n$MFA {change}\n{LOOKUP}\n$MFA code alice");
        assert_prints(&sandbox, &script, &format!("{left}\n713653\n"));
    }
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn key_is_not_stored_if_the_state_cannot_be_written() {
    let sandbox = alice();
    sandbox.write("file", "no folder");
    let script = format!("XDG_STATE_HOME=$PWD/file $MFA vault keys add --key-store || echo $?\n{LOOKUP}");
    assert_prints(&sandbox, &script, "1\n0\n");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn new_machine_uses_the_key_store_after_its_first_look() {
    let sandbox = alice();
    std::fs::remove_dir_all(sandbox.path("home")).unwrap();
    let script = "$MFA vault keys add --key-store\nunset MFA_IDENTITY\n$MFA code alice";
    assert_prints(&sandbox, script, "713653\n");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn encrypt_can_use_the_key_store() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]).with_identity();
    let key = public_key();
    let script = format!("$MFA vault encrypt -r {key} --key-store\nunset MFA_IDENTITY\n$MFA code alice");
    assert_prints(&sandbox, &script, "713653\n");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn missing_key_store_is_reported_and_skipped() {
    let sandbox = alice();
    assert_prints(&sandbox, "$MFA vault keys add --key-store", "");
    // the keyring is locked, and there is no prompt for its password
    let run = sandbox.mfa(["code", "alice"]).locked().run();
    run.exits(6).prints("").says("warning: no key store").says("the vault is locked");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}
