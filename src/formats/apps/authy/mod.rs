//! Reads files taken out of Authy, which has no export.
//!
//! Users intercepted the app's traffic, requested their data (GDPR), ran a script in the desktop app, or copied the
//! preferences of a rooted phone.

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
            || probe.is_xml() && probe.text().is_some_and(|text| text.contains(PREFERENCE_PREFIX))
    },
    read,
};

/// Prefix of the names of the preferences that hold tokens
const PREFERENCE_PREFIX: &str = "com.authy.storage.";

/// PBKDF2 iterations of all tokens together, enough for a thousand tokens of 100 000 iterations
const MAX_ITERATIONS: u64 = 100_000_000;

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let tokens = match probe.json() {
        Some(json) => parse_json(json)?,
        None if probe.is_xml() => parse_preferences(probe.text().unwrap_or_default())?,
        None => parse_table(probe.text().unwrap_or_default())?,
    };
    let iterations = tokens.iter().map(|token| u64::from(token.iterations())).sum::<u64>();
    if iterations > MAX_ITERATIONS {
        return Err(FormatError::TooCostly("PBKDF2"));
    }
    if iterations == 0 {
        return decrypt_tokens(&tokens, "").map(Recognised::Plain);
    }
    Ok(Recognised::encrypted(FORMAT.app, move |password| decrypt_tokens(&tokens, password)))
}

/// Decrypts the tokens.
///
/// # Errors
/// `WrongPasswordOrDamaged` if no encrypted seed can be decrypted: the file has no other check of the password.
fn decrypt_tokens(tokens: &[Token], password: &str) -> Result<ParsedFile, FormatError> {
    let mut parsed = ParsedFile::new(FORMAT.app);
    let mut decrypted = 0;
    for token in tokens {
        let account = token.decrypt(password);
        decrypted += usize::from(token.iterations() > 0 && account.is_ok());
        parsed.take(account);
    }
    let is_any_encrypted = tokens.iter().any(|token| token.iterations() > 0);
    if is_any_encrypted && decrypted == 0 { Err(FormatError::WrongPasswordOrDamaged) } else { Ok(parsed) }
}

fn parse_json(json: &Value) -> Result<Vec<Token>, FormatError> {
    if let Some(tokens) = json["authenticator_tokens"].as_array() {
        return tokens.iter().map(Token::from_traffic).collect();
    }
    if let Some(tokens) = json["decrypted_authenticator_tokens"].as_array() {
        return Ok(tokens.iter().map(Token::from_decrypted_traffic).collect());
    }
    let tokens = json.as_array().ok_or(FormatError::Damaged("it has no list of tokens"))?;
    Ok(tokens.iter().map(Token::from_script).collect())
}

fn parse_table(text: &str) -> Result<Vec<Token>, FormatError> {
    let mut tokens = Vec::new();
    let mut table = Table::parse(text)?;
    while let Some(row) = table.next()? {
        tokens.push(Token::from_disclosure(
            row.get("name"),
            row.get("encrypted_seed"),
            row.get("salt"),
            row.get("iv"),
        )?);
    }
    Ok(tokens)
}

fn parse_preferences(text: &str) -> Result<Vec<Token>, FormatError> {
    let mut tokens = Vec::new();
    let preferences = android_preferences::strings(text)?;
    for (_, value) in preferences
        .iter()
        .filter(|(name, _)| name.starts_with(PREFERENCE_PREFIX) && name.strip_suffix(".key").is_some())
    {
        let json = Json::parse(value)?;
        let list = json.as_array().ok_or(FormatError::Damaged("it has no list of tokens"))?;
        for token in list {
            tokens.push(Token::from_preferences(token)?);
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
            Recognised::Plain(parsed) => Ok(parsed),
        }
    }

    #[test]
    fn token_with_another_password_is_rejected_by_name() {
        let file = include_str!("../../../../tests/fixtures/import/authy/authenticator_tokens.json");
        let changed = file.replace("06TPDTGV", "16TPDTGV").replace("y9oKOWRG", "");
        let parsed = open(&changed, "correct horse battery").unwrap();
        let rejected: Vec<&str> = parsed.rejected.iter().map(|rejected| rejected.what.as_str()).collect();
        assert_eq!((parsed.found.len(), rejected), (4, vec!["Example:alice@example.com", "bare-account"]));
    }

    #[test]
    fn too_many_iterations_are_rejected_without_deriving() {
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
