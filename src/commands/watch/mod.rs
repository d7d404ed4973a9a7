//! `mfa watch`: the codes as they turn.
//!
//! - `accounts`: what of the vault is shown
//! - `state`: what has been typed and selected
//! - `layout`, `view`, `footer`, `help`: how all that looks at a time, on a screen of a size; nothing but a function of them
//! - `scene`: the three before the user, and the vault beneath them

mod accounts;
mod app;
mod footer;
mod help;
mod layout;
mod state;
mod view;

use clap::Args;

use crate::error::{CommandError, Result};
use crate::platform::env;
use crate::session::Session;
use crate::ui::{Ui, live};
use app::WatchApp;

/// Live view of the codes with their countdown
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Only accounts whose name, issuer or account name holds this
    filter: Option<String>,
}

impl Watch {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        refuse_without_screen(session)?;
        let clock = Session::clock(None)?;
        session.warn_about_clock(clock);
        // asks for a passphrase, and warns, before the screen is taken
        let mut vault = session.load()?;
        session.unlock_all(&mut vault)?;
        session.warn_about_damaged(&vault);
        let coloured = session.ui.stdout_has_colour();
        let mut ui = Ui::buffered();
        let mut inner = session.with_ui(&mut ui);
        let filter = self.filter.clone().unwrap_or_default();
        let mut watching = WatchApp::new(&mut inner, clock, &vault, filter)?;
        drop(vault);
        Ok(live::show(&mut watching, coloured)?)
    }
}

fn refuse_without_screen(session: &Session<'_>) -> Result<()> {
    let message = if !session.ui.stdout_is_terminal() || !session.ui.stdin_is_terminal() {
        "a live view needs a terminal, to show it and to read the keys"
    } else if env::is_dumb_terminal() {
        "a live view needs a terminal that can do more than 'dumb'"
    } else {
        return Ok(());
    };
    Err(CommandError::usage(message).hint("mfa list --codes"))
}
