//! Devices that an abandoned set-up leaves behind and that block the next one, and the recipe that deletes them.

use crate::harness::aws::Shell::Bash;
use crate::harness::aws::{SERIAL, World};

const CREATE: &str = "aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png";

const LIST: &str = "aws iam list-virtual-mfa-devices --assignment-status Unassigned \
    --query 'VirtualMFADevices[].SerialNumber' --output text";

const DELETE: &str = "aws iam delete-virtual-mfa-device --serial-number";

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn leftover_device_is_listed_deleted_and_created_again() {
    let world = World::with_device();
    let abandoned = world.device().seed;
    world
        .run(Bash, CREATE)
        .failed_saying("(EntityAlreadyExists) when calling the CreateVirtualMFADevice operation");

    assert_eq!(world.run(Bash, LIST).succeeded(), SERIAL);
    world.run(Bash, &format!("{DELETE} $({LIST})\n{CREATE}")).succeeded();
    assert!(world.device().seed != abandoned, "the new device has a new seed");

    // The vault still has the abandoned key: `add` replaces it only with `--force`.
    let add_unasked = "code=0; mfa add aws-root qrcode.png || code=$?; [ $code = 5 ]";
    world.run(Bash, add_unasked).succeeded();
    let add_enable_and_ask = "
mfa add --force aws-root qrcode.png >&2
aws iam enable-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root -F aws)
mfa code aws-root";
    assert_eq!(world.run(Bash, add_enable_and_ask).succeeded(), world.right_code(0));
    assert_eq!(world.run(Bash, LIST).succeeded(), "");
}

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn device_in_use_is_deactivated_before_it_is_deleted() {
    let world = World::with_enabled_device();
    let delete = format!("{DELETE} $S");
    world.run(Bash, &delete).failed_saying("(DeleteConflict)");
    let list = "aws iam list-mfa-devices --user-name alice --query 'MFADevices[].SerialNumber' --output text";
    assert_eq!(world.run(Bash, list).succeeded(), SERIAL);

    let deactivate = "aws iam deactivate-mfa-device --user-name alice --serial-number $S";
    world.run(Bash, &format!("{deactivate}\n{delete}")).succeeded();
    assert!(world.iam.state().devices.is_empty());
    assert_eq!(world.run(Bash, list).succeeded(), "");
}
