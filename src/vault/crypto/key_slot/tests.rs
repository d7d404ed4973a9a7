//! Slots of every kind, opened with what opens them and with what does not.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use age::NoCallbacks;
use age::secrecy::{ExposeSecret, SecretString};
use proptest::prelude::*;

use super::*;
use crate::vault::crypto::age_file::credentials::WORK_FACTOR;
use crate::vault::crypto::age_file::identities::Identities;
use crate::vault::crypto::age_file::recipients::Recipients;
use crate::vault::crypto::header::VaultHeader;

const PASSPHRASE: EncryptFor<'_> = EncryptFor::Passphrase { passphrase: "correct horse", work_factor: 4 };
const RIGHT: DecryptWith<'_> = DecryptWith::Passphrase("correct horse");

fn vault() -> (VaultId, DataKey) {
    (VaultId::from_base64("AAECAwQFBgcICQoLDA0ODw==").unwrap(), DataKey::from_bytes(&[7; 32]).unwrap())
}

fn opened(slot: &Slot, unlock: &DecryptWith<'_>) -> Result<[u8; 32], AgeError> {
    slot.open(vault().0, unlock).map(|key| *key.expose())
}

/// A key pair of age's own
fn pair() -> (String, String) {
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
fn a_passphrase_opens_its_slot_and_no_other_does() {
    let (id, key) = vault();
    let slot = Slot::wrap(id, &key, &PASSPHRASE).unwrap();
    assert_eq!(slot.kind, Kind::Passphrase);
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
fn a_slot_asks_for_the_work_it_was_made_with() {
    let (id, key) = vault();
    let lock = EncryptFor::Passphrase { passphrase: "x", work_factor: WORK_FACTOR };
    let slot = Slot::wrap(id, &key, &lock).unwrap();
    let armor: String = slot.data.lines().filter(|line| !line.starts_with('-')).collect();
    let file = base64::decode(&armor).unwrap();
    let header = String::from_utf8_lossy(&file);
    let stanza = header.lines().find(|line| line.starts_with("-> scrypt ")).unwrap();
    assert_eq!(stanza.split(' ').next_back(), Some(WORK_FACTOR.to_string().as_str()));
}

#[test]
fn each_of_several_keys_opens_the_slot() {
    let (id, key) = vault();
    let ((one, one_public), (other, other_public), (third, _)) = (pair(), pair(), pair());
    let recipients = recipients(&[&one_public, &other_public]);
    let slot = Slot::wrap(id, &key, &EncryptFor::Recipients(&recipients)).unwrap();
    assert_eq!(slot.kind, Kind::Recipients);
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
fn a_slot_says_what_it_takes() {
    let (id, key) = vault();
    let (secret, public) = pair();
    let mut passphrase = Slot::wrap(id, &key, &PASSPHRASE).unwrap();
    let mut keys = Slot::wrap(id, &key, &EncryptFor::Recipients(&recipients(&[&public]))).unwrap();
    for told_by in ["its kind", "its age file"] {
        let identities = identities(&secret);
        assert_eq!(
            opened(&passphrase, &DecryptWith::Identities(&identities)),
            Err(AgeError::NeedsPassphrase),
            "{told_by}"
        );
        assert_eq!(opened(&keys, &RIGHT), Err(AgeError::NeedsIdentity), "{told_by}");
        std::mem::swap(&mut passphrase.kind, &mut keys.kind);
        std::mem::swap(&mut passphrase, &mut keys);
    }
    passphrase.kind = Kind::Unknown("moon".to_owned());
    assert_eq!(opened(&passphrase, &RIGHT), Err(AgeError::Unsupported));
    assert_eq!(
        Slot::wrap(id, &key, &EncryptFor::Recipients(&Recipients::default())),
        Err(AgeError::NoRecipients)
    );
}

#[test]
fn a_slot_of_another_vault_is_known_as_such() {
    let (_, key) = vault();
    let slot = Slot::wrap(VaultId::generate(), &key, &PASSPHRASE).unwrap();
    assert_eq!(opened(&slot, &RIGHT), Err(AgeError::OfAnotherVault));
}

#[test]
fn an_age_file_of_anything_else_is_no_data_key() {
    let (id, _) = vault();
    let key = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let vault = id.to_base64();
    for payload in [
        String::new(),
        key.to_owned(),
        format!("mfa-vault-key-3 {vault} {key}\n"),
        format!("mfa-vault-key-2 {vault} {key} \n"),
        format!("mfa-vault-key-2 {vault} {}\n", &key[1..]),
        format!("mfa-vault-key-2 {vault}\n{key}"),
    ] {
        let data = age_file::wrap(payload.as_bytes(), &PASSPHRASE).unwrap();
        let slot = Slot { kind: Kind::Passphrase, label: None, data, check: None };
        assert_eq!(opened(&slot, &RIGHT), Err(AgeError::NotADataKey), "{payload:?}");
    }
}

#[test]
fn other_line_ends_are_no_damage() {
    let (id, key) = vault();
    let mut slot = Slot::wrap(id, &key, &PASSPHRASE).unwrap();
    slot.data = slot.data.replace('\n', "\r\n");
    assert_eq!(opened(&slot, &RIGHT), Ok([7; 32]));
}

/// Answers every question for a passphrase with the same, and counts them
#[derive(Clone, Default)]
struct Answering {
    passphrase: &'static str,
    asked: Arc<AtomicUsize>,
}

impl age::Callbacks for Answering {
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

/// A new SSH key, private and public, from the stock tool
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
fn ssh_keys_of_the_stock_tool_open_a_slot() {
    let (id, key) = vault();
    for (kind, bits) in [("ed25519", "256"), ("rsa", "2048"), ("rsa", "3072"), ("rsa", "4096")] {
        let (secret, public) = ssh_key(kind, bits, "");
        let slot = Slot::wrap(id, &key, &EncryptFor::Recipients(&recipients(&[&public]))).unwrap();
        assert_eq!(
            opened(&slot, &DecryptWith::Identities(&identities(&secret))),
            Ok([7; 32]),
            "{kind} {bits}"
        );
    }
}

#[test]
#[ignore = "needs ssh-keygen: .ci/run installs it"]
fn a_protected_ssh_key_asks_once_and_only_where_the_slot_is_for_it() {
    let (id, key) = vault();
    let (secret, public) = ssh_key("ed25519", "256", "its passphrase");
    let other_public = pair().1;
    let slot = |keys: &[&str]| Slot::wrap(id, &key, &EncryptFor::Recipients(&recipients(keys))).unwrap();
    let for_it = slot(&[&other_public, &public]);
    for (slot, passphrase, expected, asked) in [
        (&for_it, "its passphrase", Ok([7; 32]), 1),
        (&for_it, "another", Err(AgeError::WrongPassphrase), 1),
        (&slot(&[&other_public]), "its passphrase", Err(AgeError::NoMatchingIdentity), 0),
    ] {
        let answering = Answering { passphrase, ..Answering::default() };
        let mut identities = Identities::default();
        identities.add(&secret, &answering).unwrap();
        assert_eq!(opened(slot, &DecryptWith::Identities(&identities)), expected, "{passphrase}");
        assert_eq!(answering.asked.load(Ordering::Relaxed), asked, "{passphrase}");
    }
    assert_eq!(
        opened(&for_it, &DecryptWith::Identities(&identities(&secret))),
        Err(AgeError::IdentityLocked)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_bit_flipped_anywhere_in_a_slot_is_damage_and_no_wrong_passphrase(place in any::<prop::sample::Index>(), bit in 0u8..7) {
        let (id, key) = vault();
        let mut slot = Slot::wrap(id, &key, &PASSPHRASE).unwrap();
        let mut bytes = slot.data.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        slot.data = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(opened(&slot, &RIGHT), Err(AgeError::Damaged));
    }

    #[test]
    fn without_its_checksum_a_damaged_slot_still_never_opens(place in any::<prop::sample::Index>(), bit in 0u8..7) {
        let (id, key) = vault();
        let mut slot = Slot::wrap(id, &key, &PASSPHRASE).unwrap();
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
        let slot = Slot::wrap(id, &key, &EncryptFor::Passphrase { passphrase: &passphrase, work_factor: 1 }).unwrap();
        prop_assert_eq!(opened(&slot, &DecryptWith::Passphrase(&passphrase)), Ok([7; 32]));
    }
}

#[test]
fn what_trying_a_passphrase_costs_is_known_before() {
    let (id, key) = vault();
    assert_eq!(Slot::wrap(id, &key, &PASSPHRASE).unwrap().work(), 1 << 4);
    let (_, public) = pair();
    assert_eq!(Slot::wrap(id, &key, &EncryptFor::Recipients(&recipients(&[&public]))).unwrap().work(), 0);
}

#[test]
fn slots_that_together_cost_too_much_are_not_all_tried() {
    let (id, key) = vault();
    let dear = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 22\n";
    let damaged = |data: &str| Slot {
        kind: Kind::Passphrase,
        data: data.to_owned(),
        label: None,
        check: Some("none".to_owned()),
    };
    let slots =
        |count| [vec![damaged(dear); count], vec![Slot::wrap(id, &key, &PASSPHRASE).unwrap()]].concat();
    let open =
        |count| VaultHeader { id, generation: 0, slots: slots(count) }.open(&RIGHT).map(|(place, _)| place);
    assert_eq!(open(1), Ok(1));
    assert_eq!(open(2), Err(AgeError::TooManySlots));
}
