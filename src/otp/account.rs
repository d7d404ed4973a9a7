//! Accounts: a key with its label, its tags and the name that the user gave it.

use std::collections::HashSet;

use crate::otp::arn::is_account_id;
use crate::otp::{Key, MfaArn, Name, Note};
use crate::text::sanitize;

/// The issuer in the QR codes of AWS
pub(crate) const AWS: &str = "Amazon Web Services";

/// The issuer and the account name that a service gives an account
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Label {
    /// The service; empty if unknown
    pub(crate) issuer: String,
    /// The user at the service; empty if unknown
    pub(crate) account_name: String,
    /// The ARN, if the account is an AWS MFA device
    pub(crate) serial: Option<MfaArn>,
}

/// An account without a name, as a service or another app provides it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enrolment {
    pub(crate) label: Label,
    /// Folders, groups or categories in the app that it comes from
    pub(crate) tags: Vec<String>,
    pub(crate) note: Note,
    pub(crate) key: Key,
}

/// An account with the name that the user gave it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// Unique in a vault
    pub(crate) name: Name,
    pub(crate) label: Label,
    /// Folders, groups or categories in the app that it comes from
    pub(crate) tags: Vec<String>,
    pub(crate) note: Note,
    pub(crate) key: Key,
}

/// Returns the tags without surrounding blanks, unsafe characters, empty tags and duplicates.
pub(crate) fn clean_tags(raw: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut seen = HashSet::new();
    let cleaned = raw.into_iter().map(|tag| sanitize(tag.as_ref().trim()));
    cleaned.filter(|tag| !tag.is_empty() && seen.insert(tag.clone())).collect()
}

impl Enrolment {
    /// Creates an account without tags and without a note.
    pub(crate) fn new(label: Label, key: Key) -> Self {
        Self { label, tags: Vec::new(), note: Note::default(), key }
    }

    /// Returns the account with this name.
    pub(crate) fn named(self, name: Name) -> Account {
        Account { name, label: self.label, tags: self.tags, note: self.note, key: self.key }
    }
}

impl Account {
    /// Fills a blank label, for programs that identify an account by its label alone.
    pub(crate) fn with_full_label(self) -> Self {
        Self { label: self.full_label(), ..self }
    }

    /// Returns the label. Derives a blank one from the serial number, otherwise from the name.
    pub(crate) fn full_label(&self) -> Label {
        match &self.label {
            label if !label.is_blank() => label.clone(),
            Label { serial: Some(serial), .. } => Label::for_device(serial.clone()),
            _ => Label { account_name: self.name.to_string(), ..Label::default() },
        }
    }
}

impl Label {
    /// Returns the label that AWS gives an MFA device.
    pub(crate) fn for_device(serial: MfaArn) -> Self {
        Self { issuer: AWS.to_owned(), account_name: serial.account_name(), serial: Some(serial) }
    }

    /// Returns whether both issuer and account name are empty.
    pub(crate) fn is_blank(&self) -> bool {
        self.issuer.is_empty() && self.account_name.is_empty()
    }

    /// Returns whether apps that split a label at a colon would split it in the wrong place.
    ///
    /// Most of them do not split an ARN.
    pub(crate) fn has_ambiguous_colon(&self) -> bool {
        let is_ambiguous = |part: &String| part.contains(':') && !part.starts_with("arn:");
        [&self.issuer, &self.account_name].into_iter().any(is_ambiguous)
    }

    /// Derives a name. Returns `None` if the label has no letter or digit.
    pub(crate) fn derived_name(&self) -> Option<Name> {
        let arn = self.serial.clone().or_else(|| self.account_name.parse().ok());
        match arn {
            Some(arn) => Name::derive(AWS, &arn.account_name()),
            None => Name::derive(&self.issuer, &self.account_name),
        }
    }

    /// Returns whether this is the MFA device with that ARN, by its serial number or else by the label from AWS.
    pub(crate) fn is_device(&self, arn: &MfaArn) -> bool {
        match &self.serial {
            Some(serial) => serial == arn,
            None if self.account_name == arn.as_str() => true,
            None => self.aws_device() == Some((arn.device(), arn.aws_account())),
        }
    }

    /// Returns whether the serial number or the label shows that the account belongs to AWS.
    pub(crate) fn is_aws(&self) -> bool {
        self.serial.is_some() || self.aws_device().is_some()
    }

    /// Returns the device and the AWS account if the label is `DEVICE@123456789012`. Older QR codes have no issuer.
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

    /// Comparing each tag with every other took minutes.
    #[test]
    fn many_tags_are_deduplicated_in_linear_time() {
        assert_eq!(clean_tags((0..200_000).map(|number| number.to_string())).len(), 200_000);
    }

    #[test]
    fn a_device_is_recognised_by_label_or_serial() {
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
    fn an_arn_derives_a_short_name() {
        let arn = "arn:aws:iam::123456789012:mfa/ops/bob";
        for label in [label("", arn, None), label("", "", Some(arn)), Label::for_device(arn.parse().unwrap())]
        {
            assert_eq!(label.derived_name().unwrap().as_str(), "aws-bob");
        }
    }
}
