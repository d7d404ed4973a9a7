//! The key in a real Secret Service: GNOME Keyring on a D-Bus of its own.

use std::process::{Command, Output};

use crate::harness::{MFA, Sandbox, alice, public_key};

const UNLOCKED: &str = "printf known | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

/// What stock tools find of the vault's key
const LOOKUP: &str = "secret-tool search --all service mfa 2>/dev/null | grep -c '^secret = ' || true";

/// Runs a shell script in a session of its own; its first failure ends it
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
fn prints(sandbox: &Sandbox, script: &str, expected: &str) {
    let output = session(sandbox, script);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{stderr}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{script}\n{stderr}");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn the_key_store_opens_the_vault_until_it_is_taken_away() {
    let sandbox = alice();
    sandbox.write("stranger", "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33\n");
    let script = format!(
        "$MFA slots add --key-store
        {LOOKUP}
        unset MFA_IDENTITY
        $MFA code alice
        $MFA slots | tail -n 1
        MFA_IDENTITY=stranger $MFA code alice
        $MFA slots remove key-store
        {LOOKUP}
        $MFA code alice || echo $?"
    );
    let expected = "1\n713653\nkey-store\tthe system's key store, on this machine\n713653\n0\n6\n";
    prints(&sandbox, &script, expected);
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn the_key_goes_with_the_vault_that_it_opens() {
    let key = public_key();
    for (change, left) in [
        ("decrypt -y", "0"),
        (&format!("rekey -r {key}"), "0"),
        (&format!("rekey -r {key} --key-store"), "1"),
    ] {
        let sandbox = alice();
        let script = format!("$MFA slots add --key-store\n$MFA {change}\n{LOOKUP}\n$MFA code alice");
        prints(&sandbox, &script, &format!("{left}\n713653\n"));
    }
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn a_machine_that_cannot_remember_it_puts_nothing_there() {
    let sandbox = alice();
    sandbox.write("file", "no folder");
    let script = format!("XDG_STATE_HOME=$PWD/file $MFA slots add --key-store || echo $?\n{LOOKUP}");
    prints(&sandbox, &script, "1\n0\n");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn a_machine_that_has_never_seen_the_vault_asks_the_key_store_from_then_on() {
    let sandbox = alice();
    std::fs::remove_dir_all(sandbox.path("home")).unwrap();
    let script = "$MFA slots add --key-store\nunset MFA_IDENTITY\n$MFA code alice";
    prints(&sandbox, script, "713653\n");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn a_vault_can_be_encrypted_for_the_key_store_as_well() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]).with_identity();
    let key = public_key();
    let script = format!("$MFA encrypt -r {key} --key-store\nunset MFA_IDENTITY\n$MFA code alice");
    prints(&sandbox, &script, "713653\n");
}

#[test]
#[ignore = "needs dbus-run-session, gnome-keyring and secret-tool: .ci/run installs them"]
fn a_key_store_that_has_gone_is_told_and_the_next_way_is_taken() {
    let sandbox = alice();
    prints(&sandbox, "$MFA slots add --key-store", "");
    // the keyring is locked, and nobody can be asked for its password
    let run = sandbox.mfa(["code", "alice"]).locked().run();
    run.exits(6).prints("").says("warning: no key store").says("the vault is locked");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}
