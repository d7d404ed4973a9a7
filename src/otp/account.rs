//! An account: a key and what it is called.

use super::arn::is_account_id;
use super::{Key, MfaArn, Name};

/// The issuer in AWS's own QR codes
pub(crate) const AWS: &str = "Amazon Web Services";

/// An account as a service hands it out, before the user has named it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enrolment {
    /// The service; empty where nothing was said
    pub(crate) issuer: String,
    /// The user at the service; empty where nothing was said
    pub(crate) account_name: String,
    pub(crate) key: Key,
    pub(crate) serial: Option<MfaArn>,
}

impl Enrolment {
    /// What a bare secret key stands for
    pub(crate) fn of_key(key: Key) -> Self {
        Self { issuer: String::new(), account_name: String::new(), key, serial: None }
    }

    pub(crate) fn named(self, name: Name) -> Account {
        Account {
            name,
            issuer: self.issuer,
            account_name: self.account_name,
            key: self.key,
            serial: self.serial,
        }
    }

    /// The name that issuer and account name suggest
    pub(crate) fn derived_name(&self) -> Option<Name> {
        let arn = self.serial.clone().or_else(|| self.account_name.parse().ok());
        match arn {
            Some(arn) => Name::derive(AWS, &arn.account_name()),
            None => Name::derive(&self.issuer, &self.account_name),
        }
    }
}

/// An account of the vault
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "'account name' is the term of the Key URI format")]
pub(crate) struct Account {
    /// What the user calls it; unique in a vault
    pub(crate) name: Name,
    pub(crate) issuer: String,
    pub(crate) account_name: String,
    pub(crate) key: Key,
    /// Of an AWS MFA device: its ARN
    pub(crate) serial: Option<MfaArn>,
}

impl Account {
    /// Whether this is the MFA device with that ARN: by its stored serial number, else by the label AWS gave it
    pub(crate) fn is_device(&self, arn: &MfaArn) -> bool {
        match &self.serial {
            Some(serial) => serial == arn,
            None if self.account_name == arn.as_str() => true,
            None => self.aws_device() == Some((arn.device(), arn.aws_account())),
        }
    }

    /// Device and AWS account, where the label is AWS's `DEVICE@123456789012` (older codes have no issuer)
    pub(crate) fn aws_device(&self) -> Option<(&str, &str)> {
        let by_aws = matches!(self.issuer.as_str(), "" | AWS | "AWS");
        let (device, account) = self.account_name.rsplit_once('@')?;
        (by_aws && !device.is_empty() && is_account_id(account)).then_some((device, account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Secret;

    fn account(issuer: &str, account_name: &str, serial: Option<&str>) -> Account {
        Enrolment {
            issuer: issuer.to_owned(),
            account_name: account_name.to_owned(),
            key: Key::with_defaults(Secret::from_bytes(vec![1; 20]).unwrap()),
            serial: serial.map(|arn| arn.parse().unwrap()),
        }
        .named("x".parse().unwrap())
    }

    #[test]
    fn a_device_is_known_by_its_label_or_its_serial() {
        let arn: MfaArn = "arn:aws:iam::123456789012:mfa/ops/bob@corp".parse().unwrap();
        let aws = "Amazon Web Services";
        assert!(account(aws, "bob@corp@123456789012", None).is_device(&arn));
        assert!(account("", "bob@corp@123456789012", None).is_device(&arn));
        assert!(account("", arn.as_str(), None).is_device(&arn));
        assert!(account("Else", "", Some(arn.as_str())).is_device(&arn));

        assert!(!account("GitHub", "bob@corp@123456789012", None).is_device(&arn));
        assert!(!account(aws, "bob@corp@my-alias", None).is_device(&arn));
        assert!(!account(aws, "al@123456789012", None).is_device(&arn));
        let other = Some("arn:aws:iam::123456789012:mfa/other");
        assert!(!account(aws, "bob@corp@123456789012", other).is_device(&arn));
    }
}
