//! One file, one subcommand: its arguments and what it does.

mod add;
mod code;
mod completions;
mod context;
mod counter;
mod decrypt;
mod doctor;
mod edit;
mod encrypt;
mod export;
mod export_qr;
mod fresh;
pub(crate) mod help;
mod import;
mod intake;
mod leftover;
mod list;
mod lock;
mod locks;
mod man;
mod merge;
mod next_pair;
mod options;
mod output;
mod passwd;
mod rekey;
mod remove;
mod rename;
mod row;
mod show;
mod slots;
mod undo;
mod unlock;
mod unlocking;
mod verify;
mod verify_vault;
mod watch;

use anyhow::Result;
use clap::{Args as _, Subcommand};

pub(crate) use context::Context;

/// What `mfa` can do
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Box<add::Add>),
    Code(code::Code),
    NextPair(next_pair::NextPair),
    List(list::List),
    Watch(watch::Watch),
    ExportQr(export_qr::ExportQr),
    Import(import::Import),
    Export(export::Export),
    Verify(verify::Verify),
    Show(show::Show),
    Edit(edit::Edit),
    Rename(rename::Rename),
    Remove(remove::Remove),
    Undo(undo::Undo),
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Unlock(unlock::Unlock),
    Lock(lock::Lock),
    Passwd(passwd::Passwd),
    Slots(slots::Slots),
    Rekey(rekey::Rekey),
    VerifyVault(verify_vault::VerifyVault),
    Merge(merge::Merge),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Man(man::Man),
    #[command(name = "__complete", hide = true)]
    Complete(completions::Complete),
}

impl Command {
    /// `code` with a name and no option
    pub(crate) fn code_of(name: &str) -> Self {
        Self::Code(code::Code::of(name))
    }

    /// The parser of `code` alone
    pub(crate) fn code() -> clap::Command {
        code::Code::augment_args(clap::Command::new("code"))
    }

    pub(crate) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        match self {
            Self::Add(add) => add.run(cx),
            Self::Code(code) => code.run(cx),
            Self::NextPair(next_pair) => next_pair.run(cx),
            Self::List(list) => list.run(cx),
            Self::Watch(watch) => watch.run(cx),
            Self::ExportQr(export_qr) => export_qr.run(cx),
            Self::Import(import) => import.run(cx),
            Self::Export(export) => export.run(cx),
            Self::Verify(verify) => verify.run(cx),
            Self::Show(show) => show.run(cx),
            Self::Edit(edit) => edit.run(cx),
            Self::Rename(rename) => rename.run(cx),
            Self::Remove(remove) => remove.run(cx),
            Self::Undo(undo) => undo.run(cx),
            Self::Encrypt(encrypt) => encrypt.run(cx),
            Self::Decrypt(decrypt) => decrypt.run(cx),
            Self::Unlock(unlock) => unlock.run(cx),
            Self::Lock(lock) => lock.run(cx),
            Self::Passwd(passwd) => passwd.run(cx),
            Self::Slots(slots) => slots.run(cx),
            Self::Rekey(rekey) => rekey.run(cx),
            Self::VerifyVault(verify) => verify.run(cx),
            Self::Merge(merge) => merge.run(cx),
            Self::Doctor(doctor) => doctor.run(cx),
            Self::Completions(completions) => completions.run(cx),
            Self::Man(man) => man.run(cx),
            Self::Complete(complete) => complete.run(cx),
        }
    }
}
