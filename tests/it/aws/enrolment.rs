//! From `create-virtual-mfa-device` to a device that is enabled, used, resynchronised and copied.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::harness::aws::Shell::{self, Bash, Dash, Fish, Zsh};
use crate::harness::aws::{SERIAL, World};

const CREATE_AND_ADD: &str = "
S=$(aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png --query VirtualMFADevice.SerialNumber --output text)
mfa add aws-root qrcode.png
echo $S";

const CREATE_AND_ADD_IN_FISH: &str = "
set S (aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png --query VirtualMFADevice.SerialNumber --output text)
or exit
mfa add aws-root qrcode.png
and echo $S";

const ENABLE: &str =
    "aws iam enable-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root -F aws)";

const RESYNC: &str =
    "aws iam resync-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root -F aws)";

/// The access key alone: the test does not use the rest.
const SESSION: &str = r#"aws sts get-session-token --serial-number $S --token-code "$(mfa code aws-root)" \
    --query Credentials.AccessKeyId --output text"#;

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn enrolment_works_in_bash() {
    run_story(Bash, CREATE_AND_ADD);
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn enrolment_works_in_dash() {
    run_story(Dash, CREATE_AND_ADD);
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn enrolment_works_in_zsh() {
    run_story(Zsh, CREATE_AND_ADD);
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn enrolment_works_in_fish() {
    run_story(Fish, CREATE_AND_ADD_IN_FISH);
}

fn run_story(shell: Shell, create_and_add: &str) {
    let world = World::new();

    let answer = world.run(shell, create_and_add).succeeded();
    assert_eq!(answer.lines().last(), Some(SERIAL));

    world.run(shell, ENABLE).succeeded();
    let device = world.device();
    assert_eq!(device.user.as_deref(), Some("alice"));
    assert_eq!(device.last_step, world.step() + 1, "current and next are used up");

    world.pass_steps(2);
    let key = world.run(shell, SESSION).succeeded();
    assert!(key.starts_with("ASIA"), "{key}");
    assert_eq!(world.device().last_step, world.step());

    world.pass_steps(5);
    world.run(shell, RESYNC).succeeded();
    assert_eq!(world.device().last_step, world.step() + 1);
    world.pass_steps(2);
    world.run(shell, SESSION).succeeded();

    assert_copy_is_same_device(&world, shell);
}

fn assert_copy_is_same_device(world: &World, shell: Shell) {
    world.run(shell, "mfa export-qr aws-root -o copy.png").succeeded();
    let copy = fs::metadata(world.file("copy.png")).unwrap();
    assert_eq!(copy.permissions().mode() & 0o777, 0o600);

    let uri = world.tool("zbarimg", &["--quiet", "--raw", "copy.png"]);
    let (path, query) = uri.split_once('?').expect("the URI has parameters");
    assert!(path.starts_with("otpauth://totp/Amazon%20Web%20Services:alice-phone"));
    let secret = query
        .split('&')
        .find_map(|parameter| parameter.strip_prefix("secret="))
        .expect("the URI has a secret");
    assert!(secret == world.device().seed, "the copy's secret is not the seed");

    let enrol_and_ask = "
MFA_VAULT=second.toml mfa add copy copy.png
MFA_VAULT=second.toml mfa code copy";
    let answer = world.run(Bash, enrol_and_ask).succeeded();
    assert_eq!(answer.lines().last(), Some(world.right_code(0).as_str()));
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn picture_is_read_at_any_size_that_aws_may_draw() {
    let world = World::new();
    for (scale, border) in [(2, 4), (3, 4), (4, 0), (5, 1), (6, 2), (8, 4)] {
        world.iam.control(&format!("/picture?scale={scale}&border={border}"));
        let script = "
rm -f vault.toml qrcode.png
aws iam delete-virtual-mfa-device --serial-number $S || true
aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png > created.json
mfa add aws-root qrcode.png >&2
mfa code aws-root";
        let code = world.run(Dash, script).succeeded();
        assert_eq!(code, world.right_code(0), "{scale} pixels a module, border {border}");
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn picture_is_read_from_a_pipe() {
    let world = World::with_device();
    for (name, add) in [
        ("dash", "cat qrcode.png | mfa add dash -"),
        ("pipe", "cat qrcode.png | mfa add pipe"),
        ("redirected", "mfa add redirected - < qrcode.png"),
    ] {
        let script = format!("{add} >&2; mfa code {name}");
        assert_eq!(world.run(Dash, &script).succeeded(), world.right_code(0), "{add}");
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn seed_is_read_from_a_file_and_from_a_pipe() {
    let world = World::new();
    let create = "aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
        --bootstrap-method Base32StringSeed --outfile seed.txt";
    world.run(Dash, create).succeeded();
    assert_eq!(fs::metadata(world.file("seed.txt")).unwrap().len(), 64);
    for (name, add) in [
        ("file", "mfa add file seed.txt"),
        ("dash", "cat seed.txt | mfa add dash -"),
        ("pipe", "cat seed.txt | mfa add pipe"),
        ("redirected", "mfa add redirected - < seed.txt"),
    ] {
        let script = format!("{add} >&2; mfa code {name}");
        assert_eq!(world.run(Dash, &script).succeeded(), world.right_code(0), "{add}");
    }
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn process_substitution_leaves_no_file_behind() {
    for (shell, method) in
        [(Bash, "QRCodePNG"), (Bash, "Base32StringSeed"), (Zsh, "QRCodePNG"), (Zsh, "Base32StringSeed")]
    {
        let world = World::new();
        // Neither shell waits for the reader: the next commands of a script may come too early, so this one looks.
        let script = format!(
            "
S=$(aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method {method} --outfile >(mfa add aws-root -) --query VirtualMFADevice.SerialNumber --output text)
tries=0
until mfa code aws-root > /dev/null 2>&1 || [ $((tries += 1)) -gt 200 ]; do sleep 0.05; done
aws iam enable-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root -F aws)
echo $S"
        );
        let answer = world.run(shell, &script).succeeded();
        assert_eq!(answer, SERIAL, "{method}: 'add' must not write into the substitution");
        assert_eq!(world.device().user.as_deref(), Some("alice"));
        assert!(!world.file("qrcode.png").exists());
    }
}
