//! A vault of this program: plain, or with sealed secrets and a passphrase that opens them.

use toml::Table;

use crate::formats::raw_account::label_of;
use crate::formats::{Format, FormatError, Found, ParsedFile, Probe, Recognised, RejectedAccount};
use crate::otp::{Account, Enrolment, tags};
use crate::text::redact;
use crate::vault::Vault;
use crate::vault::crypto::{AgeError, DataKey, DecryptWith, SlotKind, VaultHeader};

pub(in crate::formats) const FORMAT: Format = Format { app: "a vault of mfa", detect, read };

/// TOML with a version, and nothing that another program's would have
fn detect(probe: &Probe<'_>) -> bool {
    let table = probe.toml();
    let is_ours = |table: Table| table.contains_key("accounts") || table.contains_key("vault");
    table.is_some_and(|table| table.get("version").is_some_and(toml::Value::is_integer) && is_ours(table))
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let text = probe.text().unwrap_or_default();
    let vault = Vault::parse(text.as_bytes())?;
    let Some(head) = vault.header() else { return Ok(Recognised::Plain(contents(&vault))) };
    if !head.slots.iter().any(|slot| slot.kind == SlotKind::Passphrase) {
        return Err(FormatError::Unsupported(
            "it is a vault whose secrets are sealed, and no passphrase opens it: \
             'mfa merge FILE --identity KEYFILE' takes its accounts over",
        ));
    }
    let text = zeroize::Zeroizing::new(text.to_owned());
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let mut vault = Vault::parse(text.as_bytes())?;
        let key = vault.header().map(|head| unlocked(head, password)).transpose()?;
        let findings = key.map(|key| vault.unlock(&key)).unwrap_or_default();
        let mut contents = contents(&vault);
        if !findings.is_empty() {
            contents.notes.push("the vault was changed by somebody who did not have its key".to_owned());
        }
        Ok(contents)
    }))
}

/// Where no slot opens, the passphrase is wrong, unless none could even be tried
fn unlocked(head: &VaultHeader, password: &str) -> Result<DataKey, FormatError> {
    head.open(&DecryptWith::Passphrase(password)).map(|(_, key)| key).map_err(|error| match error {
        AgeError::WrongPassphrase | AgeError::EmptyPassphrase => FormatError::WrongPassword,
        AgeError::TooCostly(_) | AgeError::TooManySlots => FormatError::TooCostly("scrypt"),
        _ => FormatError::WrongPasswordOrDamaged,
    })
}

fn contents(vault: &Vault) -> ParsedFile {
    let mut contents = ParsedFile::new(FORMAT.app);
    for entry in vault.entries() {
        let refused = || RejectedAccount {
            what: redact(entry.name.as_str()),
            reason: "its secret does not open: it was put there without the key, or is damaged".to_owned(),
        };
        contents.take(entry.account().ok_or_else(refused).and_then(found));
    }
    for (key, problem) in vault.damaged() {
        contents.take(Err(RejectedAccount { what: redact(key), reason: problem.to_string() }));
    }
    contents
}

/// A vault that somebody else has written may hold what ours would not
fn found(account: Account) -> Result<Found, RejectedAccount> {
    let Account { name, label, tags: groups, key } = account;
    let label = label_of(label).map_err(|reason| RejectedAccount { what: redact(name.as_str()), reason })?;
    let enrolment = Enrolment { label, tags: tags(groups), key };
    Ok(Found { suggested_name: Some(name), ..Found::new(enrolment, Vec::new()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn a_vault_keeps_names_tags_and_serials() {
        let vault = include_bytes!("../../../../tests/fixtures/import/mfa/vault.toml");
        let Ok(Recognised::Plain(contents)) = recognise(vault) else { panic!() };
        let first = &contents.found[0];
        assert_eq!(first.suggested_name.as_ref().unwrap().as_str(), "work");
        assert_eq!(first.enrolment.tags, ["Work", "例え"]);
        let serial = contents.found[1].enrolment.label.serial.as_ref().unwrap();
        assert_eq!(serial.as_str(), "arn:aws:iam::123456789012:mfa/bob");
        let refused =
            RejectedAccount { what: "lost".to_owned(), reason: "the field 'secret' is missing".to_owned() };
        assert_eq!(contents.refused, [refused]);
    }

    #[test]
    fn a_vault_that_was_tampered_with_says_so() {
        let vault = include_bytes!("../../../../tests/fixtures/sealed/bad-issuer.toml");
        let Ok(Recognised::Encrypted(encrypted)) = recognise(vault) else { panic!() };
        assert_eq!(encrypted.open("wrong").unwrap_err(), FormatError::WrongPassword);
    }

    #[test]
    fn what_no_other_file_may_bring_a_vault_may_not_either() {
        let vault = |issuer: &str| {
            let fields =
                format!("issuer = \"{issuer}\"\ntags = [\" x \", \"x\"]\nsecret = \"JBSWY3DPEHPK3PXP\"");
            let text = format!("version = 1\n[accounts.a]\n{fields}\n");
            let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
            contents
        };
        for issuer in ["\u{87}", "\\u001b[2J", "\u{202e}"] {
            let reason = "the issuer holds control characters or text direction overrides".to_owned();
            assert_eq!(
                vault(issuer).refused,
                [RejectedAccount { what: "a".to_owned(), reason }],
                "{issuer:?}"
            );
        }
        let enrolment = &vault(" A ").found[0].enrolment;
        assert_eq!((enrolment.label.issuer.as_str(), &enrolment.tags[..]), ("A", &["x".to_owned()][..]));
    }

    #[test]
    fn a_text_that_is_no_vault_is_told_by_its_place() {
        let error = |text: &str| recognise(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            error("version = 1\naccounts = 1\n"),
            "the vault has an entry 'accounts' that is not a table"
        );
        assert!(error("version = 9\n[accounts]\n").contains("version 9"));
    }
}
