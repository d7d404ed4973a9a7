//! A vault whose secrets are sealed: opening it, and changing how it is sealed.

use toml::Table;

use crate::otp::{Account, Key, Name};
use crate::vault::crypto::{
    AssociatedData, DataKey, KeySlot, SecretDecryptError, TamperFinding, VaultHeader, VaultKeys,
};
use crate::vault::entry::StoredSecret;
use crate::vault::{Change, TrustState, Vault};

/// What a sealed vault has beside its records
#[derive(Debug)]
pub(super) struct EncryptedVault {
    pub(super) head: VaultHeader,
    /// The file as it was read: the keyed tags are over it
    root: Table,
    /// Once it is unlocked
    pub(super) keys: Option<VaultKeys>,
}

/// Two are the same if their files say the same
impl PartialEq for EncryptedVault {
    fn eq(&self, other: &Self) -> bool {
        (&self.head, &self.root) == (&other.head, &other.root)
    }
}

impl EncryptedVault {
    pub(super) fn new(head: VaultHeader, root: Table) -> Self {
        Self { head, root, keys: None }
    }
}

/// An account out of a sealed vault
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) account: Account,
    /// Whether it was sought by its own name
    pub(crate) is_named: bool,
    /// What around it is not as it was signed; looked for only where the quick check fails
    pub(crate) findings: Vec<TamperFinding>,
}

impl Vault {
    /// What opens the vault; none where its secrets are not sealed
    pub(crate) fn head(&self) -> Option<&VaultHeader> {
        Some(&self.sealed.as_ref()?.head)
    }

    pub(crate) fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }

    /// Which data key the vault was unlocked with, without telling it
    fn fingerprint(&self) -> Option<String> {
        self.keys().map(VaultKeys::fingerprint)
    }

    /// What this machine shall remember of the vault; none where it is not unlocked
    pub(super) fn known(&self) -> Option<TrustState> {
        let (head, fingerprint) = (self.head()?, self.fingerprint()?);
        Some(TrustState::new(head.id.to_base64(), fingerprint, head.generation))
    }

    /// Makes an older vault the one after a later one: the generation goes on, and so do the counters, since a code of HOTP
    /// is never handed out twice. The accounts that have another counter now.
    pub(super) fn supersede(&mut self, last: &Self) -> Vec<Name> {
        let generation = last.head().map_or(0, |head| head.generation);
        if let Some(sealed) = &mut self.sealed {
            sealed.head.generation = sealed.head.generation.max(generation) + 1;
            self.changes.push(Change::Sign);
        }
        let further: Vec<Account> =
            self.accounts().filter_map(|account| last.with_newer_counter(account, self)).collect();
        let names = further.iter().map(|account| account.name.clone()).collect();
        for account in further {
            self.replace(account);
        }
        names
    }

    /// An account of HOTP of another vault with the counter that it has here, if that is further on: under its name, else
    /// under one that the other vault does not have, since it was renamed
    fn with_newer_counter(&self, account: Account, other: &Self) -> Option<Account> {
        let counter = account.key.counter()?;
        let same: Vec<Account> =
            self.accounts().filter(|here| here.key.eq_ignoring_counter(&account.key)).collect();
        let keys: Vec<&Key> = match same.iter().find(|here| here.name == account.name) {
            Some(here) => vec![&here.key],
            None => same.iter().filter(|here| !other.has(&here.name)).map(|here| &here.key).collect(),
        };
        let furthest = keys.into_iter().max_by_key(|key| key.counter())?.clone();
        (furthest.counter() > Some(counter)).then_some(Account { key: furthest, ..account })
    }

    /// Makes an older copy that is put back, or taken as it is, no older than what was here: those between would else be
    /// taken for later ones
    pub(super) fn raise_generation_to(&mut self, known: &TrustState) {
        if let Some(sealed) = &mut self.sealed
            && known.id() == sealed.head.id.to_base64()
        {
            sealed.head.generation = sealed.head.generation.max(known.generation());
        }
    }

    /// A change makes the next generation
    pub(super) fn bump_generation(&mut self) {
        if let Some(sealed) = &mut self.sealed {
            sealed.head.generation += 1;
        }
    }

    pub(super) fn keys(&self) -> Option<&VaultKeys> {
        self.sealed.as_ref()?.keys.as_ref()
    }

    /// Opens one account of a sealed vault, and looks no further than is needed to trust it: at all accounts where it was not
    /// `sought` by its own name, since an edited label of another makes a different one fit.
    ///
    /// # Errors
    /// A secret that does not belong to this entry as it stands.
    pub(crate) fn open_one(
        &mut self,
        key: &DataKey,
        name: &Name,
        sought: &str,
    ) -> Result<Option<Opened>, SecretDecryptError> {
        self.derive_keys(key);
        let Some((sealed, keys)) = self.sealed.as_ref().zip(self.keys()) else { return Ok(None) };
        let Some(record) = self.records.iter().find(|record| record.has_name(name)) else { return Ok(None) };
        let Ok(entry) = &record.entry else { return Ok(None) };
        let secret = match &entry.secret {
            StoredSecret::Plain(secret) => secret.clone(),
            StoredSecret::Encrypted(text) => {
                keys.decrypt_secret(text, &AssociatedData::new(&record.key, entry.parameters))?
            }
        };
        let account = Account {
            name: entry.name.clone(),
            label: entry.label.clone(),
            tags: entry.tags.clone(),
            key: Key::new(secret, entry.parameters),
        };
        let is_named =
            self.index_of_name(sought).is_some_and(|position| self.records[position].key == record.key);
        let is_sound = is_named && keys.verifies_entry(&sealed.root, &record.key);
        let findings = if is_sound { Vec::new() } else { keys.verify(&sealed.root) };
        Ok(Some(Opened { account, is_named, findings }))
    }

    /// Opens all accounts of a sealed vault that open, and tells everything that is not as it was signed.
    pub(crate) fn unlock(&mut self, key: &DataKey) -> Vec<TamperFinding> {
        self.derive_keys(key);
        self.keys().cloned().map_or_else(Vec::new, |keys| self.open(&keys))
    }

    /// As `unlock`, with keys that are derived already
    pub(super) fn open(&mut self, keys: &VaultKeys) -> Vec<TamperFinding> {
        for record in &mut self.records {
            if let Ok(entry) = &mut record.entry
                && let StoredSecret::Encrypted(text) = &entry.secret
                && let Ok(secret) =
                    keys.decrypt_secret(text, &AssociatedData::new(&record.key, entry.parameters))
            {
                entry.secret = StoredSecret::Plain(secret);
            }
        }
        self.sealed.as_ref().map_or_else(Vec::new, |sealed| keys.verify(&sealed.root))
    }

    /// Whether an account may be of another time than it was signed at, though it opens
    pub(crate) fn may_contain_old_entries(&self) -> bool {
        self.sealed
            .as_ref()
            .zip(self.keys())
            .is_some_and(|(sealed, keys)| keys.may_contain_old_entries(&sealed.root))
    }

    /// Seals the vault, plain or unlocked, with a key and for slots of its own.
    pub(crate) fn seal(&mut self, key: &DataKey, head: VaultHeader) {
        let keys = Some(VaultKeys::derive(key, head.id));
        self.sealed = Some(Box::new(EncryptedVault { head, root: Table::new(), keys }));
        self.changes.push(Change::Seal);
    }

    /// Makes an unlocked vault a plain one.
    pub(crate) fn unseal(&mut self) {
        self.sealed = None;
        self.changes.push(Change::Unseal);
    }

    /// Lets other slots open an unlocked vault.
    pub(crate) fn set_slots(&mut self, slots: Vec<KeySlot>) {
        if let Some(sealed) = &mut self.sealed {
            sealed.head.slots = slots;
            self.changes.push(Change::Slots);
        }
    }

    /// Notes for whom the vault is encrypted as a whole; for nobody where it is for a passphrase, or no longer is.
    pub(crate) fn set_recipients(&mut self, recipients: Vec<String>) {
        self.changes.push(Change::Recipients(recipients));
    }

    /// Signs an unlocked vault as it stands.
    pub(crate) fn accept(&mut self) {
        self.changes.push(Change::Sign);
    }

    fn derive_keys(&mut self, key: &DataKey) {
        if let Some(sealed) = &mut self.sealed {
            sealed.keys = Some(VaultKeys::derive(key, sealed.head.id));
        }
    }
}
