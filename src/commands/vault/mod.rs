//! `mfa vault`: commands that work on the vault file as a whole: its encryption, its keys, its integrity, other copies of it.

mod decrypt;
mod encrypt;
mod key_args;
mod key_list;
mod key_removal;
mod key_store;
mod keys;
mod merge;
mod passwd;
mod plain_copies;
mod rekey;
mod slot_summary;
mod verify;

use clap::Subcommand;

use crate::error::Result;
use crate::session::Session;

pub(super) use slot_summary::{summaries, summary};

/// The word for the key in the system's key store, instead of the number of a slot
const KEY_STORE: &str = "key-store";

/// Encrypt, check and merge the vault, and manage its keys
#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Passwd(passwd::Passwd),
    Keys(keys::Keys),
    Rekey(rekey::Rekey),
    Verify(verify::Verify),
    Merge(merge::Merge),
}

impl VaultCommand {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        match self {
            Self::Encrypt(encrypt) => encrypt.run(session),
            Self::Decrypt(decrypt) => decrypt.run(session),
            Self::Passwd(passwd) => passwd.run(session),
            Self::Keys(keys) => keys.run(session),
            Self::Rekey(rekey) => rekey.run(session),
            Self::Verify(verify) => verify.run(session),
            Self::Merge(merge) => merge.run(session),
        }
    }
}
