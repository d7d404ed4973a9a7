//! `mfa lock`

use anyhow::Result;
use clap::Args;

use super::Context;
use crate::keystore::cache;

/// Forget the key that 'mfa unlock' keeps
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// The keys of all vaults of this user
    #[arg(long)]
    all: bool,
}

impl Lock {
    pub(super) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        let forgotten = if self.all {
            cache::forget_all()? > 0
        } else {
            match cx.vault.load(None)?.vault.head() {
                Some(head) => cache::forget(&head.id.to_base64())?,
                None => false,
            }
        };
        cx.ui.say(if forgotten { "locked" } else { "nothing was open" });
        Ok(())
    }
}
