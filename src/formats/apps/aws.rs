//! Reads the JSON of an AWS SDK's `create_virtual_mfa_device`, in which the seed is Base32 text encoded as Base64.

use data_encoding::BASE64;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::formats::{Format, FormatError, Found, ParsedFile, Recognised};
use crate::otp::{Enrolment, Key, Label, MfaArn, Parameters, Secret};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "AWS",
    detect: |probe| probe.has_keys(&["VirtualMFADevice"]),
    read: |probe| {
        let mut parsed = ParsedFile::new(FORMAT.app);
        match read(probe.text().unwrap_or_default()) {
            Err(FormatError::Unrecognised) => Err(FormatError::Damaged("its VirtualMFADevice is malformed")),
            found => {
                parsed.take(Ok(found?));
                Ok(Recognised::Plain(parsed))
            }
        }
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateResponse {
    #[serde(rename = "VirtualMFADevice")]
    device: Device,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Device {
    serial_number: String,
    base32_string_seed: Option<String>,
}

/// Reads a device and its seed.
///
/// # Errors
/// `Unrecognised` if the JSON has no device, `AwsWithoutSeed` if the AWS CLI printed it, `Damaged` if a field is malformed.
pub(in crate::formats) fn read(text: &str) -> Result<Found, FormatError> {
    let response: CreateResponse = serde_json::from_str(text).map_err(|_| FormatError::Unrecognised)?;
    let serial: MfaArn = response
        .device
        .serial_number
        .parse()
        .map_err(|_| FormatError::Damaged("its SerialNumber is not an ARN"))?;
    let seed = Zeroizing::new(response.device.base32_string_seed.ok_or(FormatError::AwsWithoutSeed)?);
    let (secret, warnings) = Secret::from_base32(&decode_seed(&seed)?)?;
    let enrolment = Enrolment::new(Label::for_device(serial), Key::new(secret, Parameters::DEFAULT));
    Ok(Found::new(enrolment, warnings))
}

fn decode_seed(seed: &str) -> Result<Zeroizing<String>, FormatError> {
    let damaged = FormatError::Damaged("its Base32StringSeed is not Base64");
    let bytes = BASE64.decode(seed.as_bytes()).map_err(|_| damaged.clone())?;
    String::from_utf8(bytes).map(Zeroizing::new).map_err(|_| damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_of_an_sdk_gives_an_account() {
        let found =
            read(include_str!("../../../tests/fixtures/import/aws/create-virtual-mfa-device.json")).unwrap();
        let Enrolment { label, key, .. } = found.enrolment;
        assert_eq!(label.issuer, "Amazon Web Services");
        assert_eq!(label.account_name, "root-account-mfa-device@123456789012");
        assert_eq!(label.serial.unwrap().as_str(), "arn:aws:iam::123456789012:mfa/root-account-mfa-device");
        let seed = include_str!("../../../tests/fixtures/import/aws/root-account-mfa-device.seed");
        assert_eq!(*key.secret().to_base32(), seed);
    }

    #[test]
    fn response_without_seed_is_rejected() {
        let printed = r#"{"VirtualMFADevice": {"SerialNumber": "arn:aws:iam::123456789012:mfa/alice"}}"#;
        assert_eq!(read(printed), Err(FormatError::AwsWithoutSeed));
        assert_eq!(read("{}"), Err(FormatError::Unrecognised));
        assert_eq!(read("{"), Err(FormatError::Unrecognised));
    }
}
