//! The accounts of the view: their names, and the keys of their codes.

use unicode_width::UnicodeWidthStr as _;

use crate::commands::watch::layout::ColumnWidths;
use crate::otp::{Key, Name};
use crate::session::hotp::is_hotp;
use crate::ui::live::Glyphs;
use crate::vault::{Entry, Pattern, Vault};

/// The accounts, in the order of the vault
#[derive(Debug)]
pub(super) struct Accounts {
    listed: Vec<Listed>,
    /// The widths for all accounts, so that the columns do not move when the list scrolls
    pub(super) widths: ColumnWidths,
}

/// An account of the view
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: Name,
    /// The name and the issuer with only the characters that the terminal can show
    pub(super) shown_name: String,
    pub(super) shown_issuer: String,
    /// The name, the issuer and the account name, for the filter
    searched: [String; 3],
    /// `None` if the secret cannot be decrypted
    pub(super) key: Option<Key>,
}

impl Accounts {
    pub(super) fn new(vault: &Vault, glyphs: Glyphs) -> Self {
        let listed: Vec<Listed> = vault.entries().map(|entry| Listed::new(entry, glyphs)).collect();
        let widest = |width: &dyn Fn(&Listed) -> usize| listed.iter().map(width).max().unwrap_or(0);
        let widths = ColumnWidths {
            name: widest(&|listed| listed.shown_name.width()),
            issuer: widest(&|listed| listed.shown_issuer.width()),
            code: widest(&|listed| group(&"0".repeat(listed.digits())).len()),
            seconds: widest(&|listed| listed.period().map_or(0, |period| period.to_string().len())),
        };
        Self { listed, widths }
    }

    pub(super) fn len(&self) -> usize {
        self.listed.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Listed> {
        self.listed.get(index)
    }

    /// Returns whether an account has the same key as before, apart from its counter.
    pub(super) fn has_same_key(&self, name: &Name, before: &Self) -> bool {
        self.key_of(name)
            .zip(before.key_of(name))
            .is_some_and(|(now, before)| now.eq_ignoring_counter(before))
    }

    fn key_of(&self, name: &Name) -> Option<&Key> {
        self.listed.iter().find(|listed| listed.name == *name)?.key.as_ref()
    }

    /// Returns the positions of the accounts that contain a text, like `mfa list FILTER`.
    pub(super) fn positions_of(&self, filter: &str) -> Vec<usize> {
        let pattern = Pattern::new(filter);
        let contains = |listed: &Listed| pattern.is_in_any(listed.searched.iter().map(String::as_str));
        (0..self.listed.len()).filter(|&index| filter.is_empty() || contains(&self.listed[index])).collect()
    }
}

impl Listed {
    fn new(entry: &Entry, glyphs: Glyphs) -> Self {
        Self {
            shown_name: glyphs.text(entry.name.as_str()),
            shown_issuer: glyphs.text(&entry.label.issuer),
            searched: [entry.name.to_string(), entry.label.issuer.clone(), entry.label.account_name.clone()],
            key: entry.account().map(|account| account.key),
            name: entry.name.clone(),
        }
    }

    /// Returns the digits of a code, or 0 without a key.
    pub(super) fn digits(&self) -> usize {
        self.key.as_ref().map_or(0, |key| key.parameters().digits().into())
    }

    /// Returns the period in seconds, or `None` for an HOTP account.
    pub(super) fn period(&self) -> Option<u64> {
        self.key.as_ref()?.parameters().period().map(u64::from)
    }

    /// Returns whether the codes come from a counter, each on request.
    pub(super) fn is_hotp(&self) -> bool {
        self.key.as_ref().is_some_and(is_hotp)
    }
}

/// Groups a code for reading: `492 039`. Codes of Steam have five characters and stay together.
pub(super) fn group(digits: &str) -> String {
    let middle = if digits.len() > 5 { digits.len() / 2 } else { 0 };
    match digits.split_at_checked(middle) {
        Some((one, two)) if !one.is_empty() => format!("{one} {two}"),
        _ => digits.to_owned(),
    }
}
