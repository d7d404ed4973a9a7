//! An open vault for the length of one command: locate, unlock, find, update.
//!
//! - `clock`: the time that a command computes for
//! - `load`, `find`: the vault, and the one account that the user means
//! - `unlock`: where a data key comes from, and in which order
//! - `trust`: whether an unlocked vault is the expected one
//! - `update`: changes
//! - `fresh_codes`, `hotp`: codes that must not be printed twice
//! - `source`: accounts that are not in the vault yet

mod clock;
mod find;
pub(crate) mod fresh_codes;
pub(crate) mod hotp;
mod load;
pub(crate) mod source;
mod trust;
pub(crate) mod unlock;
mod update;

use std::path::PathBuf;

use crate::ui::Ui;
use crate::vault::VaultFile;
use crate::vault::crypto::{DataKey, VaultId};

pub(crate) use find::AccountSelector;

/// The vault and the user, as every command works with them
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) vault: &'a VaultFile,
    pub(crate) ui: &'a mut Ui,
    /// The program's own definition, for the commands that describe it
    pub(crate) program: fn() -> clap::Command,
    /// Files with private keys, as the command line names them
    pub(crate) identity: &'a [PathBuf],
    /// The last data key that was used, and the vault it belongs to
    pub(crate) key: Option<(VaultId, DataKey)>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(vault: &'a VaultFile, ui: &'a mut Ui, identity: &'a [PathBuf]) -> Self {
        Self { vault, ui, program: clap::Command::default, identity, key: None }
    }

    pub(crate) fn with_program(self, program: fn() -> clap::Command) -> Self {
        Self { program, ..self }
    }
}

impl Session<'_> {
    /// Returns a session that uses `ui` and takes over the cached vault key.
    pub(crate) fn with_ui<'b>(&'b mut self, ui: &'b mut Ui) -> Session<'b> {
        let key = self.key.take();
        Session { vault: self.vault, ui, program: self.program, identity: self.identity, key }
    }
}
