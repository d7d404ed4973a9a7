//! Accounts into the vault: new, already there, or in the way of another.

use crate::commands::add::Add;
use crate::commands::add::args::parsed_name;
use crate::error::{CommandError, Result};
use crate::otp::{Account, Enrolment, Label, MfaArn, Name};
use crate::session::Session;
use crate::vault::merge::{AccountMerger, MergeOutcome, Merged};
use crate::vault::{Entry, NameTaken, Vault};

/// An account that is to be stored
#[derive(Debug, Clone)]
pub(super) struct Plan {
    account: Account,
    /// Whether a number may be put behind the name
    may_be_numbered: bool,
    /// Whether the user has said what the label shall be: then the same secret under another label is not the same
    insists_on_label: bool,
}

/// An account of the vault, and how it came there
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) account: Account,
    pub(super) outcome: Outcome,
    /// Where its counter went back: what it was
    pub(super) further: Option<u64>,
    /// That of the device that was another account's, and is nobody's now
    pub(super) lost_serial: Option<MfaArn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    New,
    Replaced,
    /// The same key was there under the same name: nothing was written
    TrustState,
}

impl Add {
    pub(super) fn plans(
        &self,
        name: Option<&Name>,
        enrolments: Vec<Enrolment>,
        session: &mut Session<'_>,
    ) -> Result<Vec<Plan>> {
        let insists_on_label = self.issuer.is_some() || self.account.is_some() || self.serial.is_some();
        let named = |enrolment: Enrolment| {
            let name = match name.cloned().or_else(|| enrolment.label.derived_name()) {
                Some(name) => name,
                None => asked_name(session)?,
            };
            Ok(Plan { account: enrolment.named(name), may_be_numbered: self.all, insists_on_label })
        };
        enrolments.into_iter().map(named).collect()
    }

    /// Stores all or none. Where a name is taken and somebody is there, they are asked.
    pub(super) fn store(&self, plans: Vec<Plan>, session: &mut Session<'_>) -> Result<Vec<Stored>> {
        match self.try_store(plans.clone(), self.force, session) {
            Err(error) if taken_name(&error).is_some() && !self.dry_run && session.ui.can_prompt() => {
                let name = taken_name(&error).unwrap_or_default();
                session.ui.status(format_args!("'{name}' exists already"));
                if session.ui.confirm_by_typing("replace it", name)? {
                    return self.try_store(plans, true, session);
                }
                Err(error)
            }
            result => result,
        }
    }

    fn try_store(&self, plans: Vec<Plan>, force: bool, session: &mut Session<'_>) -> Result<Vec<Stored>> {
        let store_all = |vault: &mut Vault| {
            let mut stored: Vec<Stored> = Vec::new();
            for plan in plans {
                // what came with the same source is never replaced
                let is_fresh = stored.iter().any(|stored| stored.account.name == plan.account.name);
                stored.push(plan.store(force && !is_fresh, vault)?);
            }
            Ok(stored)
        };
        if self.dry_run {
            let mut vault = session.load()?;
            session.unlock_all(&mut vault)?;
            return store_all(&mut vault);
        }
        session.update(store_all)
    }
}

impl Plan {
    fn store(self, force: bool, vault: &mut Vault) -> Result<Stored> {
        let Self { mut account, may_be_numbered, insists_on_label } = self;
        if may_be_numbered && !force {
            let Merged { account, outcome: how } = AccountMerger::new(vault).add(account);
            let outcome =
                if how == MergeOutcome::AlreadyPresent { Outcome::TrustState } else { Outcome::New };
            return Ok(Stored { account, outcome, further: None, lost_serial: None });
        }
        let there = vault.entries().find(|there| there.name == account.name).cloned();
        let lost_serial = there.as_ref().and_then(|there| {
            inherit_metadata(&mut account, there);
            there.label.serial.clone().filter(|_| account.label.serial.is_none())
        });
        let same = there.and_then(|there| there.account());
        let same = same.filter(|there| there.key.eq_ignoring_counter(&account.key));
        if let Some(there) = &same
            && (there.key == account.key || !force)
            && (there.label == account.label || !(force || insists_on_label))
        {
            return Ok(Stored {
                account: there.clone(),
                outcome: Outcome::TrustState,
                further: None,
                lost_serial: None,
            });
        }
        let is_new = !vault.has(&account.name);
        if is_new || !force {
            vault.insert(account.clone())?;
        } else {
            vault.replace(account.clone());
        }
        let outcome = if is_new { Outcome::New } else { Outcome::Replaced };
        let further =
            same.and_then(|there| there.key.counter()).filter(|&was| account.key.counter() < Some(was));
        Ok(Stored { account, outcome, further, lost_serial })
    }
}

/// Where an account takes the place of another: a source such as a bare key says nothing of what it is for
fn inherit_metadata(account: &mut Account, there: &Entry) {
    if account.tags.is_empty() {
        account.tags.clone_from(&there.tags);
    }
    let Label { issuer, account_name, serial } = &mut account.label;
    // whoever names another account says all of it, and that one has another device
    if !account_name.is_empty() && *account_name != there.label.account_name {
        return;
    }
    if serial.is_none() {
        serial.clone_from(&there.label.serial);
    }
    for (said, was) in [(issuer, &there.label.issuer), (account_name, &there.label.account_name)] {
        if said.is_empty() {
            said.clone_from(was);
        }
    }
}

/// A name, where neither the arguments nor the label give one
fn asked_name(session: &mut Session<'_>) -> Result<Name> {
    if !session.ui.can_prompt() {
        let failure = CommandError::usage("nothing says what the account shall be called");
        return Err(failure.hint("mfa add NAME SOURCE"));
    }
    parsed_name(&session.ui.ask("name of the account")?)
}

fn taken_name(error: &CommandError) -> Option<&str> {
    error.downcast_ref::<NameTaken>().map(|taken| taken.0.as_str())
}
