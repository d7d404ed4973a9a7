//! The machine's clock: `faketime` sets it to the year 2020.

use std::process::Command;

use crate::harness::{MFA, Sandbox};

/// Returns the output and messages of a command on a machine whose clock shows the year 2020.
fn in_2020(sandbox: &Sandbox, command: &[&str]) -> (String, String) {
    let here = sandbox.mfa(["list"]).unset("MFA_AT").command();
    let output = Command::new("faketime")
        .args(["-f", "@2020-01-01 00:00:00", MFA])
        .args(command)
        .env_clear()
        .envs(here.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .expect("faketime is needed here");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (text(output.stdout), text(output.stderr))
}

#[test]
#[ignore = "needs faketime: .ci/run installs it"]
fn code_warns_of_a_clock_before_the_release() {
    let sandbox = Sandbox::with_rfc();
    for command in [&["code", "rfc"][..], &["next-pair", "rfc"]] {
        let (stdout, stderr) = in_2020(&sandbox, command);
        assert!(
            stderr.contains("clock shows 20") && stderr.contains("before this version of mfa was released"),
            "{stderr}"
        );
        assert!(!stdout.is_empty());
    }
    let (doctor, stderr) = in_2020(&sandbox, &["doctor"]);
    assert!(
        doctor.contains("problem  clock        it shows 20") && stderr.contains("found 1 problem"),
        "{doctor}"
    );
    let (_, quiet) = in_2020(&sandbox, &["code", "rfc", "-q"]);
    assert_eq!(quiet, "");
}
