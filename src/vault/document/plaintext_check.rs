//! What would stay as plain text beside the records once their secrets are sealed.

use std::collections::{HashMap, HashSet};

use zeroize::Zeroizing;

use crate::otp::{Account, Secret};
use crate::vault::document::DocumentError;

/// Characters of Base32 from which on a secret is not found in a text by chance
const MIN_SECRET_LEN: usize = 16;

const QUOTES: [char; 2] = ['"', '\''];

/// Refuses a text, `before` whose secrets were sealed, that still holds one of them, or a comment with that of a record
/// that was taken out.
///
/// # Errors
/// `PlainSecret` with the line of `before`, `CommentedSecret`.
pub(super) fn refuse(
    before: &str,
    after: &str,
    accounts: impl Iterator<Item = Account>,
) -> Result<(), DocumentError> {
    if let Some(at) = find(after, &spellings(accounts)) {
        let line = line_at(after, at);
        return Err(DocumentError::PlainSecret(
            before.lines().position(|other| other == line).map(|n| n + 1),
        ));
    }
    match before
        .lines()
        .position(|line| line.split_once('#').is_some_and(|(_, comment)| sets_secret(comment)))
    {
        Some(line) => Err(DocumentError::CommentedSecret(line + 1)),
        None => Ok(()),
    }
}

/// The secrets that are long enough, as Base32 and as hexadecimal digits
fn spellings(accounts: impl Iterator<Item = Account>) -> Vec<Zeroizing<String>> {
    let spellings = accounts.flat_map(|account| {
        let secret = account.key.secret();
        [secret.to_base32(), Zeroizing::new(data_encoding::HEXUPPER.encode(secret.expose()))]
    });
    spellings.filter(|spelling| spelling.len() >= MIN_SECRET_LEN).collect()
}

/// Where in a text one of these stands, in any case and with whatever people put between its letters: blanks, dashes, the
/// ends of lines. It is looked up by its beginning, so that the text is gone through once for all of them.
fn find(text: &str, spellings: &[Zeroizing<String>]) -> Option<usize> {
    let mut by_beginning: HashMap<&[u8], HashSet<&[u8]>> = HashMap::new();
    for spelling in spellings.iter().map(|spelling| spelling.as_bytes()) {
        by_beginning.entry(&spelling[..MIN_SECRET_LEN]).or_default().insert(spelling);
    }
    let letters = || text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric());
    let mut upper = Zeroizing::new(Vec::with_capacity(text.len()));
    upper.extend(letters().map(|(_, byte)| byte.to_ascii_uppercase()));
    let found = upper.windows(MIN_SECRET_LEN).enumerate().position(|(at, beginning)| {
        let spellings = by_beginning.get(beginning);
        spellings.is_some_and(|all| all.iter().any(|spelling| upper[at..].starts_with(spelling)))
    })?;
    letters().nth(found).map(|(at, _)| at)
}

fn line_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// Whether a comment holds `secret = "…"`, as a record has it, or `secret=…`, as a URI has it
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

    fn refused(before: &str, after: &str) -> Result<(), DocumentError> {
        let secret = Secret::from_base32(SECRET).unwrap().0;
        refuse(before, after, [account(secret.expose().to_vec())].into_iter())
    }

    #[test]
    fn a_secret_is_found_however_its_letters_are_apart_and_told_by_its_line_in_the_file_before() {
        for text in [
            "note = \"\"\"\nJBSWY3DPEHPK3PXP\nJBSWY3DPEHPK3PXP\"\"\"",
            "note = \"\"\"\njbsw-y3dp ehpk-3pxp \\\r\n  jbsw-y3dp ehpk-3pxp\"\"\"",
            "# here\n# JBSWY3DPEHPK3PXP\n# JBSWY3DPEHPK3PXP",
            "#\n# the old key JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP is here",
        ] {
            let before = format!("version = 1\n{text}\n");
            let after = format!("version = 2\n[vault]\nid = 1\n{text}\n");
            assert_eq!(refused(&before, &after), Err(DocumentError::PlainSecret(Some(3))), "{text}");
        }
        let named = format!("accounts = [\n    \"{SECRET}\"\n]\n");
        assert_eq!(refused("", &named), Err(DocumentError::PlainSecret(None)));
    }

    #[test]
    fn the_secret_of_a_record_that_is_commented_out_is_told_by_its_line() {
        for (comment, is_one) in [
            ("#secret = \"NUTCG65YNUTCG65YNUTCG65Y\"", true),
            ("# gone = { \"secret\" = 'nutc g65y nutc g65y' }", true),
            ("x = 1 # otpauth://totp/x?secret=NUTCG65YNUTCG65Y&issuer=y", true),
            ("#secret=NUTCG65YNUTCG65Y", true),
            ("# secret = \"...\"", false),
            ("# secret = \"BASE32\"", false),
            ("# secret = where the key of this account is written", false),
            ("# the secret of this one is nobody's business", false),
            ("#[accounts.gone]", false),
        ] {
            let text = format!("version = 1\n{comment}\n");
            let expected = if is_one { Err(DocumentError::CommentedSecret(2)) } else { Ok(()) };
            assert_eq!(refused(&text, &text), expected, "{comment}");
        }
    }
}
