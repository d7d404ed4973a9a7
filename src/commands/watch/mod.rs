//! `mfa watch`: live view of all codes.
//!
//! - `accounts`: the accounts of the vault
//! - `state`: the filter and the selection
//! - `layout`, `styles`, `view`, `footer`, `help`: a frame, as a pure function of accounts, state, time and screen size
//! - `app`: the event loop, which reads the vault again when it changes

mod accounts;
mod app;
mod footer;
mod help;
mod layout;
mod state;
mod styles;
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
    /// Only accounts whose name, issuer or account name contains this
    filter: Option<String>,
}

impl Watch {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        require_screen(session)?;
        let clock = Session::clock(None)?;
        session.warn_about_clock(clock);
        // Prompt and warn before entering the alternate screen.
        let mut vault = session.load()?;
        session.unlock_all(&mut vault)?;
        session.warn_about_damaged(&vault);
        let coloured = session.ui.stdout_has_colour();
        let mut ui = Ui::buffered();
        let mut inner = session.with_ui(&mut ui);
        let filter = self.filter.clone().unwrap_or_default();
        let mut app = WatchApp::new(&mut inner, clock, &vault, filter)?;
        drop(vault);
        Ok(live::show(&mut app, coloured)?)
    }
}

/// Rejects streams and terminals that cannot show a live view.
fn require_screen(session: &Session<'_>) -> Result<()> {
    let message = if !session.ui.stdout_is_terminal() || !session.ui.stdin_is_terminal() {
        "a live view needs a terminal: stdin and stdout must not be redirected"
    } else if env::is_dumb_terminal() {
        "a live view needs a terminal that can move the cursor: TERM is 'dumb'"
    } else {
        return Ok(());
    };
    Err(CommandError::usage(message).hint("mfa list --codes"))
}
