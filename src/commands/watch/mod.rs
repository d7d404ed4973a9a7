//! `mfa watch`: the codes as they turn.
//!
//! - `accounts`: what of the vault is shown
//! - `state`: what has been typed and selected
//! - `layout`, `view`, `footer`, `help`: how all that looks at a time, on a screen of a size; nothing but a function of them
//! - `scene`: the three before the user, and the vault beneath them

mod accounts;
mod footer;
mod help;
mod layout;
mod scene;
mod state;
mod view;

use anyhow::Result;
use clap::Args;

use super::Context;
use crate::environment;
use crate::failure::Failure;
use crate::ui::{Ui, live};
use scene::Watching;

/// Live view of the codes with their countdown
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Only accounts whose name, issuer or account name holds this
    filter: Option<String>,
}

impl Watch {
    pub(super) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        refuse_without_screen(cx)?;
        let clock = Context::clock(None)?;
        cx.warn_of_clock(clock);
        // asks for a passphrase, and warns, before the screen is taken
        let mut vault = cx.load()?;
        cx.open(&mut vault)?;
        cx.warn_of_damaged(&vault);
        let coloured = cx.ui.colours_answers();
        let mut ui = Ui::withholding();
        let mut inner = cx.hand_on(&mut ui);
        let filter = self.filter.clone().unwrap_or_default();
        let mut watching = Watching::new(&mut inner, clock, &vault, filter)?;
        drop(vault);
        Ok(live::show(&mut watching, coloured)?)
    }
}

fn refuse_without_screen(cx: &Context<'_>) -> Result<(), Failure> {
    let message = if !cx.ui.answers_a_terminal() || !cx.ui.reads_a_terminal() {
        "a live view needs a terminal, to show it and to read the keys"
    } else if environment::is_dumb_terminal() {
        "a live view needs a terminal that can do more than 'dumb'"
    } else {
        return Ok(());
    };
    Err(Failure::usage(message).hint("mfa list --codes"))
}
