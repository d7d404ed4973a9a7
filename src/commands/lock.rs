//! `mfa lock`

use clap::Args;

use crate::error::Result;
use crate::keyring::cache;
use crate::session::Session;

/// Forget the key that 'mfa unlock' keeps
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// Forget the keys of all vaults of this user
    #[arg(long)]
    all: bool,
}

impl Lock {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let has_forgotten = if self.all { cache::forget_all()? > 0 } else { forget_key(session)? };
        session.ui.status(if has_forgotten { "locked" } else { "already locked" });
        Ok(())
    }
}

/// Forgets the key of this vault, and returns whether one was kept.
///
/// Uses the id in the file and the pinned one: a damaged file must not keep the key in memory.
fn forget_key(session: &Session<'_>) -> Result<bool> {
    let found = session.vault.load().ok().and_then(|loaded| Some(loaded.vault.header()?.id.to_base64()));
    let pinned = session.vault.known_state().map(|pinned| pinned.id().to_owned());
    let mut has_forgotten = false;
    for id in [found, pinned].into_iter().flatten() {
        has_forgotten |= cache::forget(&id)?;
    }
    Ok(has_forgotten)
}
