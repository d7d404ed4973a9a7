//! An account: a key and what it is called.

use std::collections::HashSet;

use crate::otp::arn::is_account_id;
use crate::otp::{Key, MfaArn, Name};
use crate::text::sanitize;

/// The issuer in AWS's own QR codes
pub(crate) const AWS: &str = "Amazon Web Services";

/// What a service calls an account
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Label {
    /// The service; empty where nothing was said
    pub(crate) issuer: String,
    /// The user at the service; empty where nothing was said
    pub(crate) account_name: String,
    /// Of an AWS MFA device: its ARN
    pub(crate) serial: Option<MfaArn>,
}

/// An account as a service hands it out, before the user has named it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enrolment {
    pub(crate) label: Label,
    /// Folders, groups, categories of the app that it comes from
    pub(crate) tags: Vec<String>,
    pub(crate) key: Key,
}

/// An account that the user has named
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// What the user calls it; unique in a vault
    pub(crate) name: Name,
    pub(crate) label: Label,
    /// Folders, groups, categories of the app that it comes from
    pub(crate) tags: Vec<String>,
    pub(crate) key: Key,
}

/// Tags as they are kept: without blanks around them, fit for a terminal, each once
pub(crate) fn tags(raw: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut seen = HashSet::new();
    let cleaned = raw.into_iter().map(|tag| sanitize(tag.as_ref().trim()));
    cleaned.filter(|tag| !tag.is_empty() && seen.insert(tag.clone())).collect()
}

impl Enrolment {
    /// An account without tags
    pub(crate) fn new(label: Label, key: Key) -> Self {
        Self { label, tags: Vec::new(), key }
    }

    pub(crate) fn named(self, name: Name) -> Account {
        Account { name, label: self.label, tags: self.tags, key: self.key }
    }
}

impl Account {
    /// For programs that know an account by its label alone: one that has none gets AWS's, or its name
    pub(crate) fn labelled(self) -> Self {
        Self { label: self.full_label(), ..self }
    }

    /// The label; of an account that has none the one that AWS gives its device, or its name
    pub(crate) fn full_label(&self) -> Label {
        match &self.label {
            label if !label.is_blank() => label.clone(),
            Label { serial: Some(serial), .. } => Label::of_device(serial.clone()),
            _ => Label { account_name: self.name.to_string(), ..Label::default() },
        }
    }
}

impl Label {
    /// The label that AWS gives an MFA device
    pub(crate) fn of_device(serial: MfaArn) -> Self {
        Self { issuer: AWS.to_owned(), account_name: serial.account_name(), serial: Some(serial) }
    }

    /// Whether neither issuer nor account name is known
    pub(crate) fn is_blank(&self) -> bool {
        self.issuer.is_empty() && self.account_name.is_empty()
    }

    /// Whether other apps, which cut a label at a colon, find other names in it; an ARN most of them leave whole
    pub(crate) fn has_ambiguous_colon(&self) -> bool {
        let is_cut = |part: &String| part.contains(':') && !part.starts_with("arn:");
        [&self.issuer, &self.account_name].into_iter().any(is_cut)
    }

    /// The name that it suggests
    pub(crate) fn derived_name(&self) -> Option<Name> {
        let arn = self.serial.clone().or_else(|| self.account_name.parse().ok());
        match arn {
            Some(arn) => Name::derive(AWS, &arn.account_name()),
            None => Name::derive(&self.issuer, &self.account_name),
        }
    }

    /// Whether this is the MFA device with that ARN: by its stored serial number, else by the label AWS gave it
    pub(crate) fn is_device(&self, arn: &MfaArn) -> bool {
        match &self.serial {
            Some(serial) => serial == arn,
            None if self.account_name == arn.as_str() => true,
            None => self.aws_device() == Some((arn.device(), arn.aws_account())),
        }
    }

    /// Whether it belongs to AWS, as far as it tells
    pub(crate) fn is_aws(&self) -> bool {
        self.serial.is_some() || self.aws_device().is_some()
    }

    /// Device and AWS account, where the label is AWS's `DEVICE@123456789012` (older codes have no issuer)
    fn aws_device(&self) -> Option<(&str, &str)> {
        let by_aws = matches!(self.issuer.as_str(), "" | AWS | "AWS");
        let (device, account) = self.account_name.rsplit_once('@')?;
        (by_aws && !device.is_empty() && is_account_id(account)).then_some((device, account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(issuer: &str, account_name: &str, serial: Option<&str>) -> Label {
        Label {
            issuer: issuer.to_owned(),
            account_name: account_name.to_owned(),
            serial: serial.map(|arn| arn.parse().unwrap()),
        }
    }

    /// Compared with each other one by one they took minutes
    #[test]
    fn many_tags_take_no_time() {
        assert_eq!(tags((0..200_000).map(|number| number.to_string())).len(), 200_000);
    }

    #[test]
    fn a_device_is_known_by_its_label_or_its_serial() {
        let arn: MfaArn = "arn:aws:iam::123456789012:mfa/ops/bob@corp".parse().unwrap();
        let aws = "Amazon Web Services";
        assert!(label(aws, "bob@corp@123456789012", None).is_device(&arn));
        assert!(label("", "bob@corp@123456789012", None).is_device(&arn));
        assert!(label("", arn.as_str(), None).is_device(&arn));
        assert!(label("Else", "", Some(arn.as_str())).is_device(&arn));

        assert!(!label("GitHub", "bob@corp@123456789012", None).is_device(&arn));
        assert!(!label(aws, "bob@corp@my-alias", None).is_device(&arn));
        assert!(!label(aws, "al@123456789012", None).is_device(&arn));
        let other = Some("arn:aws:iam::123456789012:mfa/other");
        assert!(!label(aws, "bob@corp@123456789012", other).is_device(&arn));
    }

    #[test]
    fn an_arn_gives_a_short_name() {
        let arn = "arn:aws:iam::123456789012:mfa/ops/bob";
        for label in [label("", arn, None), label("", "", Some(arn)), Label::of_device(arn.parse().unwrap())]
        {
            assert_eq!(label.derived_name().unwrap().as_str(), "aws-bob");
        }
    }
}
