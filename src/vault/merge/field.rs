//! The fields of an account that a merge compares.

use crate::otp::{Account, MfaArn};

/// A field of an account that can be edited without changing the codes
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Issuer,
    AccountName,
    Serial,
    Tags,
    Note,
}

impl Field {
    pub(super) const ALL: [Self; 6] =
        [Self::Name, Self::Issuer, Self::AccountName, Self::Serial, Self::Tags, Self::Note];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Issuer => "issuer",
            Self::AccountName => "account name",
            Self::Serial => "serial number",
            Self::Tags => "tags",
            Self::Note => "note",
        }
    }

    /// Returns the value as text, empty for a note: it may hold recovery codes.
    pub(crate) fn shown(self, account: &Account) -> String {
        match self {
            Self::Name => account.name.to_string(),
            Self::Issuer => account.label.issuer.clone(),
            Self::AccountName => account.label.account_name.clone(),
            Self::Serial => account.label.serial.as_ref().map_or("", MfaArn::as_str).to_owned(),
            Self::Tags => account.tags.join(", "),
            Self::Note => String::new(),
        }
    }

    pub(super) fn is_empty(self, account: &Account) -> bool {
        if self == Self::Note { account.note.is_empty() } else { self.shown(account).is_empty() }
    }

    pub(super) fn is_equal(self, one: &Account, other: &Account) -> bool {
        match self {
            Self::Name => one.name == other.name,
            Self::Issuer => one.label.issuer == other.label.issuer,
            Self::AccountName => one.label.account_name == other.label.account_name,
            Self::Serial => one.label.serial == other.label.serial,
            Self::Tags => one.tags == other.tags,
            Self::Note => one.note == other.note,
        }
    }

    pub(super) fn copy(self, from: &Account, to: &mut Account) {
        match self {
            Self::Name => to.name.clone_from(&from.name),
            Self::Issuer => to.label.issuer.clone_from(&from.label.issuer),
            Self::AccountName => to.label.account_name.clone_from(&from.label.account_name),
            Self::Serial => to.label.serial.clone_from(&from.label.serial),
            Self::Tags => to.tags.clone_from(&from.tags),
            Self::Note => to.note.clone_from(&from.note),
        }
    }
}
