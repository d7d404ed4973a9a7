//! `mfa lock`

use clap::Args;

use crate::error::Result;
use crate::keyring::cache;
use crate::session::Session;

/// Forget the key that 'mfa unlock' keeps
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// The keys of all vaults of this user
    #[arg(long)]
    all: bool,
}

impl Lock {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let forgotten = if self.all { cache::forget_all()? > 0 } else { forget_one(session)? };
        session.ui.status(if forgotten { "locked" } else { "nothing was open" });
        Ok(())
    }
}

/// The vault that is there, and the one that was: damage to the file shall not keep the key in memory
fn forget_one(session: &Session<'_>) -> Result<bool> {
    let there = session.vault.load(None).ok().and_then(|loaded| Some(loaded.vault.header()?.id.to_base64()));
    let known = session.vault.pinned_state().map(|known| known.id().to_owned());
    let mut forgotten = false;
    for id in [there, known].into_iter().flatten() {
        forgotten |= cache::forget(&id)?;
    }
    Ok(forgotten)
}
