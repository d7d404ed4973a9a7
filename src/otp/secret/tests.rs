use super::*;
use proptest::prelude::*;

fn base32(text: &str) -> Result<String, SecretError> {
    Secret::from_base32(text).map(|(secret, _)| secret.to_base32().to_string())
}

#[test]
fn base32_is_parsed_in_every_pasted_form() {
    for text in [
        "JBSWY3DPEHPK3PXP",
        "jbsw y3dp ehpk 3pxp",
        "JBSW-Y3DP-EHPK-3PXP",
        " JBSWY3DPEHPK3PXP====\r\n",
        "jbsw\ty3dp\nehpk3pxp",
    ] {
        assert_eq!(base32(text).unwrap(), "JBSWY3DPEHPK3PXP", "{text:?}");
    }
    let (secret, warnings) = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
    assert_eq!(secret.expose(), b"Hello!\xDE\xAD\xBE\xEF");
    assert_eq!(warnings, []);
}

#[test]
fn invalid_base32_is_reported_by_position() {
    let at = |character, position| Err(SecretError::NotBase32 { character, position });
    assert_eq!(base32("JBSWY3DP0HPK3PXP"), at('0', 9));
    assert_eq!(base32("JBSW Y3DP 1HPK"), at('1', 11));
    assert_eq!(base32("ÄBSWY3DP"), at('Ä', 1));
    assert_eq!(base32("JB\u{1b}[31m"), Err(SecretError::NotBase32Unprintable { position: 3 }));
}

#[test]
fn a_typed_code_is_not_a_key() {
    for code in ["123456", "492 039", "234567", "12345678", "234-567\n"] {
        assert_eq!(Secret::from_typed(code), Err(SecretError::LooksLikeCode), "{code}");
    }
    assert!(Secret::from_typed("JBSWY3DPEHPK3PXP").is_ok());
}

#[test]
fn a_key_of_digits_only_can_be_parsed_again() {
    let (secret, _) = Secret::from_base32("637373737").unwrap();
    assert_eq!(base32(&secret.to_base32()).unwrap(), "63737373");
}

#[test]
fn trailing_bits_are_warned_of_if_a_strict_decoder_rejects_them() {
    for length in (2..=40).filter(|&length| decodable_length(length) == length) {
        for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".chars() {
            let text = format!("{}{last}", "K".repeat(length - 1));
            let (_, warnings) = Secret::from_base32(&text).unwrap();
            let is_warned = warnings.contains(&Warning::SecretTrailingBits);
            assert_eq!(is_warned, BASE32_NOPAD.decode(text.as_bytes()).is_err(), "{text}");
        }
    }
}

#[test]
fn empty_and_overlong_keys_are_rejected() {
    assert_eq!(base32(""), Err(SecretError::Missing));
    assert_eq!(base32(" == "), Err(SecretError::Missing));
    assert_eq!(base32("A"), Err(SecretError::TooShort));
    assert_eq!(base32(&"A".repeat(4097)), Err(SecretError::TooLong));
}

#[test]
fn debug_redacts_the_secret() {
    let (secret, _) = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
    assert_eq!(format!("{secret:?}"), "Secret(…)");
}

proptest! {
    #[test]
    fn base32_round_trips(bytes in prop::collection::vec(any::<u8>(), 10..200)) {
        let secret = Secret::from_bytes(bytes.clone()).unwrap();
        let (again, warnings) = Secret::from_base32(&secret.to_base32()).unwrap();
        prop_assert_eq!(again.expose(), &bytes[..]);
        prop_assert_eq!(warnings, vec![]);
    }

    #[test]
    fn parsing_never_panics(text in any::<String>()) {
        let _ = Secret::from_base32(&text);
    }
}

#[test]
fn pasted_secrets_are_read_without_a_warning() {
    for text in [
        "JBSWY3DPEHPK3PXP\n",
        "jbswy3dpehpk3pxp\r\n",
        " jbsw y3dp ehpk 3pxp ",
        "JBSWY3DPEHPK3PXP====",
        "jbsw\ty3dp\nehpk 3pxp\n",
    ] {
        let (secret, warnings) = Secret::from_typed(text).unwrap();
        assert_eq!(secret.to_base32().to_string(), "JBSWY3DPEHPK3PXP", "{text:?}");
        assert_eq!(warnings, [], "{text:?}");
    }
}
