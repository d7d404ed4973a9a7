//! An entry of gopass, whose keys stand behind names: `totp: SECRET`, `hotp: SECRET`, `otpauth: //totp/…`. Whole URIs
//! are read wherever they stand, as pass and passage have them, too.

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
    read: |probe| Ok(Recognised::Plain(contents(probe))),
};

enum Name {
    Totp,
    Hotp,
    Otpauth,
}

fn contents(probe: &Probe<'_>) -> ParsedFile {
    let mut contents = ParsedFile::new(FORMAT.app);
    for (number, line) in (1..).zip(probe.text().unwrap_or_default().lines()) {
        if is_payload(line) {
            contents.take(uri_list::account(line, number));
        } else if let Some((name, value)) = field(line) {
            contents.take(account(&name, value, number));
        }
    }
    contents
}

/// Whether a line gives a key behind a name
pub(crate) fn is_field(line: &str) -> bool {
    field(line).is_some()
}

fn field(line: &str) -> Option<(Name, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = match name.trim().to_ascii_lowercase().as_str() {
        "totp" => Name::Totp,
        "hotp" => Name::Hotp,
        "otpauth" if value.trim_start().starts_with("//") => Name::Otpauth,
        _ => return None,
    };
    Some((name, value.trim())).filter(|(_, value)| !value.is_empty())
}

/// The entry's own name is that of its file, which nobody tells
fn account(name: &Name, value: &str, line: usize) -> Result<Found, RejectedAccount> {
    let kind = match name {
        Name::Totp => Field::Missing,
        Name::Hotp => "hotp".into(),
        Name::Otpauth => {
            let uri = Zeroizing::new(format!("otpauth:{value}"));
            return uri_list::account(&uri, line);
        }
    };
    let draft = RawAccount { kind, secret: RawSecret::Base32(value.into()), ..RawAccount::default() };
    draft.finish().map_err(|refused| RejectedAccount { what: format!("line {line}"), ..refused })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn a_field_is_known_by_its_name() {
        let text = "hunter2\nuser: bob\nTOTP: JBSWY3DPEHPK3PXP\nhotp: !\nurl: https://a.example\n\
                    otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\notpauth: see below";
        let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
        assert_eq!((contents.found.len(), contents.refused[0].what.as_str()), (2, "line 4"));
    }
}
