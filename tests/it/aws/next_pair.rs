//! Every way to pass two codes to `aws` that the formats of `next-pair` serve, and the traps near them.

use crate::harness::aws::Shell::{self, Bash, Dash, Fish, Zsh};
use crate::harness::aws::World;

/// Command lines for all POSIX shells. `E` is the command with its user and its device.
const EVERYWHERE: [&str; 14] = [
    "$E $(mfa next-pair aws-root -F aws)",
    "$E $(mfa next-pair aws-root --format aws)",
    "mfa next-pair aws-root -F aws | xargs $E",
    r#"mfa next-pair aws-root -F line | while read -r a b; do
    $E --authentication-code1 "$a" --authentication-code2 "$b"
done"#,
    r#"mfa next-pair aws-root -F line | { read -r a b; $E --authentication-code1 "$a" --authentication-code2 "$b"; }"#,
    r#"set -- $(mfa next-pair aws-root); $E --authentication-code1 "$1" --authentication-code2 "$2""#,
    r#"set -- $(mfa next-pair aws-root -F line); $E --authentication-code1 "$1" --authentication-code2 "$2""#,
    r#"export E; mfa next-pair aws-root | xargs sh -c '$E --authentication-code1 "$0" --authentication-code2 "$1"'"#,
    r#"eval "$(mfa next-pair aws-root -F env)"
$E --authentication-code1 "$MFA_CODE1" --authentication-code2 "$MFA_CODE2""#,
    r#"export $(mfa next-pair aws-root -F env)
$E --authentication-code1 "$MFA_CODE1" --authentication-code2 "$MFA_CODE2""#,
    r#"$E --cli-input-json "$(mfa next-pair aws-root -F aws-json)""#,
    r#"p=$(mfa next-pair aws-root -F line); $E --authentication-code1 "${p% *}" --authentication-code2 "${p#* }""#,
    r#"read -r a b <<END
$(mfa next-pair aws-root -F line)
END
$E --authentication-code1 "$a" --authentication-code2 "$b""#,
    r"mfa next-pair aws-root -F aws-json > pair.json
$E --cli-input-json file://pair.json",
];

const IN_BASH_AND_ZSH: [&str; 2] = [
    r#"read -r a b < <(mfa next-pair aws-root -F line)
$E --authentication-code1 "$a" --authentication-code2 "$b""#,
    r#"{ read -r a; read -r b; } < <(mfa next-pair aws-root)
$E --authentication-code1 "$a" --authentication-code2 "$b""#,
];

const IN_BASH: [&str; 2] = [
    r#"mapfile -t c < <(mfa next-pair aws-root)
$E --authentication-code1 "${c[0]}" --authentication-code2 "${c[1]}""#,
    r#"read -r a b <<< "$(mfa next-pair aws-root -F line)"
$E --authentication-code1 "$a" --authentication-code2 "$b""#,
];

const IN_ZSH: [&str; 2] = [
    r#"c=("${(@f)$(mfa next-pair aws-root)}")
$E --authentication-code1 "$c[1]" --authentication-code2 "$c[2]""#,
    r#"mfa next-pair aws-root -F line | read -r a b
$E --authentication-code1 "$a" --authentication-code2 "$b""#,
];

const IN_FISH: [&str; 8] = [
    "$E (mfa next-pair aws-root -F aws)",
    "$E $(mfa next-pair aws-root -F aws)",
    "mfa next-pair aws-root -F aws | xargs $E",
    "set c (mfa next-pair aws-root)
$E --authentication-code1 $c[1] --authentication-code2 $c[2]",
    "mfa next-pair aws-root -F line | read a b
$E --authentication-code1 $a --authentication-code2 $b",
    "mfa next-pair aws-root | read -L a b
$E --authentication-code1 $a --authentication-code2 $b",
    "export (mfa next-pair aws-root -F env)
$E --authentication-code1 $MFA_CODE1 --authentication-code2 $MFA_CODE2",
    "$E --cli-input-json (mfa next-pair aws-root -F aws-json)",
];

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn every_format_enables_the_device_in_bash() {
    let world = World::with_device();
    for script in EVERYWHERE.iter().chain(&IN_BASH_AND_ZSH).chain(&IN_BASH) {
        assert_enables(&world, Bash, script);
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn every_format_enables_the_device_in_dash() {
    let world = World::with_device();
    for script in &EVERYWHERE {
        assert_enables(&world, Dash, script);
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn every_format_enables_the_device_in_zsh() {
    let world = World::with_device();
    for script in EVERYWHERE.iter().chain(&IN_BASH_AND_ZSH).chain(&IN_ZSH) {
        assert_enables(&world, Zsh, script);
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn every_format_enables_the_device_in_fish() {
    let world = World::with_device();
    for script in &IN_FISH {
        assert_enables(&world, Fish, script);
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn leading_zero_survives_every_format() {
    let world = World::with_device();
    for script in [
        "$E $(mfa next-pair aws-root -F aws)",
        r#"$E --cli-input-json "$(mfa next-pair aws-root -F aws-json)""#,
        r#"set -- $(mfa next-pair aws-root -F line); $E --authentication-code1 "$1" --authentication-code2 "$2""#,
        r#"eval "$(mfa next-pair aws-root -F env)"
$E --authentication-code1 "$MFA_CODE1" --authentication-code2 "$MFA_CODE2""#,
    ] {
        let coming = world.right_codes(2, 400);
        let steps = coming.iter().position(|code| code.starts_with('0'));
        world.pass_steps(i64::try_from(steps.expect("one code in ten does")).unwrap());
        assert_enables(&world, Dash, script);
        assert!(world.right_code(0).starts_with('0'));
    }
}

#[track_caller]
fn assert_enables(world: &World, shell: Shell, script: &str) {
    world.iam.control("/unassign");
    world.pass_steps(2);
    world.run(shell, &expand_variable(script)).succeeded_in_silence();
    let device = world.device();
    assert_eq!(device.user.as_deref(), Some("alice"), "{shell}: {script}");
    assert_eq!(device.last_step, world.step() + 1, "{shell}: {script}");
    assert_eq!(device.drift, 1, "{shell}: {script}");
}

/// Replaces `$E` by its words, since zsh does not split a variable. If the script exports it, it is a variable of `sh`.
fn expand_variable(script: &str) -> String {
    let words = "aws iam enable-mfa-device --user-name alice --serial-number $S";
    match script.strip_prefix("export E;") {
        Some(rest) => format!(r#"E="{words}"; export E;{rest}"#),
        None => script.replace("$E", words),
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn past_pair_works_if_the_service_accepts_no_future_code() {
    let world = World::with_device();
    world.iam.control("/future?steps=0");

    world
        .run(Bash, &expand_variable("$E $(mfa next-pair aws-root -F aws)"))
        .failed_saying("(InvalidAuthenticationCode)");
    assert_eq!(world.device().user, None);

    world.run(Bash, &expand_variable("$E $(mfa next-pair aws-root --past -F aws)")).succeeded();
    let device = world.device();
    assert_eq!(device.user.as_deref(), Some("alice"));
    assert_eq!((device.last_step, device.drift), (world.step(), 0));
}

/// The manual warns of each of these. If `aws` or a shell changes, remove the warning.
#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn traps_of_the_manual_are_real() {
    let world = World::with_device();
    for (shell, script, complaint) in [
        // `aws` opens the file twice, and a pipe is empty the second time.
        (Bash, "mfa next-pair aws-root -F aws-json | $E --cli-input-json file:///dev/stdin", "Invalid JSON"),
        (Bash, "$E --cli-input-json file://<(mfa next-pair aws-root -F aws-json)", "Invalid JSON"),
        // The four words are now one.
        (Bash, r#"$E "$(mfa next-pair aws-root -F aws)""#, "usage:"),
        (Zsh, "p=$(mfa next-pair aws-root -F aws); $E $p", "usage:"),
        // The pipe's subshell set the variables.
        (
            Bash,
            "mfa next-pair aws-root -F line | read -r a b; $E --authentication-code1 $a --authentication-code2 $b",
            "unbound variable",
        ),
        (
            Dash,
            "mfa next-pair aws-root -F line | read -r a b; $E --authentication-code1 $a --authentication-code2 $b",
            "parameter not set",
        ),
        // Only `aws-json` holds the fields that `aws` knows, and no other.
        (Bash, r#"$E --cli-input-json "$(mfa next-pair aws-root -F json)""#, "nknown parameter in input"),
    ] {
        world.run(shell, &expand_variable(script)).failed_saying(complaint);
        assert_eq!(world.device().user, None, "{shell}: {script}");
    }
    let asked = world.iam.state().log;
    assert!(
        asked.iter().all(|(action, _)| action == "CreateVirtualMFADevice"),
        "no trap reaches the service: {asked:?}"
    );
}
