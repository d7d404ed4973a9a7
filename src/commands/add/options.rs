//! Applies the options of `add` to the accounts that were read.

use crate::commands::add::args::Add;
use crate::commands::args::ungroup_code;
use crate::error::{CommandError, ExitCode, Result};
use crate::otp::{Enrolment, Key, Kind, Label, Note, Parameters, clean_tags};
use crate::session::Session;
use crate::source::Source;

/// Steps before and after the current one in which a code from another device counts
const VERIFY_WINDOW: u64 = 1;

impl Add {
    /// Returns the note of the option, which may read it from stdin.
    ///
    /// # Errors
    /// The account comes from stdin, too; the errors of [`NoteArg::read`].
    ///
    /// [`NoteArg::read`]: crate::commands::args::NoteArg::read
    pub(super) fn read_note(&self, source: &Source, session: &mut Session<'_>) -> Result<Option<Note>> {
        let Some(note) = &self.note else { return Ok(None) };
        if note.is_stdin() && *source == Source::Stdin {
            let message = "stdin cannot give both the account and the note";
            return Err(CommandError::usage(message).hint("mfa add NAME FILE --note -"));
        }
        note.read(session).map(Some)
    }

    /// Returns the account with the fields that the options give.
    ///
    /// # Errors
    /// An option does not fit the type of the account.
    pub(super) fn apply_options(&self, enrolment: Enrolment, note: Option<&Note>) -> Result<Enrolment> {
        let Enrolment { label, tags: read, note: read_note, key } = enrolment;
        let note = note.cloned().unwrap_or(read_note);
        let parameters = self.parameters(key.parameters())?;
        let label = Label {
            issuer: self.issuer.clone().unwrap_or(label.issuer),
            account_name: self.account.clone().unwrap_or(label.account_name),
            serial: self.serial.clone().or(label.serial),
        };
        let tags = clean_tags(read.iter().chain(&self.tag));
        Ok(Enrolment { label, tags, note, key: Key::new(key.secret().clone(), parameters) })
    }

    /// An HOTP account has no period, and a Steam account no choices.
    fn parameters(&self, read: Parameters) -> Result<Parameters> {
        let algorithm = self.algorithm.unwrap_or(read.algorithm());
        let digits = self.digits.unwrap_or(read.digits());
        let is_unchanged = self.algorithm.is_none() && self.digits.is_none();
        match read.kind() {
            Kind::Totp { period } => Ok(Parameters::new(algorithm, digits, self.period.unwrap_or(period))?),
            Kind::Hotp { counter } if self.period.is_none() => {
                Ok(Parameters::hotp(algorithm, digits, counter)?)
            }
            Kind::Steam if self.period.is_none() && is_unchanged => Ok(read),
            kind => {
                let message = format!("an account of type '{}' does not take these options", kind.as_str());
                Err(CommandError::usage(message))
            }
        }
    }

    /// Checks the code of `--verify`.
    ///
    /// # Errors
    /// The key does not give that code at this time.
    pub(super) fn verify_code(&self, key: &Key) -> Result<()> {
        let Some(code) = &self.verify else { return Ok(()) };
        let typed = ungroup_code(code);
        let step = key.step_at(Session::clock(None)?.now()?);
        let mut window = step.saturating_sub(VERIFY_WINDOW)..=step.saturating_add(VERIFY_WINDOW);
        if window.any(|step| key.code_of_step(step).digits == *typed) {
            return Ok(());
        }
        Err(CommandError::new(ExitCode::Mismatch, "the code does not match; nothing was stored")
            .hint("check that it is the account's current code, and the clock of this machine"))
    }
}
