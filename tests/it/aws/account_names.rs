//! The name of an account of AWS: derived from AWS's label, from the serial number or from the configuration.

use crate::harness::aws::Shell::Dash;
use crate::harness::aws::World;

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn add_derives_the_name_from_the_device() {
    let world = World::new();
    let script = "
aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png > created.json
mfa add qrcode.png >&2
mfa code --exact aws-alice-phone";
    assert_eq!(world.run(Dash, script).succeeded(), world.right_code(0));
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn code_finds_the_account_by_the_serial_in_its_label() {
    let world = World::with_device();
    world
        .run(
            Dash,
            r#"aws iam enable-mfa-device --user-name alice --serial-number $S $(mfa next-pair "$S" --past -F aws)"#,
        )
        .succeeded();
    world.pass_steps(1);
    world
        .run(Dash, r#"aws sts get-session-token --serial-number $S --token-code "$(mfa code "$S")""#)
        .succeeded();
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn add_stores_the_serial_number_given_for_a_seed() {
    let world = World::new();
    let script = r#"
aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method Base32StringSeed --outfile seed.txt > created.json
mfa add work seed.txt --serial "$S" >&2
mfa code "$S""#;
    assert_eq!(world.run(Dash, script).succeeded(), world.right_code(0));
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn device_with_a_path_and_every_allowed_sign_is_enrolled() {
    let world = World::new();
    let script = "
serial=$(aws iam create-virtual-mfa-device --virtual-mfa-device-name 'alice_+=,.@-b' --path /team/one/ \
    --bootstrap-method QRCodePNG --outfile qrcode.png --query VirtualMFADevice.SerialNumber --output text)
mfa add aws-root qrcode.png >&2
aws iam enable-mfa-device --user-name alice --serial-number $serial $(mfa next-pair aws-root -F aws)
mfa code aws-root";
    assert_eq!(world.run(Dash, script).succeeded(), world.right_code(0));
    assert_eq!(world.device().user.as_deref(), Some("alice"));
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn code_finds_the_device_of_an_aws_profile() {
    let world = World::with_enabled_device();
    world.write(
        ".aws/config",
        "[profile alice]\nregion = us-east-1\n\n[profile ops]\nsource_profile = alice\n",
    );
    world.run(Dash, r#"aws configure set mfa_serial "$S" --profile alice"#).succeeded();
    world.pass_steps(1);
    let script = r#"
aws sts get-session-token --profile default --serial-number $S --token-code "$(mfa code --fresh --profile alice)""#;
    world.run(Dash, script).succeeded();
    world.run(Dash, "mfa code --fresh --profile alice").failed_saying("was used already");
    world.run(Dash, "mfa code --profile ops").failed_saying("--profile alice");
}
