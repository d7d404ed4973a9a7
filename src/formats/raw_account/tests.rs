//! What is an account, and what is not.

use proptest::prelude::*;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::*;

const SECRET: &str = "JBSWY3DPEHPK3PXP";

fn draft(entry: &Value) -> RawAccount<'_> {
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
    let found = draft(&entry).finish().map_err(|refused| refused.reason)?;
    Ok(found.enrolment.key.parameters())
}

#[test]
fn tags_beyond_all_measure_are_refused() {
    let tagged = |length| {
        let entry = json!({"secret": SECRET});
        RawAccount { tags: vec!["x".repeat(length)], ..draft(&entry) }.finish()
    };
    assert!(tagged(MAX_TAGS - 1).is_ok());
    assert_eq!(tagged(MAX_TAGS).unwrap_err().reason, "its groups or tags have too long names");
}

#[test]
fn groups_without_end_are_refused_and_not_copied() {
    let entry = json!({"secret": SECRET});
    for name in ["x", "", &"x".repeat(2 * MAX_TAGS)] {
        let tags = tags_of(std::iter::repeat(name));
        assert!(tags.iter().map(String::len).sum::<usize>() <= 2 * MAX_TAGS);
        assert!(RawAccount { tags, ..draft(&entry) }.finish().is_err());
    }
    assert_eq!(tags_of(["Work", "Home"]), ["Work", "Home"]);
}

#[test]
fn what_is_missing_has_the_default_of_the_standard() {
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
fn what_is_not_understood_is_refused() {
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
        (json!({"issuer": "a\u{1b}"}), "the issuer holds control characters or text direction overrides"),
        (json!({"name": {}}), "the field 'account name' is not a text"),
    ] {
        assert_eq!(parameters(entry.clone()), Err(reason.to_owned()), "{entry}");
    }
}

#[test]
fn a_secret_is_spelt_in_many_ways() {
    let read = |secret: RawSecret<'_>| {
        let found =
            RawAccount { secret, ..RawAccount::default() }.finish().map_err(|refused| refused.reason)?;
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
        (RawSecret::Base32(Field::Wrong), "the field 'secret' is not a text"),
    ] {
        assert_eq!(read(secret), Err(reason.to_owned()));
    }
}

#[test]
fn a_uri_is_given_the_names_that_it_lacks() {
    for (uri, issuer, name) in [
        ("steam://JBSWY3DPEHPK3PXP", "Steam", "gamer"),
        ("otpauth://totp/bob?secret=JBSWY3DPEHPK3PXP", "", "bob"),
        ("otpauth://totp/?secret=JBSWY3DPEHPK3PXP", "Item", "gamer"),
        ("JBSWY3DPEHPK3PXP", "Item", "gamer"),
    ] {
        let entry = json!({"issuer": " Item ", "name": "gamer", "secret": uri});
        let found = draft(&entry).finish().unwrap();
        assert_eq!(
            (found.enrolment.label.issuer.as_str(), &*found.enrolment.label.account_name),
            (issuer, name)
        );
        assert_eq!(found.warnings, [], "{uri}");
    }
}

#[test]
fn what_is_refused_is_named_and_shows_no_secret() {
    let named = json!({"issuer": "ACME", "name": "bob", "secret": "JBSWY3DPEHPK3PX!"});
    assert_eq!(draft(&named).finish().unwrap_err().what, "ACME:bob");
    assert_eq!(draft(&json!({})).finish().unwrap_err().what, "an account without a name");
    for entry in
        [named, json!({"name": "JBSWY3DPEHPK3PXP"}), json!({"secret": "otpauth://x/JBSWY3DPEHPK3PXP"})]
    {
        let refused = draft(&entry).finish().unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("JBSWY3DP"), "{refused}");
    }
}

#[test]
fn a_name_in_capitals_or_with_digits_is_none_of_its_secret() {
    let what = |name: &str| {
        let entry = json!({"type": "motp", "issuer": name, "secret": "jbsw y3dp ehpk 3pxp"});
        draft(&entry).finish().unwrap_err().what
    };
    for name in ["DEUTSCHE TELEKOM", "3dprinting-shop@example.com"] {
        assert_eq!(what(name), name);
    }
    assert_eq!(what("my JBSWY3DPEHPK3PXP"), "…");
}

#[test]
fn tags_are_trimmed_and_stand_once() {
    let tags = ["Work", " Work ", "", "a\u{1b}b"].map(str::to_owned).to_vec();
    let draft = RawAccount { secret: RawSecret::Base32(SECRET.into()), tags, ..RawAccount::default() };
    assert_eq!(draft.finish().unwrap().enrolment.tags, ["Work", "a�b"]);
}

#[test]
fn thousands_of_tags_are_kept() {
    let tags = (0..10_000).map(|number| number.to_string()).collect();
    let draft = RawAccount { secret: RawSecret::Base32(SECRET.into()), tags, ..RawAccount::default() };
    assert_eq!(draft.finish().unwrap().enrolment.tags.len(), 10_000);
}

proptest! {
    #[test]
    fn no_fields_panic(text in any::<String>(), number in any::<u64>()) {
        for kind in ["totp", "hotp", "steam", &text] {
            for digits in [json!(number), json!(text)] {
                let entry = json!({
                    "type": kind, "issuer": text, "name": text, "secret": text, "algorithm": text,
                    "digits": digits, "period": digits, "counter": digits,
                });
                let _ = draft(&entry).finish();
            }
        }
    }
}
