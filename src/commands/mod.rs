//! The subcommands. One file holds one subcommand: its arguments and its work.

mod account_json;
mod add;
mod args;
mod code;
mod completions;
mod doctor;
mod edit;
mod export;
mod export_qr;
pub(crate) mod help;
mod import;
mod list;
mod lock;
mod man;
mod next_pair;
mod remove;
mod rename;
mod secret_file;
mod show;
mod status;
mod undo;
mod unlock;
mod vault;
mod verify;
mod watch;

use clap::{Args as _, Subcommand};

use crate::error::Result;
use crate::session::Session;

/// A subcommand with its arguments
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Code(code::Code),
    NextPair(next_pair::NextPair),
    Watch(watch::Watch),
    List(list::List),
    Verify(verify::Verify),
    Add(Box<add::Add>),
    Show(show::Show),
    Edit(edit::Edit),
    Rename(rename::Rename),
    Remove(remove::Remove),
    Undo(undo::Undo),
    Import(import::Import),
    Export(export::Export),
    ExportQr(export_qr::ExportQr),
    Unlock(unlock::Unlock),
    Lock(lock::Lock),
    Status(status::Status),
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Man(man::Man),
    #[command(name = "__complete", hide = true)]
    Complete(completions::Complete),
}

impl Command {
    /// Returns `code` with a name and no option.
    pub(crate) fn code_for(name: &str) -> Self {
        Self::Code(code::Code::for_name(name))
    }

    /// Returns the parser of `code` alone.
    pub(crate) fn code() -> clap::Command {
        code::Code::augment_args(clap::Command::new("code"))
    }

    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        match self {
            Self::Code(code) => code.run(session),
            Self::NextPair(next_pair) => next_pair.run(session),
            Self::Watch(watch) => watch.run(session),
            Self::List(list) => list.run(session),
            Self::Verify(verify) => verify.run(session),
            Self::Add(add) => add.run(session),
            Self::Show(show) => show.run(session),
            Self::Edit(edit) => edit.run(session),
            Self::Rename(rename) => rename.run(session),
            Self::Remove(remove) => remove.run(session),
            Self::Undo(undo) => undo.run(session),
            Self::Import(import) => import.run(session),
            Self::Export(export) => export.run(session),
            Self::ExportQr(export_qr) => export_qr.run(session),
            Self::Unlock(unlock) => unlock.run(session),
            Self::Lock(lock) => lock.run(session),
            Self::Status(status) => status.run(session),
            Self::Vault(vault) => vault.run(session),
            Self::Doctor(doctor) => doctor.run(session),
            Self::Completions(completions) => completions.run(session),
            Self::Man(man) => man.run(session),
            Self::Complete(complete) => complete.run(session),
        }
    }
}
