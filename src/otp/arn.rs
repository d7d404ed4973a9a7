//! ARNs of AWS MFA devices. AWS also uses the ARN as the serial number.

use std::fmt;
use std::str::FromStr;

/// The ARN of an AWS MFA device: `arn:PARTITION:iam::ACCOUNT:mfa/[PATH/]DEVICE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MfaArn(String);

impl MfaArn {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the 12-digit id of the AWS account.
    pub(crate) fn aws_account(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or_default()
    }

    /// Returns the name of the device, without the path.
    pub(crate) fn device(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the account name that the QR code of AWS has for this device: `DEVICE@ACCOUNT`.
    pub(crate) fn account_name(&self) -> String {
        format!("{}@{}", self.device(), self.aws_account())
    }
}

impl FromStr for MfaArn {
    type Err = NotAnMfaArn;

    fn from_str(text: &str) -> Result<Self, NotAnMfaArn> {
        let fields: Vec<&str> = text.split(':').collect();
        let [scheme, partition, "iam", "", account, resource] = fields[..] else {
            return Err(NotAnMfaArn);
        };
        let device = resource.strip_prefix("mfa/").unwrap_or_default();
        let is_valid = scheme == "arn"
            && partition.starts_with("aws")
            && is_account_id(account)
            && !device.is_empty()
            && !device.ends_with('/')
            && text.chars().all(|c| c.is_ascii_graphic());
        if is_valid { Ok(Self(text.to_owned())) } else { Err(NotAnMfaArn) }
    }
}

impl fmt::Display for MfaArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The error for a text that is not the ARN of an MFA device
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the ARN of an MFA device (arn:aws:iam::123456789012:mfa/NAME)")]
pub(crate) struct NotAnMfaArn;

/// Returns whether the text has 12 decimal digits.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_account_and_device() {
        let arn: MfaArn = "arn:aws:iam::123456789012:mfa/path/to/alice@x".parse().unwrap();
        assert_eq!((arn.aws_account(), arn.device()), ("123456789012", "alice@x"));
        assert_eq!(arn.account_name(), "alice@x@123456789012");
        assert!("arn:aws-us-gov:iam::123456789012:mfa/a".parse::<MfaArn>().is_ok());
    }

    #[test]
    fn arns_of_other_resources_are_rejected() {
        for text in [
            "",
            "arn:aws:iam::123456789012:user/alice",
            "arn:aws:iam::12345678901:mfa/a",
            "arn:aws:iam::123456789012:mfa/",
            "arn:aws:iam::123456789012:mfa/a b",
            "arn:aws:iam::123456789012:mfa/a:b",
            "GAHT12345678",
        ] {
            assert_eq!(text.parse::<MfaArn>(), Err(NotAnMfaArn), "{text}");
        }
    }
}
