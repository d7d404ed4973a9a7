//! Reads exports of Raivo OTP: a JSON list, or the zip archive with it, encrypted with the master password.

use serde_json::Value;

use crate::formats::codec::json::Json;
use crate::formats::codec::zip_archive;
use crate::formats::{Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Raivo OTP",
    detect: |probe| {
        probe.lists_objects_with(&["kind", "timer", "secret"]) || zip_archive::has_member(probe, MEMBER)
    },
    read,
};

const MEMBER: &str = "raivo-otp-export.json";

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if let Some(json) = probe.json() {
        return parse_entries(json).map(Recognised::Plain);
    }
    if !zip_archive::is_encrypted(probe.bytes(), MEMBER) {
        return unpack(probe.bytes(), None).map(Recognised::Plain);
    }
    let archive = probe.bytes().to_vec();
    Ok(Recognised::encrypted(FORMAT.app, move |password| unpack(&archive, Some(password))))
}

fn unpack(archive: &[u8], password: Option<&str>) -> Result<ParsedFile, FormatError> {
    let bytes = zip_archive::unpack(archive, MEMBER, password)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| FormatError::Damaged("its list is not text"))?;
    parse_entries(&*Json::parse(text)?)
}

fn parse_entries(json: &Value) -> Result<ParsedFile, FormatError> {
    let entries = json.as_array().ok_or(FormatError::Damaged("it has no list of accounts"))?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    for entry in entries {
        let raw = RawAccount {
            kind: (&entry["kind"]).into(),
            issuer: (&entry["issuer"]).into(),
            account_name: (&entry["account"]).into(),
            secret: RawSecret::Base32((&entry["secret"]).into()),
            algorithm: (&entry["algorithm"]).into(),
            digits: (&entry["digits"]).into(),
            period: (&entry["timer"]).into(),
            counter: (&entry["counter"]).into(),
            ..RawAccount::default()
        };
        parsed.take(raw.finish());
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    const ARCHIVE: &[u8] = include_bytes!("../../../tests/fixtures/import/raivo/raivo-otp-export.zip");

    #[test]
    fn wrong_password_and_damage_are_different_errors() {
        let open = |archive: &[u8], password: &str| match recognise(archive) {
            Ok(Recognised::Encrypted(encrypted)) => encrypted.open(password).map(|_| ()),
            other => panic!("{other:?}"),
        };
        assert_eq!(open(ARCHIVE, "correct horse batterY"), Err(FormatError::WrongPassword));
        let mut damaged = ARCHIVE.to_vec();
        damaged[1000] ^= 1;
        assert!(matches!(open(&damaged, "correct horse battery"), Err(FormatError::Damaged(_))));
    }
}
