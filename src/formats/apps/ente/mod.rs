//! Exports of Ente Auth: a list of URIs, each with a `codeDisplay` of Ente's own, open or under a password.

mod sealed;
mod secretstream;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::formats::apps::google::is_migration;
use crate::formats::codec::json::Json;
use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use crate::otp::{Enrolment, looks_like_uri};
use crate::text::redact_near;
use sealed::Export;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Ente Auth",
    detect: |probe| is_plain(probe) || probe.has_keys(&["encryptedData", "encryptionNonce", "kdfParams"]),
    read,
};

/// What Ente adds to a URI: JSON
const DISPLAY: &str = "codeDisplay=";

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let Some(file) = probe.json() else {
        return Ok(Recognised::Plain(contents(probe.text().unwrap_or_default())));
    };
    let export = Export::parse(file)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let uris = export.open(password)?;
        Ok(contents(&uris))
    }))
}

/// Without it, or with other lines among the URIs, the text is another's: a table, an entry of pass, a list as anybody
/// has it
fn is_plain(probe: &Probe<'_>) -> bool {
    let is_uri = |line: &str| looks_like_uri(line) && !is_migration(line);
    let is_list = |text: &str| {
        text.contains(DISPLAY) && text.lines().filter(|line| !line.trim().is_empty()).all(is_uri)
    };
    probe.json().is_none() && !probe.is_xml() && probe.text().is_some_and(is_list)
}

fn contents(uris: &str) -> ParsedFile {
    let mut contents = ParsedFile::new(FORMAT.app);
    for (line, uri) in (1..).zip(uris.lines()).filter(|(_, line)| looks_like_uri(line)) {
        let display = display(uri);
        let display = display.as_deref().unwrap_or(&Value::Null);
        let account = account(line, uri, display);
        if display["trashed"] == true {
            contents.notes.push(format!("{} is in the trash, and was passed over", name(line, &account)));
        } else {
            contents.take(account);
        }
    }
    contents
}

fn account(line: usize, uri: &str, display: &Value) -> Result<Found, RejectedAccount> {
    let tags = display["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let tags = tags.map(str::to_owned).collect();
    let draft = RawAccount { secret: RawSecret::Uri(uri.into()), tags, ..RawAccount::default() };
    draft.finish().map_err(|refused| RejectedAccount { what: format!("line {line}"), ..refused })
}

fn name(line: usize, account: &Result<Found, RejectedAccount>) -> String {
    let Some(Enrolment { label, key, .. }) = account.as_ref().ok().map(|found| &found.enrolment) else {
        return format!("line {line}");
    };
    let secret = key.secret().to_base32();
    match (&*label.issuer, &*label.account_name) {
        ("", "") => format!("line {line}"),
        ("", name) => redact_near(&secret, name),
        (issuer, name) => redact_near(&secret, &format!("{issuer}:{name}")),
    }
}

/// The `codeDisplay` of a URI; form encoding has made its blanks `+`
fn display(uri: &str) -> Option<Json> {
    let (_, query) = uri.split_once('?')?;
    let raw = query.split('&').find_map(|pair| pair.strip_prefix(DISPLAY))?.trim().replace('+', " ");
    Json::parse(&percent_decode_str(&raw).decode_utf8().ok()?).ok()
}

#[cfg(test)]
mod tests;
