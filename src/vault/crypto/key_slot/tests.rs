//! Key slots of each kind, with right and wrong credentials.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use age::NoCallbacks;
use age::secrecy::{ExposeSecret, SecretString};
use proptest::prelude::*;

use super::super::age_file::{Identities, Recipients, WORK_FACTOR};
use super::*;

const PASSPHRASE: EncryptFor<'_> = EncryptFor::Passphrase { passphrase: "correct horse", work_factor: 4 };
const RIGHT: DecryptWith<'_> = DecryptWith::Passphrase("correct horse");

fn vault() -> (VaultId, DataKey) {
    (VaultId::from_base64("AAECAwQFBgcICQoLDA0ODw==").unwrap(), DataKey::from_bytes(&[7; 32]).unwrap())
}

fn opened(slot: &KeySlot, credential: &DecryptWith<'_>) -> Result<[u8; 32], AgeError> {
    slot.open(vault().0, credential).map(|key| *key.expose())
}

/// Generates a key pair: the identity and its recipient.
fn generate_pair() -> (String, String) {
    let identity = age::x25519::Identity::generate();
    (identity.to_string().expose_secret().to_owned(), identity.to_public().to_string())
}

fn identities(text: &str) -> Identities {
    let mut identities = Identities::default();
    identities.add(text, &NoCallbacks).unwrap();
    identities
}

fn recipients(texts: &[&str]) -> Recipients {
    let mut recipients = Recipients::default();
    for text in texts {
        recipients.add(text, &NoCallbacks).unwrap();
    }
    recipients
}

#[test]
fn only_its_passphrase_opens_a_slot() {
    let (id, key) = vault();
    let slot = KeySlot::wrap(id, &key, &PASSPHRASE).unwrap();
    assert_eq!(slot.kind, SlotKind::Passphrase);
    assert_eq!(opened(&slot, &RIGHT), Ok([7; 32]));
    for wrong in ["", "correct horse ", "Correct horse"] {
        assert_eq!(
            opened(&slot, &DecryptWith::Passphrase(wrong)),
            Err(AgeError::WrongPassphrase),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_slot_demands_its_work_factor() {
    let (id, key) = vault();
    let encrypt_for = EncryptFor::Passphrase { passphrase: "x", work_factor: WORK_FACTOR };
    let slot = KeySlot::wrap(id, &key, &encrypt_for).unwrap();
    let armor: String = slot.data.lines().filter(|line| !line.starts_with('-')).collect();
    let file = base64::decode(&armor).unwrap();
    let header = String::from_utf8_lossy(&file);
    let stanza = header.lines().find(|line| line.starts_with("-> scrypt ")).unwrap();
    assert_eq!(stanza.split(' ').next_back(), Some(WORK_FACTOR.to_string().as_str()));
}

#[test]
fn each_recipient_opens_the_slot() {
    let (id, key) = vault();
    let ((one, one_public), (other, other_public), (third, _)) =
        (generate_pair(), generate_pair(), generate_pair());
    let recipients = recipients(&[&one_public, &other_public]);
    let slot = KeySlot::wrap(id, &key, &EncryptFor::Recipients(&recipients)).unwrap();
    assert_eq!(slot.kind, SlotKind::Recipients);
    for text in [&one, &other] {
        assert_eq!(opened(&slot, &DecryptWith::Identities(&identities(text))), Ok([7; 32]));
    }
    assert_eq!(
        opened(&slot, &DecryptWith::Identities(&identities(&third))),
        Err(AgeError::NoMatchingIdentity)
    );
    assert_eq!(
        opened(&slot, &DecryptWith::Identities(&Identities::default())),
        Err(AgeError::NoMatchingIdentity)
    );
}

#[test]
fn a_slot_rejects_the_other_kind_of_credential() {
    let (id, key) = vault();
    let (secret, public) = generate_pair();
    let mut passphrase = KeySlot::wrap(id, &key, &PASSPHRASE).unwrap();
    let mut keys = KeySlot::wrap(id, &key, &EncryptFor::Recipients(&recipients(&[&public]))).unwrap();
    for source in ["its kind", "its age file"] {
        let identities = identities(&secret);
        assert_eq!(
            opened(&passphrase, &DecryptWith::Identities(&identities)),
            Err(AgeError::NeedsPassphrase),
            "{source}"
        );
        assert_eq!(opened(&keys, &RIGHT), Err(AgeError::NeedsIdentity), "{source}");
        std::mem::swap(&mut passphrase.kind, &mut keys.kind);
        std::mem::swap(&mut passphrase, &mut keys);
    }
    passphrase.kind = SlotKind::Unknown("moon".to_owned());
    assert_eq!(opened(&passphrase, &RIGHT), Err(AgeError::Unsupported));
    assert_eq!(
        KeySlot::wrap(id, &key, &EncryptFor::Recipients(&Recipients::default())),
        Err(AgeError::NoRecipients)
    );
}

#[test]
fn a_slot_of_another_vault_is_rejected() {
    let (_, key) = vault();
    let slot = KeySlot::wrap(VaultId::generate(), &key, &PASSPHRASE).unwrap();
    assert_eq!(opened(&slot, &RIGHT), Err(AgeError::WrongVault));
}

#[test]
fn an_age_file_with_other_content_is_not_a_data_key() {
    let (id, _) = vault();
    let key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let vault = id.to_base64();
    for payload in [
        String::new(),
        key.to_owned(),
        format!("mfa-vault-key-2 {vault} {key}\n"),
        format!("mfa-vault-key-3 {vault} {key} \n"),
        format!("mfa-vault-key-3 {vault} {}\n", &key[1..]),
        format!("mfa-vault-key-3 {vault}\n{key}"),
    ] {
        let data = encrypt_age_file(payload.as_bytes(), &PASSPHRASE).unwrap();
        let slot = KeySlot { kind: SlotKind::Passphrase, label: None, added: None, data, check: None };
        assert_eq!(opened(&slot, &RIGHT), Err(AgeError::NotADataKey), "{payload:?}");
    }
}

#[test]
fn other_line_endings_are_not_damage() {
    let (id, key) = vault();
    let mut slot = KeySlot::wrap(id, &key, &PASSPHRASE).unwrap();
    slot.data = slot.data.replace('\n', "\r\n");
    assert_eq!(opened(&slot, &RIGHT), Ok([7; 32]));
}

/// Answers each request for a passphrase with the same one, and counts the requests.
#[derive(Clone, Default)]
struct FixedPassphrase {
    passphrase: &'static str,
    asked: Arc<AtomicUsize>,
}

impl age::Callbacks for FixedPassphrase {
    fn display_message(&self, _: &str) {}

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        None
    }

    fn request_public_string(&self, _: &str) -> Option<String> {
        None
    }

    fn request_passphrase(&self, _: &str) -> Option<SecretString> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Some(self.passphrase.into())
    }
}

/// Generates an SSH key, private and public, with `ssh-keygen`.
fn ssh_key(kind: &str, bits: &str, passphrase: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", kind, "-b", bits, "-N", passphrase, "-f"]).arg(&file);
    assert!(command.status().expect("ssh-keygen starts").success());
    let read = |file: &Path| std::fs::read_to_string(file).unwrap();
    (read(&file), read(&file.with_extension("pub")))
}

#[test]
#[ignore = "needs ssh-keygen: .ci/run installs it"]
fn ssh_keys_of_ssh_keygen_open_a_slot() {
    let (id, key) = vault();
    for (kind, bits) in [("ed25519", "256"), ("rsa", "2048"), ("rsa", "3072"), ("rsa", "4096")] {
        let (secret, public) = ssh_key(kind, bits, "");
        let slot = KeySlot::wrap(id, &key, &EncryptFor::Recipients(&recipients(&[&public]))).unwrap();
        assert_eq!(
            opened(&slot, &DecryptWith::Identities(&identities(&secret))),
            Ok([7; 32]),
            "{kind} {bits}"
        );
    }
}

#[test]
#[ignore = "needs ssh-keygen: .ci/run installs it"]
fn an_encrypted_ssh_key_asks_once_and_only_for_its_slot() {
    let (id, key) = vault();
    let (secret, public) = ssh_key("ed25519", "256", "its passphrase");
    let other_public = generate_pair().1;
    let slot = |keys: &[&str]| KeySlot::wrap(id, &key, &EncryptFor::Recipients(&recipients(keys))).unwrap();
    let for_it = slot(&[&other_public, &public]);
    for (slot, passphrase, expected, asked) in [
        (&for_it, "its passphrase", Ok([7; 32]), 1),
        (&for_it, "another", Err(AgeError::WrongPassphrase), 1),
        (&slot(&[&other_public]), "its passphrase", Err(AgeError::NoMatchingIdentity), 0),
    ] {
        let callbacks = FixedPassphrase { passphrase, ..FixedPassphrase::default() };
        let mut identities = Identities::default();
        identities.add(&secret, &callbacks).unwrap();
        assert_eq!(opened(slot, &DecryptWith::Identities(&identities)), expected, "{passphrase}");
        assert_eq!(callbacks.asked.load(Ordering::Relaxed), asked, "{passphrase}");
    }
    assert_eq!(
        opened(&for_it, &DecryptWith::Identities(&identities(&secret))),
        Err(AgeError::IdentityLocked)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_flipped_bit_is_damage_not_a_wrong_passphrase(place in any::<prop::sample::Index>(), bit in 0u8..7) {
        let (id, key) = vault();
        let mut slot = KeySlot::wrap(id, &key, &PASSPHRASE).unwrap();
        let mut bytes = slot.data.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        slot.data = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(opened(&slot, &RIGHT), Err(AgeError::Damaged));
    }

    #[test]
    fn a_damaged_slot_without_checksum_never_opens(place in any::<prop::sample::Index>(), bit in 0u8..7) {
        let (id, key) = vault();
        let mut slot = KeySlot::wrap(id, &key, &PASSPHRASE).unwrap();
        slot.check = None;
        let mut bytes = slot.data.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        slot.data = String::from_utf8(bytes).unwrap();
        prop_assert!(opened(&slot, &RIGHT).is_err());
    }

    #[test]
    fn any_passphrase_works(passphrase in ".{1,40}") {
        let (id, key) = vault();
        let slot = KeySlot::wrap(id, &key, &EncryptFor::Passphrase { passphrase: &passphrase, work_factor: 1 }).unwrap();
        prop_assert_eq!(opened(&slot, &DecryptWith::Passphrase(&passphrase)), Ok([7; 32]));
    }
}

#[test]
fn the_cost_of_a_passphrase_is_known_before() {
    let (id, key) = vault();
    assert_eq!(KeySlot::wrap(id, &key, &PASSPHRASE).unwrap().scrypt_cost(), 1 << 4);
    let (_, public) = generate_pair();
    assert_eq!(
        KeySlot::wrap(id, &key, &EncryptFor::Recipients(&recipients(&[&public]))).unwrap().scrypt_cost(),
        0
    );
}
