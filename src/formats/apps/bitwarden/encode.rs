//! Writes plain-text exports that Bitwarden and Bitwarden Authenticator import.

use serde::Serialize;
use zeroize::Zeroizing;

use super::FORMAT;
use crate::formats::export::{Export, ExportLimitation, Groups, SecretText, note_with_serial, render, uuid};
use crate::otp::{Account, Kind, Label, Note};

/// Bytes of name, user name and `totp` each: padded to 43 blocks of AES, with nonce and MAC in Base64, they take the 1000
/// characters that the server accepts
const MAX_BYTES: usize = 687;

/// Bytes of the notes: padded to 465 blocks, they take the 10,000 characters that the server accepts
const MAX_NOTE_BYTES: usize = 7439;

impl Export {
    /// Returns a plain-text export of Bitwarden.
    pub(crate) fn bitwarden<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        let (mut items, mut folders) = (Vec::new(), Groups::default());
        let (mut left_out, mut reduced) = (Vec::new(), Vec::new());
        for account in accounts {
            match TotpField::new(account) {
                Err(limitation) => left_out.push((account.name.clone(), limitation)),
                Ok(totp) => {
                    reduced.extend(
                        limitations(account, &totp).map(|limitation| (account.name.clone(), limitation)),
                    );
                    items.push(ItemJson::new(account, totp, &mut folders));
                }
            }
        }
        let folders = folders.iter().map(|(id, name)| FolderJson { id, name }).collect();
        Self { text: render(&ExportJson { encrypted: false, folders, items }), left_out, reduced }
    }
}

/// Returns the parts of an account that Bitwarden cannot hold.
fn limitations(account: &Account, totp: &TotpField) -> impl Iterator<Item = ExportLimitation> {
    let tags = match &account.tags[..] {
        [kept, _, ..] => {
            Some(ExportLimitation::Tags { app: FORMAT.app, place: "folder", kept: kept.clone() })
        }
        _ => None,
    };
    let issuer =
        (account.label.issuer.is_empty() && !totp.has_names).then_some(ExportLimitation::Issuer(FORMAT.app));
    let note = (note_with_serial(account).len() > MAX_NOTE_BYTES).then_some(ExportLimitation::NoteLength);
    tags.into_iter().chain(issuer).chain(note)
}

/// Returns the notes of an item, without the account's own note if that is too long.
fn notes(account: &Account) -> Zeroizing<String> {
    let notes = note_with_serial(account);
    if notes.len() <= MAX_NOTE_BYTES {
        return notes;
    }
    note_with_serial(&Account { note: Note::default(), ..account.clone() })
}

/// The `totp` of an item
struct TotpField {
    text: Zeroizing<String>,
    /// True if it names the account; otherwise the item must
    has_names: bool,
}

impl TotpField {
    /// Writes a URI, without names if they would make it too long. Steam codes get a `steam://` URI: Bitwarden does not
    /// know the type `steam`.
    fn new(account: &Account) -> Result<Self, ExportLimitation> {
        let Label { issuer, account_name, .. } = &account.label;
        let has_names = !(issuer.is_empty() && account_name.is_empty());
        let named = match account.key.parameters().kind() {
            Kind::Hotp { .. } => return Err(ExportLimitation::Hotp(FORMAT.app)),
            Kind::Steam => {
                let text = Zeroizing::new(format!("steam://{}", *account.key.secret().to_base32()));
                Self { text, has_names: false }
            }
            Kind::Totp { .. } => Self { text: account.to_uri(), has_names },
        };
        let totp = if named.text.len() > MAX_BYTES { Self::without_names(account) } else { named };
        let fits = [&*totp.text, issuer, account_name].iter().all(|text| text.len() <= MAX_BYTES);
        if fits { Ok(totp) } else { Err(ExportLimitation::TooLong) }
    }

    fn without_names(account: &Account) -> Self {
        let nameless = Account { label: Label::default(), ..account.clone() };
        Self { text: nameless.to_uri(), has_names: false }
    }
}

#[derive(Serialize)]
struct ExportJson<'a> {
    encrypted: bool,
    folders: Vec<FolderJson<'a>>,
    items: Vec<ItemJson<'a>>,
}

#[derive(Serialize)]
struct FolderJson<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemJson<'a> {
    id: String,
    organization_id: Option<&'a str>,
    folder_id: Option<String>,
    collection_ids: Option<&'a str>,
    #[serde(rename = "type")]
    kind: u8,
    reprompt: u8,
    name: &'a str,
    notes: Option<SecretText>,
    favorite: bool,
    login: LoginJson<'a>,
}

#[derive(Serialize)]
struct LoginJson<'a> {
    uris: [&'a str; 0],
    username: Option<&'a str>,
    password: Option<&'a str>,
    totp: SecretText,
}

impl<'a> ItemJson<'a> {
    fn new(account: &'a Account, totp: TotpField, folders: &mut Groups<'a>) -> Self {
        let Label { issuer, account_name, .. } = &account.label;
        Self {
            id: uuid(),
            organization_id: None,
            folder_id: account.tags.first().map(|tag| folders.id(tag)),
            collection_ids: None,
            kind: 1,
            reprompt: 0,
            name: if issuer.is_empty() { account.name.as_str() } else { issuer },
            notes: Some(notes(account)).filter(|text| !text.is_empty()).map(SecretText),
            favorite: false,
            login: LoginJson {
                uris: [],
                username: Some(account_name.as_str()).filter(|name| !name.is_empty()),
                password: None,
                totp: SecretText(totp.text),
            },
        }
    }
}
