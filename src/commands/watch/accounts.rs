//! What of the vault is shown: names, and the keys that give the codes.

use unicode_width::UnicodeWidthStr as _;

use crate::commands::watch::layout::ColumnWidths;
use crate::otp::{Key, Name};
use crate::session::hotp::is_counted;
use crate::ui::live::Glyphs;
use crate::vault::{Entry, Vault, contains_folded};

/// The accounts, in the order of the vault
#[derive(Debug)]
pub(super) struct Accounts {
    listed: Vec<Listed>,
    /// Of all of them, not of those on the screen: the columns stay where they are while it scrolls
    pub(super) wanted: ColumnWidths,
}

/// An account as it is listed
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: Name,
    /// Name and issuer as the terminal can show them
    pub(super) shown_name: String,
    pub(super) shown_issuer: String,
    /// Name, issuer and account name as they are, to be searched
    searched: [String; 3],
    /// None: the secret does not open
    pub(super) key: Option<Key>,
}

impl Accounts {
    pub(super) fn of(vault: &Vault, glyphs: Glyphs) -> Self {
        let listed: Vec<Listed> = vault.entries().map(|entry| Listed::of(entry, glyphs)).collect();
        let widest = |width: &dyn Fn(&Listed) -> usize| listed.iter().map(width).max().unwrap_or(0);
        let wanted = ColumnWidths {
            name: widest(&|listed| listed.shown_name.width()),
            issuer: widest(&|listed| listed.shown_issuer.width()),
            code: widest(&|listed| grouped(&"0".repeat(listed.digits())).len()),
            seconds: widest(&|listed| listed.period().map_or(0, |period| period.to_string().len())),
        };
        Self { listed, wanted }
    }

    pub(super) fn len(&self) -> usize {
        self.listed.len()
    }

    pub(super) fn at(&self, place: usize) -> Option<&Listed> {
        self.listed.get(place)
    }

    /// Whether an account has the key that it had before, wherever its counter is
    pub(super) fn has_still(&self, name: &Name, before: &Self) -> bool {
        self.key_of(name)
            .zip(before.key_of(name))
            .is_some_and(|(now, before)| now.eq_ignoring_counter(before))
    }

    fn key_of(&self, name: &Name) -> Option<&Key> {
        self.listed.iter().find(|listed| listed.name == *name)?.key.as_ref()
    }

    /// The places of those that hold a text, as `mfa list` understands it
    pub(super) fn holding(&self, filter: &str) -> Vec<usize> {
        let holds = |listed: &Listed| listed.searched.iter().any(|text| contains_folded(text, filter));
        (0..self.listed.len()).filter(|&place| filter.is_empty() || holds(&self.listed[place])).collect()
    }
}

impl Listed {
    fn of(entry: &Entry, glyphs: Glyphs) -> Self {
        Self {
            shown_name: glyphs.text(entry.name.as_str()),
            shown_issuer: glyphs.text(&entry.label.issuer),
            searched: [entry.name.to_string(), entry.label.issuer.clone(), entry.label.account_name.clone()],
            key: entry.account().map(|account| account.key),
            name: entry.name.clone(),
        }
    }

    /// Of its codes; 0 where it has none
    pub(super) fn digits(&self) -> usize {
        self.key.as_ref().map_or(0, |key| key.parameters().digits().into())
    }

    /// Seconds; none where the codes do not turn
    pub(super) fn period(&self) -> Option<u64> {
        self.key.as_ref()?.parameters().period().map(u64::from)
    }

    /// Whether its codes come from a counter, and each only when it is asked for
    pub(super) fn is_counted(&self) -> bool {
        self.key.as_ref().is_some_and(is_counted)
    }
}

/// `492 039`: what an eye takes in at once. Steam's five stand together.
pub(super) fn grouped(digits: &str) -> String {
    let middle = if digits.len() > 5 { digits.len() / 2 } else { 0 };
    match digits.split_at_checked(middle) {
        Some((one, two)) if !one.is_empty() => format!("{one} {two}"),
        _ => digits.to_owned(),
    }
}
