//! Reads entries of gopass, in which keys follow a name: `totp: SECRET`, `hotp: SECRET`, `otpauth: //totp/…`.
//!
//! Whole URIs, which pass and passage have too, are read on any line.

use zeroize::Zeroizing;

use crate::formats::uri_list::{self, is_payload};
use crate::formats::{
    Field, Format, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "gopass",
    detect: |probe| {
        let text = probe.text().filter(|_| probe.json().is_none() && !probe.is_xml());
        text.is_some_and(|text| text.lines().any(|line| !is_payload(line) && is_field(line)))
    },
    read: |probe| Ok(Recognised::Plain(parse_lines(probe))),
};

enum FieldName {
    Totp,
    Hotp,
    Otpauth,
}

fn parse_lines(probe: &Probe<'_>) -> ParsedFile {
    let mut parsed = ParsedFile::new(FORMAT.app);
    for (number, line) in (1..).zip(probe.text().unwrap_or_default().lines()) {
        if is_payload(line) {
            parsed.take(uri_list::account(line, number));
        } else if let Some((name, value)) = parse_field(line) {
            parsed.take(parse_account(&name, value, number));
        }
    }
    parsed
}

/// Returns whether a line has a key after a name.
pub(super) fn is_field(line: &str) -> bool {
    parse_field(line).is_some()
}

fn parse_field(line: &str) -> Option<(FieldName, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = match name.trim().to_ascii_lowercase().as_str() {
        "totp" => FieldName::Totp,
        "hotp" => FieldName::Hotp,
        "otpauth" if value.trim_start().starts_with("//") => FieldName::Otpauth,
        _ => return None,
    };
    Some((name, value.trim())).filter(|(_, value)| !value.is_empty())
}

/// Parses a key. The entry's name is the name of its file, which is unknown here.
fn parse_account(name: &FieldName, value: &str, line: usize) -> Result<Found, RejectedAccount> {
    let kind = match name {
        FieldName::Totp => Field::Missing,
        FieldName::Hotp => "hotp".into(),
        FieldName::Otpauth => {
            let uri = Zeroizing::new(format!("otpauth:{value}"));
            return uri_list::account(&uri, line);
        }
    };
    let raw = RawAccount { kind, secret: RawSecret::Base32(value.into()), ..RawAccount::default() };
    raw.finish().map_err(|rejected| RejectedAccount { what: format!("line {line}"), ..rejected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn key_is_found_by_the_name_before_it() {
        let text = "hunter2\nuser: bob\nTOTP: JBSWY3DPEHPK3PXP\nhotp: !\nurl: https://a.example\n\
                    otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\notpauth: see below";
        let Ok(Recognised::Plain(parsed)) = recognise(text.as_bytes()) else { panic!() };
        assert_eq!((parsed.found.len(), parsed.rejected[0].what.as_str()), (2, "line 4"));
    }
}
