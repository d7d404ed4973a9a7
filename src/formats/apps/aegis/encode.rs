//! Writes backups that Aegis imports: tags become groups, and the note begins with the ARN of an MFA device.

use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::formats::crypto::gcm::GcmCiphertext;
use crate::formats::crypto::kdf;
use crate::formats::crypto::kdf_limits::Scrypt;
use crate::formats::export::{Base32, Export, Groups, SecretText, note_with_serial, random, render, uuid};
use crate::otp::{Account, Kind};

/// The costs that Aegis uses
const COSTS: Scrypt = Scrypt { log_n: 15, r: 8, p: 1 };

impl Export {
    /// Returns a plain-text backup of Aegis.
    pub(crate) fn aegis<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        let header = HeaderJson { slots: None, params: None };
        Self::complete(render(&BackupFile { version: 1, header, db: DatabaseJson::from_accounts(accounts) }))
    }

    /// Returns a backup of Aegis that is encrypted with a password.
    pub(crate) fn aegis_encrypted<'a>(
        accounts: impl IntoIterator<Item = &'a Account>,
        password: &str,
    ) -> Self {
        let master = Zeroizing::new(random::<32>());
        let content = GcmCiphertext::encrypt(
            &master,
            random(),
            render(&DatabaseJson::from_accounts(accounts)).as_bytes(),
        );
        let (ciphertext, tag) = content.split_tag();
        let params = GcmParams { nonce: HEXLOWER.encode(content.nonce()), tag: HEXLOWER.encode(tag) };
        let header = HeaderJson { slots: Some([SlotJson::new(&master, password)]), params: Some(params) };
        Self::complete(render(&BackupFile { version: 1, header, db: BASE64.encode(ciphertext) }))
    }
}

#[derive(Serialize)]
struct BackupFile<D> {
    version: u8,
    header: HeaderJson,
    db: D,
}

#[derive(Serialize)]
struct HeaderJson {
    slots: Option<[SlotJson; 1]>,
    params: Option<GcmParams>,
}

/// The master key, encrypted with the password
#[derive(Serialize)]
struct SlotJson {
    #[serde(rename = "type")]
    kind: u8,
    uuid: String,
    key: String,
    key_params: GcmParams,
    n: u32,
    r: u32,
    p: u32,
    salt: String,
    repaired: bool,
    is_backup: bool,
}

#[derive(Serialize)]
struct GcmParams {
    nonce: String,
    tag: String,
}

#[derive(Serialize)]
struct DatabaseJson<'a> {
    version: u8,
    entries: Vec<Entry<'a>>,
    groups: Vec<Group<'a>>,
    icons_optimized: bool,
}

#[derive(Serialize)]
struct Group<'a> {
    uuid: String,
    name: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    uuid: String,
    name: &'a str,
    issuer: &'a str,
    note: SecretText,
    favorite: bool,
    icon: Option<&'a str>,
    info: Info<'a>,
    groups: Vec<String>,
}

#[derive(Serialize)]
struct Info<'a> {
    secret: Base32<'a>,
    algo: &'static str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
}

impl SlotJson {
    fn new(master: &[u8; 32], password: &str) -> Self {
        let salt = random::<32>();
        let key = kdf::scrypt(COSTS, password, &salt).expect("the costs are within the limits");
        let encrypted = GcmCiphertext::encrypt(&key, random(), master);
        let (ciphertext, tag) = encrypted.split_tag();
        Self {
            kind: 1,
            uuid: uuid(),
            key: HEXLOWER.encode(ciphertext),
            key_params: GcmParams { nonce: HEXLOWER.encode(encrypted.nonce()), tag: HEXLOWER.encode(tag) },
            n: 1 << COSTS.log_n,
            r: COSTS.r,
            p: COSTS.p,
            salt: HEXLOWER.encode(&salt),
            repaired: true,
            is_backup: false,
        }
    }
}

impl<'a> DatabaseJson<'a> {
    fn from_accounts(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        let mut groups = Groups::default();
        let entries = accounts.into_iter().map(|account| Entry::new(account, &mut groups)).collect();
        let groups = groups.iter().map(|(uuid, name)| Group { uuid: uuid.to_owned(), name }).collect();
        Self { version: 3, entries, groups, icons_optimized: true }
    }
}

impl<'a> Entry<'a> {
    fn new(account: &'a Account, groups: &mut Groups<'a>) -> Self {
        let parameters = account.key.parameters();
        let counter = match parameters.kind() {
            Kind::Hotp { counter } => Some(counter),
            Kind::Totp { .. } | Kind::Steam => None,
        };
        Self {
            kind: parameters.kind().as_str(),
            uuid: uuid(),
            name: &account.label.account_name,
            issuer: &account.label.issuer,
            note: SecretText(note_with_serial(account)),
            favorite: false,
            icon: None,
            info: Info {
                secret: Base32(&account.key),
                algo: parameters.algorithm().as_str(),
                digits: parameters.digits(),
                period: parameters.period(),
                counter,
            },
            groups: account.tags.iter().map(|tag| groups.id(tag)).collect(),
        }
    }
}
