//! `mfa add`: stores accounts from a QR image, an otpauth URI, or a typed or piped secret key.
//!
//! - `args`: the arguments, and the name and the source that they give
//! - `selection`: the accounts of the source that the user wants
//! - `options`: the fields that options override, and the check of a code
//! - `store`: accounts into the vault
//! - `report`: the outcome

mod args;
mod options;
mod report;
mod selection;
mod store;

use crate::error::Result;
use crate::otp::Name;
use crate::session::Session;

pub(super) use args::Add;

use store::name_accounts;

impl Add {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let (name, source) = self.name_and_source()?;
        let note = self.read_note(&source, session)?;
        let source = session.prompt_if_terminal(source, &secret_question(name.as_ref()))?;
        let found = session.read_source(&source)?;
        let enrolments = self.select(found, &source, session)?;
        let enrolments = enrolments
            .into_iter()
            .map(|e| self.apply_options(e, note.as_ref()))
            .collect::<Result<Vec<_>>>()?;
        for enrolment in &enrolments {
            self.verify_code(&enrolment.key)?;
        }
        let accounts = name_accounts(name.as_ref(), enrolments, session)?;
        let stored = self.store(&accounts, session)?;
        self.report(&stored, &source, session)
    }
}

fn secret_question(name: Option<&Name>) -> String {
    match name {
        Some(name) => format!("secret key or otpauth URI of '{name}'"),
        None => "secret key or otpauth URI".to_owned(),
    }
}
