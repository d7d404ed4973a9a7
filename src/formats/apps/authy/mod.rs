//! Authy, which exports nothing: what people got out of it by listening to the app, by asking for their data, with a
//! script in the desktop app, or from a rooted phone.

mod token;

use serde_json::Value;

use crate::formats::codec::android_preferences;
use crate::formats::codec::csv_table::Table;
use crate::formats::codec::json::Json;
use crate::formats::{Format, FormatError, ParsedFile, Probe, Recognised};
use token::Token;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Authy",
    detect: |probe| {
        probe.has_keys(&["authenticator_tokens"])
            || probe.has_keys(&["decrypted_authenticator_tokens"])
            || probe.lists_objects_with(&["name", "secret", "uri"])
            || probe.has_columns(&["name", "encrypted_seed", "salt", "iv"])
            || probe.is_xml() && probe.text().is_some_and(|text| text.contains(KEY))
    },
    read,
};

/// How the names of the preferences that hold tokens begin
const KEY: &str = "com.authy.storage.";

/// PBKDF2 iterations, all tokens together: a thousand tokens as they are today
const MAX_ITERATIONS: u64 = 100_000_000;

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let tokens = match probe.json() {
        Some(json) => of_json(json)?,
        None if probe.is_xml() => of_preferences(probe.text().unwrap_or_default())?,
        None => of_table(probe.text().unwrap_or_default())?,
    };
    let iterations = tokens.iter().map(|token| u64::from(token.iterations())).sum::<u64>();
    if iterations > MAX_ITERATIONS {
        return Err(FormatError::TooCostly("PBKDF2"));
    }
    if iterations == 0 {
        return contents(&tokens, "").map(Recognised::Plain);
    }
    Ok(Recognised::encrypted(FORMAT.app, move |password| contents(&tokens, password)))
}

/// Nothing but the seeds tells a wrong password: it opens none of them
fn contents(tokens: &[Token], password: &str) -> Result<ParsedFile, FormatError> {
    let mut contents = ParsedFile::new(FORMAT.app);
    let mut opened = 0;
    for token in tokens {
        let account = token.account(password);
        opened += usize::from(token.iterations() > 0 && account.is_ok());
        contents.take(account);
    }
    let is_any_sealed = tokens.iter().any(|token| token.iterations() > 0);
    if is_any_sealed && opened == 0 { Err(FormatError::WrongPasswordOrDamaged) } else { Ok(contents) }
}

fn of_json(json: &Value) -> Result<Vec<Token>, FormatError> {
    if let Some(tokens) = json["authenticator_tokens"].as_array() {
        return tokens.iter().map(Token::intercepted).collect();
    }
    if let Some(tokens) = json["decrypted_authenticator_tokens"].as_array() {
        return Ok(tokens.iter().map(Token::decrypted).collect());
    }
    let tokens = json.as_array().ok_or(FormatError::Damaged("it has no list of tokens"))?;
    Ok(tokens.iter().map(Token::scripted).collect())
}

fn of_table(text: &str) -> Result<Vec<Token>, FormatError> {
    let mut tokens = Vec::new();
    let mut table = Table::parse(text)?;
    while let Some(row) = table.next()? {
        tokens.push(Token::disclosed(
            row.get("name"),
            row.get("encrypted_seed"),
            row.get("salt"),
            row.get("iv"),
        )?);
    }
    Ok(tokens)
}

fn of_preferences(text: &str) -> Result<Vec<Token>, FormatError> {
    let mut tokens = Vec::new();
    let preferences = android_preferences::strings(text)?;
    for (_, value) in
        preferences.iter().filter(|(name, _)| name.starts_with(KEY) && name.strip_suffix(".key").is_some())
    {
        let json = Json::parse(value)?;
        let list = json.as_array().ok_or(FormatError::Damaged("it has no list of tokens"))?;
        for token in list {
            tokens.push(Token::stored(token)?);
        }
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    fn open(json: &str, password: &str) -> Result<ParsedFile, FormatError> {
        match recognise(json.as_bytes())? {
            Recognised::Encrypted(encrypted) => encrypted.open(password),
            Recognised::Plain(contents) => Ok(contents),
        }
    }

    #[test]
    fn a_token_of_another_password_is_refused_by_name() {
        let file = include_str!("../../../../tests/fixtures/import/authy/authenticator_tokens.json");
        let changed = file.replace("06TPDTGV", "16TPDTGV").replace("y9oKOWRG", "");
        let contents = open(&changed, "correct horse battery").unwrap();
        let refused: Vec<&str> = contents.refused.iter().map(|refused| refused.what.as_str()).collect();
        assert_eq!((contents.found.len(), refused), (4, vec!["Example:alice@example.com", "bare-account"]));
    }

    #[test]
    fn a_file_that_asks_for_too_much_is_refused_at_once() {
        let file = |iterations: u64, count: usize| {
            let token = format!(
                r#"{{"name": "a", "encrypted_seed": "", "salt": "x", "key_derivation_iterations": {iterations}}}"#
            );
            format!(r#"{{"authenticator_tokens": [{}]}}"#, vec![token; count].join(","))
        };
        assert_eq!(open(&file(10_000_001, 1), "x").unwrap_err(), FormatError::TooCostly("PBKDF2"));
        assert_eq!(open(&file(100_000, 1001), "x").unwrap_err(), FormatError::TooCostly("PBKDF2"));
        assert_eq!(open(&file(1, 3), "x").unwrap_err(), FormatError::WrongPasswordOrDamaged);
    }
}
