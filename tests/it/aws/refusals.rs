//! Proofs that the service checks the codes: without them, the other tests would prove nothing.

use crate::harness::aws::Shell::Dash;
use crate::harness::aws::{ScriptResult, World};

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn enabling_needs_two_consecutive_codes_in_order() {
    let world = World::with_device();
    let at = |steps| world.right_code(steps);
    for (what, first, second) in [
        ("swapped", at(1), at(0)),
        ("the same twice", at(0), at(0)),
        ("not adjacent", at(-1), at(1)),
        ("the first one wrong", change_first_digit(&at(0)), at(1)),
        ("the second one wrong", at(0), change_first_digit(&at(1))),
        ("older than the window", at(-50), at(-49)),
        ("of the future", at(1), at(2)),
    ] {
        assert_enable_fails(&world, what, &first, &second, "InvalidAuthenticationCode");
    }
    enable(&world, &at(0), &at(1)).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn service_rejects_a_code_that_is_not_six_digits() {
    let world = World::with_device();
    // The command checks the length too, but only the minimum: the service has to check the rest.
    world.write(".aws/config", "[default]\nparameter_validation = false\n");
    let (first, second) = (world.right_code(0), world.right_code(1));
    let spaced = format!("{} {}", &first[..3], &first[3..]);
    let wide: String =
        first.bytes().map(|digit| char::from_u32(0xFF10 + u32::from(digit - b'0')).unwrap()).collect();
    for malformed in [&first[1..], &format!("{first}0"), &spaced, &wide, &format!("{first}\n")] {
        assert_enable_fails(&world, "malformed", malformed, &second, "ValidationError");
        assert_enable_fails(&world, "malformed", &first, malformed, "ValidationError");
    }
    enable(&world, &first, &second).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn aws_command_rejects_a_code_below_six_digits() {
    let world = World::with_device();
    let asked = world.iam.state().log.len();
    enable(&world, &world.right_code(0)[1..], &world.right_code(1)).failed_saying("valid min length: 6");
    assert_eq!(world.iam.state().log.len(), asked, "the service was not asked");
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn codes_that_enabled_the_device_are_used() {
    let world = World::with_device();
    let (previous, current, next) = (world.right_code(-1), world.right_code(0), world.right_code(1));
    enable(&world, &current, &next).succeeded();

    for used in [&previous, &current, &next] {
        assert_login_fails(&world, used);
    }
    world.pass_steps(1);
    log_in_with_mfa(&world).failed_saying("invalid MFA one time pass code");
    world.pass_steps(1);
    log_in_with_mfa(&world).succeeded();

    resync(&world, &current, &next).failed_saying("(InvalidAuthenticationCode)");
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn session_accepts_a_code_once() {
    let world = World::with_enabled_device();
    world.pass_steps(1);
    log_in_with_mfa(&world).succeeded();
    log_in_with_mfa(&world).failed_saying("invalid MFA one time pass code");
    assert_login_fails(&world, &change_first_digit(&world.right_code(1)));
    world.pass_steps(1);
    log_in_with_mfa(&world).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn session_accepts_a_skew_of_one_step_only() {
    let world = World::with_enabled_device();
    world.pass_steps(10);
    assert_login_fails(&world, &world.right_code(-2));
    assert_login_fails(&world, &world.right_code(2));
    log_in(&world, &world.right_code(-1)).succeeded();
    log_in(&world, &world.right_code(1)).succeeded();
}

/// "The MFA device successfully associates with the user but the MFA device becomes out of sync", says AWS.
#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn resync_fixes_a_device_enabled_with_an_old_pair() {
    let world = World::with_device();
    let (first, second) = (world.right_code(-21), world.right_code(-20));
    enable(&world, &first, &second).succeeded();
    assert_eq!(world.device().drift, -20);
    log_in_with_mfa(&world).failed_saying("invalid MFA one time pass code");

    resync_with_mfa(&world).succeeded();
    assert_eq!(world.device().drift, 1);
    world.pass_steps(2);
    log_in_with_mfa(&world).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn slow_clock_is_accepted_after_a_resync() {
    let world = World::with_enabled_device();
    world.pass_steps(10);
    world.service_is_ahead_by(4);
    log_in_with_mfa(&world).failed_saying("invalid MFA one time pass code");

    resync_with_mfa(&world).succeeded();
    assert_eq!(world.device().drift, -3);
    world.pass_steps(2);
    world.service_is_ahead_by(4);
    log_in_with_mfa(&world).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn service_rejects_the_device_of_another_user() {
    let world = World::with_device();
    log_in_with_mfa(&world).failed_saying("unable to validate MFA code");
    resync_with_mfa(&world).failed_saying("(NoSuchEntity)");
    world
        .run(
            Dash,
            "aws iam enable-mfa-device --user-name alice --serial-number ${S}2 $(mfa next-pair aws-root -F aws)",
        )
        .failed_saying("(NoSuchEntity)");
    world
        .run(
            Dash,
            "aws iam enable-mfa-device --user-name mallory --serial-number $S $(mfa next-pair aws-root -F aws)",
        )
        .failed_saying("(NoSuchEntity)");
}

fn change_first_digit(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 500_000) % 1_000_000)
}

#[track_caller]
fn assert_enable_fails(world: &World, what: &str, first: &str, second: &str, error: &str) {
    enable(world, first, second).failed_saying(&format!("({error})"));
    assert_eq!(world.last_request(), ("EnableMFADevice".to_owned(), error.to_owned()), "{what}");
    assert_eq!(world.device().user, None, "{what}");
}

#[track_caller]
fn assert_login_fails(world: &World, code: &str) {
    log_in(world, code)
        .failed_saying("MultiFactorAuthentication failed with invalid MFA one time pass code.");
    assert_eq!(world.last_request(), ("GetSessionToken".to_owned(), "AccessDenied".to_owned()));
}

fn enable(world: &World, first: &str, second: &str) -> ScriptResult {
    with_pair(world, "enable-mfa-device", first, second)
}

fn resync(world: &World, first: &str, second: &str) -> ScriptResult {
    with_pair(world, "resync-mfa-device", first, second)
}

fn with_pair(world: &World, command: &str, first: &str, second: &str) -> ScriptResult {
    let script = format!(
        "aws iam {command} --user-name alice --serial-number $S \
         --authentication-code1 '{first}' --authentication-code2 '{second}'"
    );
    world.run(Dash, &script)
}

fn log_in(world: &World, code: &str) -> ScriptResult {
    let script = format!("aws sts get-session-token --serial-number $S --token-code {code}");
    world.run(Dash, &script)
}

fn log_in_with_mfa(world: &World) -> ScriptResult {
    let script = r#"aws sts get-session-token --serial-number $S --token-code "$(mfa code aws-root)""#;
    world.run(Dash, script)
}

fn resync_with_mfa(world: &World) -> ScriptResult {
    let script =
        "aws iam resync-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root -F aws)";
    world.run(Dash, script)
}
