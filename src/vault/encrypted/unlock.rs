//! Unlocking an encrypted vault, in full or one account only, and checking its MACs.

use crate::otp::{Account, Key, Name, Note, Secret};
use crate::vault::Vault;
use crate::vault::crypto::{AssociatedData, DataKey, DecryptError, TamperFinding, VaultHeader, VaultKeys};
use crate::vault::entry::{Entry, StoredSecret};
use crate::vault::record::{Problem, Record, RecordForm};

/// An account of an encrypted vault, with its secret
#[derive(Debug)]
pub(crate) struct UnlockedAccount {
    pub(crate) account: Account,
    /// The other accounts that were edited, if the user did not give this account's own name: one of them may have matched
    pub(crate) edited: Vec<TamperFinding>,
}

/// The reason why an account of an encrypted vault is not given
#[derive(Debug)]
pub(crate) enum AccountError {
    /// The file around the accounts was changed: no account can be trusted
    Tampered(Vec<TamperFinding>),
    /// The account itself was changed
    Unusable(Problem),
}

impl Vault {
    /// Returns the header of an encrypted vault, or `None` for a plain-text vault.
    pub(crate) fn header(&self) -> Option<&VaultHeader> {
        Some(&self.encryption.as_ref()?.header)
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.encryption.is_some()
    }

    pub(in crate::vault) fn hides_names(&self) -> bool {
        self.header().is_some_and(|header| header.hides_names)
    }

    pub(in crate::vault) fn record_form(&self) -> RecordForm {
        match self.header() {
            None => RecordForm::Plain,
            Some(header) if header.hides_names => RecordForm::HiddenName,
            Some(_) => RecordForm::Encrypted,
        }
    }

    pub(in crate::vault) fn keys(&self) -> Option<&VaultKeys> {
        self.encryption.as_ref()?.keys.as_ref()
    }

    /// Unlocks one account of an encrypted vault and checks no more than trust in it requires.
    ///
    /// Checks all accounts if `sought` is not the account's own name: an edited label of another account could make
    /// this one match. Returns `None` if the vault is not encrypted or has no such account.
    ///
    /// # Errors
    /// A file, or an account, that was changed without the key.
    pub(crate) fn unlock_account(
        &mut self,
        key: &DataKey,
        name: &Name,
        sought: &str,
    ) -> Result<Option<UnlockedAccount>, AccountError> {
        self.reveal_names(key);
        let Some((encryption, keys)) = self.encryption.as_ref().zip(self.keys()) else { return Ok(None) };
        let Some(record) = self.records.iter().find(|record| record.has_name(name)) else { return Ok(None) };
        let findings = keys.verify_file(&encryption.root);
        if !findings.is_empty() {
            return Err(AccountError::Tampered(findings));
        }
        if !keys.verify_record_of(&encryption.root, &record.key) {
            return Err(AccountError::Unusable(Problem::Edited));
        }
        let account = record
            .entry
            .clone()
            .and_then(|entry| decrypt_account(&entry, &record.key, keys))
            .map_err(AccountError::Unusable)?;
        let position = self.index_of_name(sought);
        let is_named = position.is_some_and(|position| self.records[position].key == record.key);
        let edited = if is_named { Vec::new() } else { keys.verify_records(&encryption.root) };
        Ok(Some(UnlockedAccount { account, edited }))
    }

    /// Decrypts all secrets of an encrypted vault and returns what was changed around its accounts.
    ///
    /// An account that was edited, or that cannot be decrypted, becomes unusable.
    pub(crate) fn unlock(&mut self, key: &DataKey) -> Vec<TamperFinding> {
        self.reveal_names(key);
        self.keys().cloned().map_or_else(Vec::new, |keys| self.unlock_with_keys(&keys, false))
    }

    /// Does the same as `unlock`, but an edited account that can be decrypted stays usable, and is a finding.
    pub(crate) fn unlock_edited(&mut self, key: &DataKey) -> Vec<TamperFinding> {
        self.reveal_names(key);
        self.keys().cloned().map_or_else(Vec::new, |keys| self.unlock_with_keys(&keys, true))
    }

    /// Unlocks with keys that are derived already; `accepts_edited` as in `unlock_edited`.
    pub(in crate::vault) fn unlock_with_keys(
        &mut self,
        keys: &VaultKeys,
        accepts_edited: bool,
    ) -> Vec<TamperFinding> {
        self.reveal_with_keys(keys);
        let Some(encryption) = &self.encryption else { return Vec::new() };
        for record in &mut self.records {
            let is_edited = !accepts_edited && !keys.verify_record_of(&encryption.root, &record.key);
            if let Ok(entry) = &mut record.entry {
                let unlocked =
                    if is_edited { Err(Problem::Edited) } else { decrypt(entry, &record.key, keys) };
                match unlocked {
                    Ok((secret, note)) => entry.secret = StoredSecret::Plain(secret, note),
                    Err(problem) => record.entry = Err(problem),
                }
            }
        }
        let mut findings = keys.verify_file(&encryption.root);
        if accepts_edited {
            findings.extend(keys.verify_records(&encryption.root));
        }
        findings.into_iter().map(|finding| self.with_name(finding)).collect()
    }

    /// Decrypts the names of a vault that hides them, and keeps its keys.
    pub(crate) fn reveal_names(&mut self, key: &DataKey) {
        if let Some(encryption) = &mut self.encryption {
            let keys = VaultKeys::derive(key, encryption.header.id);
            encryption.keys = Some(keys.clone());
            self.reveal_with_keys(&keys);
        }
    }

    /// Replaces the key of an edited record by the name of its account, if that was hidden.
    fn with_name(&self, finding: TamperFinding) -> TamperFinding {
        let TamperFinding::RecordEdited(key) = &finding else { return finding };
        match self.records.iter().find(|record| record.key == *key) {
            Some(record) => TamperFinding::RecordEdited(record.name().to_owned()),
            None => finding,
        }
    }

    fn reveal_with_keys(&mut self, keys: &VaultKeys) {
        self.read_unread(keys);
        let mut is_revealed = false;
        for record in &mut self.records {
            is_revealed |= record.reveal(keys);
        }
        if is_revealed {
            Record::reject_duplicate_names(&mut self.records);
            self.forget_names();
        }
    }
}

fn decrypt_account(entry: &Entry, record_key: &str, keys: &VaultKeys) -> Result<Account, Problem> {
    let (secret, note) = decrypt(entry, record_key, keys)?;
    Ok(Account {
        name: entry.name.clone(),
        label: entry.label.clone(),
        tags: entry.tags.clone(),
        note,
        key: Key::new(secret, entry.parameters),
    })
}

fn decrypt(entry: &Entry, record_key: &str, keys: &VaultKeys) -> Result<(Secret, Note), Problem> {
    match &entry.secret {
        StoredSecret::Plain(secret, note) => Ok((secret.clone(), note.clone())),
        StoredSecret::Encrypted(text) => {
            Ok(keys.decrypt_secret(text, &AssociatedData::new(record_key, entry.parameters))?)
        }
    }
}

impl From<DecryptError> for Problem {
    fn from(error: DecryptError) -> Self {
        Self::Encrypted(error)
    }
}
