//! The accounts of a source that the user wants.

use crate::commands::add::args::Add;
use crate::error::{CommandError, Result};
use crate::formats::Found;
use crate::otp::Enrolment;
use crate::session::Session;
use crate::source::Source;

impl Add {
    /// Returns the account of `--pick`, all of them with `--all`, otherwise the only one.
    ///
    /// # Errors
    /// There is no account with that number, or the user has to pick one and cannot be prompted.
    pub(super) fn select(
        &self,
        mut found: Vec<Found>,
        source: &Source,
        session: &mut Session<'_>,
    ) -> Result<Vec<Enrolment>> {
        if !self.all {
            let index = match self.pick {
                Some(number) => index_of(number, found.len(), source)?,
                None => session.pick_one(&found, source, "--pick N stores one of them, --all stores all")?,
            };
            found = vec![found.swap_remove(index)];
        }
        Ok(found.into_iter().map(|found| session.report_warnings(found)).collect())
    }
}

fn index_of(number: usize, count: usize, source: &Source) -> Result<usize, CommandError> {
    if (1..=count).contains(&number) {
        return Ok(number - 1);
    }
    let holds = if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") };
    Err(CommandError::usage(format!(
        "there is no account {number} in {}, which holds {holds}",
        source.name()
    )))
}
