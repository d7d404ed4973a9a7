//! Accounts into the vault: new, stored already, or in conflict with another.

use crate::commands::add::args::{Add, parse_name};
use crate::error::{CommandError, Result};
use crate::otp::{Account, Enrolment, Label, MfaArn, Name};
use crate::session::Session;
use crate::vault::merge::{AccountMerger, MergedNote};
use crate::vault::{Entry, NameTaken, Vault};

/// An account in the vault, and the way it came there
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) account: Account,
    pub(super) outcome: Outcome,
    /// The counter before, if it went back
    pub(super) higher_counter: Option<u64>,
    /// The serial number of the replaced account, if the new one is of another device
    pub(super) lost_serial: Option<MfaArn>,
    /// Whether the account has the note that the options or the source give
    pub(super) has_note: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    New,
    Replaced,
    /// The vault had the same key under the same name: nothing was written
    Unchanged,
}

impl Stored {
    fn new(account: Account, outcome: Outcome) -> Self {
        Self { account, outcome, higher_counter: None, lost_serial: None, has_note: true }
    }
}

impl Add {
    /// Stores all accounts or none. Asks on a terminal if a name is taken.
    ///
    /// # Errors
    /// A name is taken, or the vault cannot be changed.
    pub(super) fn store(&self, accounts: &[Account], session: &mut Session<'_>) -> Result<Vec<Stored>> {
        match self.try_store(accounts, self.force, session) {
            Err(error) if taken_name(&error).is_some() && !self.dry_run && session.ui.can_prompt() => {
                let name = taken_name(&error).unwrap_or_default();
                session.ui.status(format_args!("'{name}' exists already"));
                if session.ui.confirm_by_typing("replace it", name)? {
                    return self.try_store(accounts, true, session);
                }
                Err(error)
            }
            result => result,
        }
    }

    fn try_store(&self, accounts: &[Account], force: bool, session: &mut Session<'_>) -> Result<Vec<Stored>> {
        if self.dry_run {
            let mut vault = session.load()?;
            session.unlock_all(&mut vault)?;
            return self.store_all(accounts, force, &mut vault);
        }
        session.update(|vault| self.store_all(accounts, force, vault))
    }

    fn store_all(&self, accounts: &[Account], force: bool, vault: &mut Vault) -> Result<Vec<Stored>> {
        if self.all && !force {
            let mut merger = AccountMerger::new(vault);
            return Ok(accounts.iter().map(|account| merge(account, &mut merger)).collect());
        }
        let mut stored: Vec<Stored> = Vec::new();
        for account in accounts {
            // --force never replaces an account of the same source.
            let is_repeated = stored.iter().any(|stored| stored.account.name == account.name);
            stored.push(if is_repeated {
                merge(account, &mut AccountMerger::new(vault))
            } else {
                self.store_one(account.clone(), force, vault)?
            });
        }
        Ok(stored)
    }

    fn store_one(&self, mut account: Account, force: bool, vault: &mut Vault) -> Result<Stored> {
        let existing = vault.entries().find(|entry| entry.name == account.name);
        let lost_serial = existing.and_then(|entry| {
            inherit_metadata(&mut account, entry);
            entry.label.serial.clone().filter(|_| account.label.serial.is_none())
        });
        let same_key = existing.and_then(Entry::account);
        let same_key = same_key.filter(|existing| existing.key.eq_ignoring_counter(&account.key));
        if let Some(existing) = &same_key
            && (existing.key == account.key || !force)
            && (existing.label == account.label || !(force || self.has_label()))
        {
            let has_note = existing.note == account.note;
            return Ok(Stored { has_note, ..Stored::new(existing.clone(), Outcome::Unchanged) });
        }
        let outcome = match vault.insert(account.clone()) {
            Ok(()) => Outcome::New,
            Err(_) if force => {
                vault.replace(account.clone());
                Outcome::Replaced
            }
            Err(taken) => return Err(taken.into()),
        };
        let counter = same_key.and_then(|existing| existing.key.counter());
        let higher_counter = counter.filter(|&counter| account.key.counter() < Some(counter));
        Ok(Stored { higher_counter, lost_serial, ..Stored::new(account, outcome) })
    }

    /// Returns whether an option gives a label. The same key with another label is then another account.
    fn has_label(&self) -> bool {
        self.issuer.is_some() || self.account.is_some() || self.serial.is_some()
    }
}

/// Names the accounts: with the argument, after their label, or as the user answers.
///
/// # Errors
/// An account has no label that gives a name, and the user cannot be prompted.
pub(super) fn name_accounts(
    name: Option<&Name>,
    enrolments: Vec<Enrolment>,
    session: &mut Session<'_>,
) -> Result<Vec<Account>> {
    let name_one = |enrolment: Enrolment| {
        let name = match name.cloned().or_else(|| enrolment.label.derived_name()) {
            Some(name) => name,
            None => ask_name(session)?,
        };
        Ok(enrolment.named(name))
    };
    enrolments.into_iter().map(name_one).collect()
}

/// Adds an account, with a number behind its name if that is taken.
fn merge(account: &Account, merger: &mut AccountMerger<'_>) -> Stored {
    let result = merger.add(account.clone());
    let outcome = if result.is_duplicate() { Outcome::Unchanged } else { Outcome::New };
    Stored { has_note: result.note != MergedNote::Kept, ..Stored::new(result.account, outcome) }
}

/// Takes over the tags, the note and the label of the account that is replaced: a source such as a bare key has none.
fn inherit_metadata(account: &mut Account, existing: &Entry) {
    if account.tags.is_empty() {
        account.tags.clone_from(&existing.tags);
    }
    if account.note.is_empty()
        && let Some(existing) = existing.account()
    {
        account.note = existing.note;
    }
    let Label { issuer, account_name, serial } = &mut account.label;
    // Another account name means another account, with another device.
    if !account_name.is_empty() && *account_name != existing.label.account_name {
        return;
    }
    if serial.is_none() {
        serial.clone_from(&existing.label.serial);
    }
    for (new, old) in [(issuer, &existing.label.issuer), (account_name, &existing.label.account_name)] {
        if new.is_empty() {
            new.clone_from(old);
        }
    }
}

fn ask_name(session: &mut Session<'_>) -> Result<Name> {
    if !session.ui.can_prompt() {
        return Err(CommandError::usage("the account has no name, and no label to derive one from")
            .hint("mfa add NAME SOURCE"));
    }
    parse_name(&session.ui.ask("name of the account")?)
}

fn taken_name(error: &CommandError) -> Option<&str> {
    error.downcast_ref::<NameTaken>().map(|taken| taken.0.as_str())
}
