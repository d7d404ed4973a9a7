//! Scripts that request codes themselves: `credential_process`, sessions in environment variables, the real clock.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::harness::aws::Shell::{self, Bash, Dash, Fish, Zsh};
use crate::harness::aws::World;

const CONFIG: &str = "[profile mfa]\ncredential_process = ./session\n";

const NEW_SESSION: &str = r#"aws sts get-session-token --profile default --serial-number "$S" \
    --token-code "$(mfa code "$S")" --query '{Version: `1`, AccessKeyId: Credentials.AccessKeyId,
        SecretAccessKey: Credentials.SecretAccessKey, SessionToken: Credentials.SessionToken,
        Expiration: Credentials.Expiration}'"#;

const USE: &str = "aws --profile mfa sts get-caller-identity --query Arn --output text";
const ALICE: &str = "arn:aws:iam::123456789012:user/alice";

fn install(world: &World, script: &str) {
    world.write(".aws/config", CONFIG);
    world.write("session", script);
    fs::set_permissions(world.file("session"), fs::Permissions::from_mode(0o700)).unwrap();
}

/// `aws` caches no output of a `credential_process`: each command requests a code of its own.
#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn credential_process_serves_one_command_per_period() {
    let world = World::with_enabled_device();
    install(&world, &format!("#!/bin/sh\nexec {NEW_SESSION}\n"));
    world.pass_steps(1);
    assert_eq!(world.run(Dash, USE).succeeded(), ALICE);
    world.run(Dash, USE).failed_saying("invalid MFA one time pass code");
    world.pass_steps(1);
    assert_eq!(world.run(Dash, USE).succeeded(), ALICE);
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn credential_process_with_a_cache_serves_many_commands() {
    let world = World::with_enabled_device();
    let script = format!(
        r#"#!/bin/sh
set -eu
umask 077
session=$HOME/.aws/session.json
if [ -z "$(find "$session" -mmin -690 2> /dev/null)" ]; then
    {NEW_SESSION} --duration-seconds 43200 > "$session.new"
    mv "$session.new" "$session"
fi
cat "$session"
"#
    );
    install(&world, &script);
    world.pass_steps(1);
    for _ in 0..3 {
        assert_eq!(world.run(Dash, USE).succeeded(), ALICE);
    }
    let sessions = world.iam.state().log;
    let sessions = sessions.iter().filter(|(action, _)| action == "GetSessionToken");
    assert_eq!(sessions.count(), 1);
}

const IN_THE_ENVIRONMENT: &str = r#"
set -- $(aws sts get-session-token --serial-number "$S" --token-code "$(mfa code aws-root)" \
    --query 'Credentials.[AccessKeyId, SecretAccessKey, SessionToken]' --output text)
export AWS_ACCESS_KEY_ID="$1" AWS_SECRET_ACCESS_KEY="$2" AWS_SESSION_TOKEN="$3"
aws sts get-caller-identity --query Arn --output text
aws sts get-session-token 2> refused || grep -q 'with session credentials' refused"#;

const IN_THE_ENVIRONMENT_OF_FISH: &str = r"
aws sts get-session-token --serial-number $S --token-code (mfa code aws-root) \
    --query 'Credentials.[AccessKeyId, SecretAccessKey, SessionToken]' --output text |
    read -x AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
aws sts get-caller-identity --query Arn --output text
and begin
    aws sts get-session-token 2> refused
    or grep -q 'with session credentials' refused
end";

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn session_works_in_the_environment_of_every_shell() {
    let world = World::with_enabled_device();
    let in_the_environment = |shell: Shell| match shell {
        Fish => IN_THE_ENVIRONMENT_OF_FISH,
        Bash | Dash | Zsh => IN_THE_ENVIRONMENT,
    };
    for shell in [Bash, Dash, Zsh, Fish] {
        world.pass_steps(1);
        let answer = world.run(shell, in_the_environment(shell)).succeeded();
        assert_eq!(answer, ALICE, "{shell}");
    }
}

/// The only test that lets time pass, up to one period: `--fresh` waits for a code after the pair.
#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn fresh_code_follows_the_enabling_pair_by_the_real_clock() {
    let world = World::new();
    world.let_the_clocks_run();
    let script = r#"
aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png
mfa add aws-root qrcode.png
aws iam enable-mfa-device --user-name alice --serial-number "$S" $(mfa next-pair aws-root --past -F aws)
aws sts get-session-token --serial-number "$S" --token-code "$(mfa code --fresh aws-root)""#;
    world.run(Dash, script).succeeded();
    assert_eq!(world.last_request(), ("GetSessionToken".to_owned(), "ok".to_owned()));
}
