//! Cases that no fixture covers.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const ENCRYPTED: &[u8] = include_bytes!("../../../../tests/fixtures/import/andotp/andotp-encrypted.json.aes");
const PASSWORD: &str = "correct horse battery";

fn plain(entries: &Value) -> ParsedFile {
    parse_entries(entries).unwrap()
}

#[test]
fn old_label_is_split_into_issuer_and_name() {
    for (entry, issuer, name) in [
        (json!({"label": "ACME - bob - x"}), "ACME", "bob - x"),
        (json!({"label": "ACME:bob"}), "ACME", "bob"),
        (json!({"label": "bob"}), "", "bob"),
        (json!({"label": "a - b:c"}), "a", "b:c"),
        (json!({"label": "a:b", "issuer": ""}), "", "a:b"),
    ] {
        let mut entry = entry;
        entry["secret"] = "JBSWY3DPEHPK3PXP".into();
        let label = plain(&json!([entry])).found.remove(0).enrolment.label;
        assert_eq!((label.issuer.as_str(), label.account_name.as_str()), (issuer, name));
    }
}

#[test]
fn unsupported_entry_is_rejected_by_name() {
    let motp = json!({"label": "bob", "issuer": "ACME", "type": "MOTP", "secret": "JBSWY3DPEHPK3PXP"});
    let refused = plain(&json!([motp, null])).rejected;
    assert_eq!(refused[0].to_string(), "ACME:bob: unsupported type 'MOTP'");
    assert_eq!(refused[1].to_string(), "an account without a name: the secret key is missing");
}

#[test]
fn openpgp_message_is_rejected_with_advice() {
    for file in [
        &b"-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----"[..],
        b"\x85\x02\x0c\x03\x12\x34\x56\x78\xff",
        b"\xc1\x5e\x03\xff\xfe",
        b"\x8c\x0d\x04\x09\x03\x02\xff",
        b"\xc3\x0d\x04\x09\x03\x02\xff",
    ] {
        let probe = Probe::new(file);
        assert!((FORMAT.detect)(&probe));
        assert_eq!(read(&probe).unwrap_err(), OPENPGP);
    }
}

#[test]
fn ciphertext_is_distinguished_from_other_bytes() {
    assert!(EncryptedBackup::is_likely(ENCRYPTED));
    let machine_code: Vec<u8> = (0..2000_u32).flat_map(|number| (number * 4).to_le_bytes()).collect();
    for other in [&b"\x00\x01\xff"[..], &[0; 100], &[b"PK\x03\x04", ENCRYPTED].concat(), &machine_code] {
        assert!(!EncryptedBackup::is_likely(other));
    }
}

#[test]
fn changed_tag_is_wrong_password_or_damaged() {
    let mut changed = ENCRYPTED.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    let error = EncryptedBackup::parse(&changed).unwrap().decrypt(PASSWORD).err();
    assert_eq!(error, Some(FormatError::WrongPasswordOrDamaged));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let _ = (FORMAT.detect)(&Probe::new(&bytes));
        let _ = EncryptedBackup::parse(&bytes);
    }
}
