//! The enrolment story on an encrypted vault: unattended, with an unlocked vault, and at the prompt.

use std::fs;

use crate::harness::aws::Shell::{self, Bash, Dash, Fish, Zsh};
use crate::harness::aws::{SERIAL, World};
use crate::harness::fixture;
use crate::harness::pty::{CTRL_C, ENTER, Session};

const PASSPHRASE: &str = "correct horse battery staple";
const PROMPT: &str = "passphrase of the vault: ";

const CREATE_AND_ADD: &str = "
aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png
mfa add aws-root qrcode.png";

const ENABLE: &str =
    "aws iam enable-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root --past -F aws)";

const ENABLE_IN_FISH: &str =
    "aws iam enable-mfa-device --user-name alice --serial-number $S (mfa next-pair aws-root --past -F aws)";

/// The access key alone: the test does not use the rest.
const SESSION: &str = r#"aws sts get-session-token --serial-number $S --token-code "$(mfa code aws-root)" \
    --query Credentials.AccessKeyId --output text"#;

const SESSION_IN_FISH: &str = "aws sts get-session-token --serial-number $S --token-code (mfa code aws-root) \
    --query Credentials.AccessKeyId --output text";

/// Returns a world whose vault is empty and encrypted for a key, before the device exists.
fn key_encrypted_world() -> World {
    let world = World::new();
    fs::copy(fixture("sealed/age-key.txt"), world.file("key")).unwrap();
    world.run(Dash, "mfa vault encrypt -r $(sed -n 's/^# public key: //p' key)").succeeded();
    world
}

/// Sets the variable that unlocks the vault for all commands of a script.
fn with(shell: Shell, variable: &str, value: &str, script: &str) -> String {
    match shell {
        Fish => format!("set -x {variable} '{value}'\n{script}"),
        Bash | Dash | Zsh => format!("export {variable}='{value}'\n{script}"),
    }
}

fn run_story(world: &World, shell: Shell, variable: &str, value: &str) {
    let (enable, session) = match shell {
        Fish => (ENABLE_IN_FISH, SESSION_IN_FISH),
        Bash | Dash | Zsh => (ENABLE, SESSION),
    };
    let run = |script: &str| world.run(shell, &with(shell, variable, value, script)).succeeded();
    run(CREATE_AND_ADD);
    let vault = fs::read_to_string(world.file("vault.toml")).unwrap();
    assert!(vault.contains("[accounts.aws-root]") && !vault.contains(&world.device().seed));
    run(enable);
    world.pass_steps(1);
    assert!(run(session).starts_with("ASIA"));
    world.pass_steps(1);
    assert_eq!(run("mfa code aws-root"), world.right_code(0));
    // Without a credential there is no code, and `aws` does not call the service.
    let requests = world.iam.state().log.len();
    world.run(shell, "mfa code aws-root").failed_saying("the vault is locked");
    assert_eq!(world.iam.state().log.len(), requests);
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn private_key_unlocks_the_story_in_every_shell() {
    for shell in [Bash, Dash, Zsh, Fish] {
        run_story(&key_encrypted_world(), shell, "MFA_IDENTITY", "key");
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn passphrase_command_unlocks_the_story() {
    let world = World::new();
    world.write("passphrase", PASSPHRASE);
    world.run(Dash, "MFA_PASSPHRASE_FILE=passphrase mfa vault encrypt").succeeded();
    run_story(&world, Dash, "MFA_PASSPHRASE_COMMAND", "cat passphrase");
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn credential_process_works_until_the_vault_is_locked() {
    let world = key_encrypted_world();
    world.run(Dash, &with(Dash, "MFA_IDENTITY", "key", &format!("{CREATE_AND_ADD}\n{ENABLE}"))).succeeded();
    world.write(".aws/config", "[profile mfa]\ncredential_process = sh ./session\n");
    let process = r#"aws sts get-session-token --profile default --serial-number "$S" --token-code "$(mfa code "$S")" \
        --query '{Version: `1`, AccessKeyId: Credentials.AccessKeyId, SecretAccessKey: Credentials.SecretAccessKey,
        SessionToken: Credentials.SessionToken, Expiration: Credentials.Expiration}'"#;
    world.write("session", &format!("set -eu\nexec {process}\n"));
    let used = "aws --profile mfa sts get-caller-identity --query Arn --output text";
    world.run(Dash, "MFA_IDENTITY=key mfa unlock --for 5m").succeeded();
    world.pass_steps(1);
    let answer = world.run(Dash, used).succeeded();
    world.run(Dash, "mfa lock").succeeded();
    assert_eq!(answer, "arn:aws:iam::123456789012:user/alice");
    world.pass_steps(1);
    world.run(Dash, used).failed_saying("locked");
}

/// Runs a command line in bash on a terminal, and waits for the passphrase prompt.
fn session_at_prompt(world: &World, line: &str) -> Session {
    let script = format!("cd \"$HOME\"; {line}; echo \"ended <$?>\"");
    let variables = world.variables();
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.to_str().unwrap())).collect();
    let mut session = Session::start("bash", &["-c", &script], &variables);
    session.expect(PROMPT);
    session
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn user_enables_a_device_at_the_prompt() {
    let world = World::new();
    world.write("passphrase", PASSPHRASE);
    let set_up = format!("export MFA_PASSPHRASE_FILE=passphrase\nmfa vault encrypt\n{CREATE_AND_ADD}");
    world.run(Dash, &set_up).succeeded();
    fs::remove_file(world.file("passphrase")).unwrap();
    let untouched = Session::untouched_modes();

    let mut session = session_at_prompt(&world, ENABLE);
    session.send("a typing error");
    session.send(ENTER);
    session.expect("wrong passphrase");
    session.expect(PROMPT);
    session.send(PASSPHRASE);
    session.send(ENTER);
    session.expect("ended <0>");
    assert!(session.end().success());
    assert_eq!(session.modes(), untouched);
    assert_eq!(world.last_request(), ("EnableMFADevice".to_owned(), "ok".to_owned()));

    world.pass_steps(1);
    let mut session = session_at_prompt(&world, SESSION);
    session.send(PASSPHRASE);
    session.send(ENTER);
    session.expect("ASIA");
    session.expect("ended <0>");
    assert!(!session.output().contains("horse"), "{}", session.output());
    assert!(!session.output().contains(&world.device().seed));

    // A user who presses Ctrl-C at the prompt asks the service for nothing.
    let requests = world.iam.state().log.len();
    let mut session = session_at_prompt(
        &world,
        &format!("aws sts get-session-token --serial-number {SERIAL} --token-code $(mfa code aws-root)"),
    );
    session.send(CTRL_C);
    session.end();
    // the shell may end before the command that prompted
    session.until("the modes are those from before", |session| session.modes() == untouched);
    assert_eq!(world.iam.state().log.len(), requests);
}
