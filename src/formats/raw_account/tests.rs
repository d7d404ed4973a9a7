//! Tests which fields are an account, and which are rejected.

use proptest::prelude::*;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::account::MAX_TAG_BYTES;
use super::*;
use crate::otp::{Algorithm, Parameters};

const SECRET: &str = "JBSWY3DPEHPK3PXP";

fn raw(entry: &Value) -> RawAccount<'_> {
    RawAccount {
        kind: (&entry["type"]).into(),
        issuer: (&entry["issuer"]).into(),
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Uri((&entry["secret"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: (&entry["digits"]).into(),
        period: (&entry["period"]).into(),
        counter: (&entry["counter"]).into(),
        ..RawAccount::default()
    }
}

fn parameters(mut entry: Value) -> Result<Parameters, String> {
    entry["secret"] = SECRET.into();
    let found = raw(&entry).finish().map_err(|rejected| rejected.reason)?;
    Ok(found.enrolment.key.parameters())
}

#[test]
fn an_account_with_too_long_tags_is_rejected() {
    let tagged = |length| {
        let entry = json!({"secret": SECRET});
        RawAccount { tags: vec!["x".repeat(length)], ..raw(&entry) }.finish()
    };
    assert!(tagged(MAX_TAG_BYTES - 1).is_ok());
    assert_eq!(tagged(MAX_TAG_BYTES).unwrap_err().reason, "the names of its groups or tags are too long");
}

#[test]
fn too_many_groups_are_rejected_and_not_copied() {
    let entry = json!({"secret": SECRET});
    for name in ["x", "", &"x".repeat(2 * MAX_TAG_BYTES)] {
        let tags = collect_tags(std::iter::repeat(name));
        assert!(tags.iter().map(String::len).sum::<usize>() <= 2 * MAX_TAG_BYTES);
        assert!(RawAccount { tags, ..raw(&entry) }.finish().is_err());
    }
    assert_eq!(collect_tags(["Work", "Home"]), ["Work", "Home"]);
}

#[test]
fn missing_fields_have_the_defaults_of_the_standard() {
    for entry in [
        json!({}),
        json!({"type": null, "algorithm": "", "digits": null, "period": " "}),
        json!({"type": "TOTP", "algorithm": "HmacSHA1", "digits": "6", "period": "30.0", "counter": -1}),
        json!({"period": 0}),
    ] {
        assert_eq!(parameters(entry.clone()), Ok(Parameters::DEFAULT), "{entry}");
    }
    let hotp = json!({"type": "HOTP", "counter": "42", "period": 0, "digits": 8, "algorithm": "sha-256"});
    assert_eq!(parameters(hotp), Ok(Parameters::hotp(Algorithm::Sha256, 8, 42).unwrap()));
    assert_eq!(parameters(json!({"type": "Steam", "digits": 6, "period": 30})), Ok(Parameters::STEAM));
}

#[test]
fn invalid_fields_are_rejected() {
    for (entry, reason) in [
        (json!({"type": "motp"}), "unsupported type 'motp'"),
        (json!({"type": 7}), "unsupported type '7'"),
        (json!({"algorithm": "MD5"}), "unsupported algorithm 'MD5'"),
        (json!({"algorithm": 1}), "unsupported algorithm '1'"),
        (json!({"digits": 5}), "5 digits are not supported: a code has 6 to 8"),
        (json!({"digits": 300}), "300 digits are not supported: a code has 6 to 8"),
        (json!({"digits": -6}), "the field 'digits' is not a whole number"),
        (json!({"digits": 6.5}), "the field 'digits' is not a whole number"),
        (json!({"digits": [6]}), "the field 'digits' is not a whole number"),
        (json!({"period": true}), "the field 'period' is not a whole number"),
        (json!({"period": 86_401}), "a period of 86401 s is not supported: it is 1 to 86400 s"),
        (json!({"type": "hotp", "counter": -1}), "the field 'counter' is not a whole number"),
        (json!({"type": "steam", "period": 60}), "Steam codes last 30 s, not 60 s"),
        (json!({"type": "steam", "algorithm": "SHA256"}), "Steam codes are made with SHA1, not with SHA256"),
        (
            json!({"issuer": "a\u{1b}"}),
            "the issuer holds control characters, invisible characters or text direction overrides",
        ),
        (json!({"name": {}}), "the field 'account name' is not text"),
    ] {
        assert_eq!(parameters(entry.clone()), Err(reason.to_owned()), "{entry}");
    }
}

#[test]
fn a_secret_is_decoded_from_every_encoding() {
    let read = |secret: RawSecret<'_>| {
        let found =
            RawAccount { secret, ..RawAccount::default() }.finish().map_err(|rejected| rejected.reason)?;
        Ok::<_, String>(found.enrolment.key.secret().to_base32().to_string())
    };
    for secret in [
        RawSecret::Base32("jbsw y3dp ehpk 3pxp==".into()),
        RawSecret::Hex("48656C6C6F21deadbeef".into()),
        RawSecret::Base64("SGVsbG8h3q2+7w==".into()),
        RawSecret::Base64("SGVsbG8h3q2+7w".into()),
        RawSecret::Bytes(Zeroizing::new(b"Hello!\xDE\xAD\xBE\xEF".to_vec())),
        RawSecret::Uri("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP".into()),
    ] {
        assert_eq!(read(secret), Ok(SECRET.to_owned()));
    }
    for (secret, reason) in [
        (RawSecret::Missing, "the secret key is missing"),
        (RawSecret::Base32(Field::Missing), "the secret key is missing"),
        (RawSecret::Hex("xy".into()), "the secret key is not hexadecimal"),
        (RawSecret::Base64("§".into()), "the secret key is not Base64"),
        (RawSecret::Bytes(Zeroizing::default()), "the secret key is too short"),
        (RawSecret::Bytes(Zeroizing::new(vec![1; 5000])), "the secret key is longer than 4096 characters"),
        (RawSecret::Base32(Field::Wrong), "the field 'secret' is not text"),
    ] {
        assert_eq!(read(secret), Err(reason.to_owned()));
    }
}

#[test]
fn fields_fill_in_the_missing_names_of_a_uri() {
    for (uri, issuer, name) in [
        ("steam://JBSWY3DPEHPK3PXP", "Steam", "gamer"),
        ("otpauth://totp/bob?secret=JBSWY3DPEHPK3PXP", "", "bob"),
        ("otpauth://totp/?secret=JBSWY3DPEHPK3PXP", "Item", "gamer"),
        ("JBSWY3DPEHPK3PXP", "Item", "gamer"),
    ] {
        let entry = json!({"issuer": " Item ", "name": "gamer", "secret": uri});
        let found = raw(&entry).finish().unwrap();
        assert_eq!(
            (found.enrolment.label.issuer.as_str(), &*found.enrolment.label.account_name),
            (issuer, name)
        );
        assert_eq!(found.warnings, [], "{uri}");
    }
}

#[test]
fn a_rejected_account_has_a_name_and_shows_no_secret() {
    let named = json!({"issuer": "ACME", "name": "bob", "secret": "JBSWY3DPEHPK3PX!"});
    assert_eq!(raw(&named).finish().unwrap_err().what, "ACME:bob");
    assert_eq!(raw(&json!({})).finish().unwrap_err().what, "an account without a name");
    for entry in
        [named, json!({"name": "JBSWY3DPEHPK3PXP"}), json!({"secret": "otpauth://x/JBSWY3DPEHPK3PXP"})]
    {
        let rejected = raw(&entry).finish().unwrap_err();
        assert!(!format!("{rejected} {rejected:?}").contains("JBSWY3DP"), "{rejected}");
    }
}

#[test]
fn names_in_capitals_or_with_digits_are_shown() {
    let what = |name: &str| {
        let entry = json!({"type": "motp", "issuer": name, "secret": "jbsw y3dp ehpk 3pxp"});
        raw(&entry).finish().unwrap_err().what
    };
    for name in ["DEUTSCHE TELEKOM", "3dprinting-shop@example.com"] {
        assert_eq!(what(name), name);
    }
    assert_eq!(what("my JBSWY3DPEHPK3PXP"), "…");
}

#[test]
fn tags_are_trimmed_and_deduplicated() {
    let tags = ["Work", " Work ", "", "a\u{1b}b"].map(str::to_owned).to_vec();
    let raw = RawAccount { secret: RawSecret::Base32(SECRET.into()), tags, ..RawAccount::default() };
    assert_eq!(raw.finish().unwrap().enrolment.tags, ["Work", "a�b"]);
}

#[test]
fn thousands_of_tags_are_accepted() {
    let tags = (0..10_000).map(|number| number.to_string()).collect();
    let raw = RawAccount { secret: RawSecret::Base32(SECRET.into()), tags, ..RawAccount::default() };
    assert_eq!(raw.finish().unwrap().enrolment.tags.len(), 10_000);
}

proptest! {
    #[test]
    fn finishing_never_panics(text in any::<String>(), number in any::<u64>()) {
        for kind in ["totp", "hotp", "steam", &text] {
            for digits in [json!(number), json!(text)] {
                let entry = json!({
                    "type": kind, "issuer": text, "name": text, "secret": text, "algorithm": text,
                    "digits": digits, "period": digits, "counter": digits,
                });
                let _ = raw(&entry).finish();
            }
        }
    }
}
