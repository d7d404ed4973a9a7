//! Finds secrets that would remain as plain text outside the records of an encrypted vault.

use std::collections::{HashMap, HashSet};

use zeroize::Zeroizing;

use super::error::DocumentError;
use crate::otp::{Account, Secret};

/// The shortest spelling that is searched for, in characters: a shorter one may occur by chance
const MIN_SECRET_LEN: usize = 16;

const QUOTES: [char; 2] = ['"', '\''];

/// Rejects the encrypted text `after` if it still holds the secret of an account, or a comment with a secret.
///
/// Such a comment may be a record that was commented out.
///
/// # Errors
/// `PlainSecret` or `CommentedSecret`, with the line in `before`, the text of the plain-text vault.
pub(super) fn reject_plain_secrets(
    before: &str,
    after: &str,
    accounts: impl Iterator<Item = Account>,
) -> Result<(), DocumentError> {
    if let Some(at) = find(after, &spellings(accounts)) {
        let line = line_at(after, at);
        let index = before.lines().position(|other| other == line);
        return Err(DocumentError::PlainSecret(index.map(|index| index + 1)));
    }
    let has_secret = |line: &str| line.split_once('#').is_some_and(|(_, comment)| sets_secret(comment));
    match before.lines().position(has_secret) {
        Some(index) => Err(DocumentError::CommentedSecret(index + 1)),
        None => Ok(()),
    }
}

/// Returns the secrets that are long enough, in Base32 and in hexadecimal digits.
fn spellings(accounts: impl Iterator<Item = Account>) -> Vec<Zeroizing<String>> {
    let spellings = accounts.flat_map(|account| {
        let secret = account.key.secret();
        [secret.to_base32(), Zeroizing::new(data_encoding::HEXUPPER.encode(secret.expose()))]
    });
    spellings.filter(|spelling| spelling.len() >= MIN_SECRET_LEN).collect()
}

/// Finds the first of these spellings in a text, and returns its byte offset.
///
/// Ignores case, and everything between the letters and digits: blanks, dashes, line endings. Looks the spellings up by
/// their beginnings, so that one pass over the text is enough for all of them.
fn find(text: &str, spellings: &[Zeroizing<String>]) -> Option<usize> {
    let mut by_beginning: HashMap<&[u8], HashSet<&[u8]>> = HashMap::new();
    for spelling in spellings.iter().map(|spelling| spelling.as_bytes()) {
        by_beginning.entry(&spelling[..MIN_SECRET_LEN]).or_default().insert(spelling);
    }
    let letters = || text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric());
    let mut upper = Zeroizing::new(Vec::with_capacity(text.len()));
    upper.extend(letters().map(|(_, byte)| byte.to_ascii_uppercase()));
    let index = upper.windows(MIN_SECRET_LEN).enumerate().position(|(at, beginning)| {
        let spellings = by_beginning.get(beginning);
        spellings.is_some_and(|all| all.iter().any(|spelling| upper[at..].starts_with(spelling)))
    })?;
    letters().nth(index).map(|(at, _)| at)
}

fn line_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// Returns whether a comment holds `secret = "…"`, like a record, or `secret=…`, like a URI.
fn sets_secret(comment: &str) -> bool {
    let values = comment.split("secret").skip(1).filter_map(|rest| {
        let value = rest.trim_start_matches(QUOTES).trim_start().strip_prefix('=')?.trim_start();
        match value.strip_prefix(QUOTES) {
            Some(quoted) => quoted.split(QUOTES).next(),
            None => value.split([' ', '&', '#']).next(),
        }
    });
    values.map(Secret::from_base32).any(|read| read.is_ok_and(|(secret, _)| !secret.is_short()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Enrolment, Key, Label, Parameters};

    const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    fn account(bytes: Vec<u8>) -> Account {
        let key = Key::new(Secret::from_bytes(bytes).unwrap(), Parameters::DEFAULT);
        Enrolment::new(Label::default(), key).named("a".parse().unwrap())
    }

    fn check(before: &str, after: &str) -> Result<(), DocumentError> {
        let secret = Secret::from_base32(SECRET).unwrap().0;
        reject_plain_secrets(before, after, [account(secret.expose().to_vec())].into_iter())
    }

    #[test]
    fn a_secret_in_any_spelling_is_named_by_its_line() {
        for text in [
            "note = \"\"\"\nJBSWY3DPEHPK3PXP\nJBSWY3DPEHPK3PXP\"\"\"",
            "note = \"\"\"\njbsw-y3dp ehpk-3pxp \\\r\n  jbsw-y3dp ehpk-3pxp\"\"\"",
            "# here\n# JBSWY3DPEHPK3PXP\n# JBSWY3DPEHPK3PXP",
            "#\n# the old key JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP is here",
        ] {
            let before = format!("version = 1\n{text}\n");
            let after = format!("version = 2\n[vault]\nid = 1\n{text}\n");
            assert_eq!(check(&before, &after), Err(DocumentError::PlainSecret(Some(3))), "{text}");
        }
        let named = format!("accounts = [\n    \"{SECRET}\"\n]\n");
        assert_eq!(check("", &named), Err(DocumentError::PlainSecret(None)));
    }

    #[test]
    fn a_commented_out_secret_is_named_by_its_line() {
        for (comment, is_secret) in [
            ("#secret = \"NUTCG65YNUTCG65YNUTCG65Y\"", true),
            ("# gone = { \"secret\" = 'nutc g65y nutc g65y' }", true),
            ("x = 1 # otpauth://totp/x?secret=NUTCG65YNUTCG65Y&issuer=y", true),
            ("#secret=NUTCG65YNUTCG65Y", true),
            ("# secret = \"...\"", false),
            ("# secret = \"BASE32\"", false),
            ("# secret = where the key of this account is written", false),
            ("# the secret of this one is kept elsewhere", false),
            ("#[accounts.gone]", false),
        ] {
            let text = format!("version = 1\n{comment}\n");
            let expected = if is_secret { Err(DocumentError::CommentedSecret(2)) } else { Ok(()) };
            assert_eq!(check(&text, &text), expected, "{comment}");
        }
    }
}
