//! Proofs that the service looks at the codes: without them, the other tests would prove nothing.

use crate::harness::aws::Shell::Dash;
use crate::harness::aws::{Done, World};

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn enabling_needs_two_consecutive_codes_in_order() {
    let world = World::with_device();
    let at = |steps| world.right_code(steps);
    for (what, first, second) in [
        ("swapped", at(1), at(0)),
        ("the same twice", at(0), at(0)),
        ("not adjacent", at(-1), at(1)),
        ("the first one wrong", wrong(&at(0)), at(1)),
        ("the second one wrong", at(0), wrong(&at(1))),
        ("older than the window", at(-50), at(-49)),
        ("of the future", at(1), at(2)),
    ] {
        refuses_to_enable(&world, what, &first, &second, "InvalidAuthenticationCode");
    }
    enable(&world, &at(0), &at(1)).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn a_code_has_six_ascii_digits() {
    let world = World::with_device();
    // The command counts too, but only the least length: without its check the service has to answer.
    world.write(".aws/config", "[default]\nparameter_validation = false\n");
    let (first, second) = (world.right_code(0), world.right_code(1));
    let spaced = format!("{} {}", &first[..3], &first[3..]);
    let wide: String =
        first.bytes().map(|digit| char::from_u32(0xFF10 + u32::from(digit - b'0')).unwrap()).collect();
    for malformed in [&first[1..], &format!("{first}0"), &spaced, &wide, &format!("{first}\n")] {
        refuses_to_enable(&world, "malformed", malformed, &second, "ValidationError");
        refuses_to_enable(&world, "malformed", &first, malformed, "ValidationError");
    }
    enable(&world, &first, &second).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn the_command_itself_counts_to_six() {
    let world = World::with_device();
    let asked = world.iam.state().log.len();
    enable(&world, &world.right_code(0)[1..], &world.right_code(1)).failed_saying("valid min length: 6");
    assert_eq!(world.iam.state().log.len(), asked, "the service was not asked");
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn codes_that_enabled_the_device_are_used_up() {
    let world = World::with_device();
    let (previous, current, next) = (world.right_code(-1), world.right_code(0), world.right_code(1));
    enable(&world, &current, &next).succeeded();

    for used in [&previous, &current, &next] {
        refuses_to_log_in(&world, used);
    }
    world.pass_steps(1);
    log_in_with_mfa(&world).failed_saying("invalid MFA one time pass code");
    world.pass_steps(1);
    log_in_with_mfa(&world).succeeded();

    resync(&world, &current, &next).failed_saying("(InvalidAuthenticationCode)");
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn a_session_takes_a_code_once() {
    let world = World::with_enabled_device();
    world.pass_steps(1);
    log_in_with_mfa(&world).succeeded();
    log_in_with_mfa(&world).failed_saying("invalid MFA one time pass code");
    refuses_to_log_in(&world, &wrong(&world.right_code(1)));
    world.pass_steps(1);
    log_in_with_mfa(&world).succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn a_session_takes_one_step_of_skew_and_no_more() {
    let world = World::with_enabled_device();
    world.pass_steps(10);
    refuses_to_log_in(&world, &world.right_code(-2));
    refuses_to_log_in(&world, &world.right_code(2));
    log_in(&world, &world.right_code(-1)).succeeded();
    log_in(&world, &world.right_code(1)).succeeded();
}

/// "The MFA device successfully associates with the user but the MFA device becomes out of sync", says AWS.
#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn an_old_pair_puts_the_device_out_of_sync_and_a_resync_mends_it() {
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
fn a_slow_clock_is_forgiven_after_a_resync() {
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
fn a_device_that_is_not_the_users_is_refused() {
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

fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 500_000) % 1_000_000)
}

#[track_caller]
fn refuses_to_enable(world: &World, what: &str, first: &str, second: &str, error: &str) {
    enable(world, first, second).failed_saying(&format!("({error})"));
    assert_eq!(world.last_request(), ("EnableMFADevice".to_owned(), error.to_owned()), "{what}");
    assert_eq!(world.device().user, None, "{what}");
}

#[track_caller]
fn refuses_to_log_in(world: &World, code: &str) {
    log_in(world, code)
        .failed_saying("MultiFactorAuthentication failed with invalid MFA one time pass code.");
    assert_eq!(world.last_request(), ("GetSessionToken".to_owned(), "AccessDenied".to_owned()));
}

fn enable(world: &World, first: &str, second: &str) -> Done {
    with_pair(world, "enable-mfa-device", first, second)
}

fn resync(world: &World, first: &str, second: &str) -> Done {
    with_pair(world, "resync-mfa-device", first, second)
}

fn with_pair(world: &World, command: &str, first: &str, second: &str) -> Done {
    let script = format!(
        "aws iam {command} --user-name alice --serial-number $S \
         --authentication-code1 '{first}' --authentication-code2 '{second}'"
    );
    world.run(Dash, &script)
}

fn log_in(world: &World, code: &str) -> Done {
    let script = format!("aws sts get-session-token --serial-number $S --token-code {code}");
    world.run(Dash, &script)
}

fn log_in_with_mfa(world: &World) -> Done {
    let script = r#"aws sts get-session-token --serial-number $S --token-code "$(mfa code aws-root)""#;
    world.run(Dash, script)
}

fn resync_with_mfa(world: &World) -> Done {
    let script =
        "aws iam resync-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root -F aws)";
    world.run(Dash, script)
}
