//! Reads exports of Ente Auth, plain-text and encrypted: a list of URIs, each with a parameter `codeDisplay`.

mod encrypted;
mod secretstream;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::apps::google::is_migration;
use crate::formats::codec::json::Json;
use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use crate::otp::{Enrolment, looks_like_uri};
use encrypted::EncryptedExport;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Ente Auth",
    detect: |probe| is_plain(probe) || probe.has_keys(&["encryptedData", "encryptionNonce", "kdfParams"]),
    read,
};

/// The parameter that Ente adds to a URI; its value is JSON
const DISPLAY: &str = "codeDisplay=";

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let Some(file) = probe.json() else {
        return Ok(Recognised::Plain(parse_uris(probe.text().unwrap_or_default())));
    };
    let export = EncryptedExport::parse(file)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let uris = export.decrypt(password)?;
        Ok(parse_uris(&uris))
    }))
}

/// Returns whether a text is a list of URIs with `codeDisplay`. Other lines are those of a table or an entry of pass.
fn is_plain(probe: &Probe<'_>) -> bool {
    let is_uri = |line: &str| looks_like_uri(line) && !is_migration(line);
    let is_list = |text: &str| {
        text.contains(DISPLAY) && text.lines().filter(|line| !line.trim().is_empty()).all(is_uri)
    };
    probe.json().is_none() && !probe.is_xml() && probe.text().is_some_and(is_list)
}

fn parse_uris(uris: &str) -> ParsedFile {
    let mut parsed = ParsedFile::new(FORMAT.app);
    for (line, uri) in (1..).zip(uris.lines()).filter(|(_, line)| looks_like_uri(line)) {
        let display = parse_display(uri);
        let display = display.as_deref().unwrap_or(&Value::Null);
        let account = parse_account(line, uri, display);
        if display["trashed"] == true {
            let (name, secret) = name_and_secret(line, &account);
            parsed.note_skipped(&name, &secret, "it is in the trash");
        } else {
            parsed.take(account);
        }
    }
    parsed
}

fn parse_account(line: usize, uri: &str, display: &Value) -> Result<Found, RejectedAccount> {
    let tags = display["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let tags = tags.map(str::to_owned).collect();
    let note = (&display["note"]).into();
    let raw = RawAccount { secret: RawSecret::Uri(uri.into()), tags, note, ..RawAccount::default() };
    raw.finish().map_err(|rejected| RejectedAccount { what: format!("line {line}"), ..rejected })
}

/// Returns the name of an account, or its line, and the secret that must not appear in it.
fn name_and_secret(line: usize, account: &Result<Found, RejectedAccount>) -> (String, Zeroizing<String>) {
    let Ok(Found { enrolment: Enrolment { label, key, .. }, .. }) = account else {
        return (format!("line {line}"), Zeroizing::default());
    };
    let name = match (&*label.issuer, &*label.account_name) {
        ("", "") => format!("line {line}"),
        ("", name) => name.to_owned(),
        (issuer, name) => format!("{issuer}:{name}"),
    };
    (name, key.secret().to_base32())
}

/// Returns the `codeDisplay` of a URI. Form encoding has replaced its spaces with `+`.
fn parse_display(uri: &str) -> Option<Json> {
    let (_, query) = uri.split_once('?')?;
    let raw = query.split('&').find_map(|pair| pair.strip_prefix(DISPLAY))?.trim().replace('+', " ");
    Json::parse(&percent_decode_str(&raw).decode_utf8().ok()?).ok()
}

#[cfg(test)]
mod tests;
