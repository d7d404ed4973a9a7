//! Texts that may hold a secret: redacted in messages.

use std::path::Path;

use zeroize::Zeroizing;

use crate::text::sanitize;

/// The most characters of a foreign text that a message shows
const SHOWN_CHARACTERS: usize = 40;

/// The most characters of a path that a message shows: its end
const SHOWN_OF_PATH: usize = 200;

/// The shortest run of characters that counts as a secret: Base32 of 80 bits, the shortest key that services issue, less two
/// characters that may have been lost in copying
const SECRET_CHARACTERS: usize = 14;

/// The length of Base32 of 80 bits, the shortest key that services issue
const KEY_CHARACTERS: usize = 16;

/// Returns a foreign text for a message: `…` if it may be a secret, otherwise sanitised and shortened.
pub(crate) fn redact(text: &str) -> String {
    if may_hold_secret(text) {
        return "…".to_owned();
    }
    shorten(&sanitize(text))
}

/// Returns a word of the command line that mfa does not know: `…` if it may be a secret, a passphrase, or a key in lower case.
///
/// No command and no option has so long a word.
pub(crate) fn redact_word(word: &str) -> String {
    let mut runs = word.split(|c: char| !c.is_ascii_alphanumeric());
    if word.contains(char::is_whitespace) || runs.any(|run| run.len() >= SECRET_CHARACTERS) {
        return "…".to_owned();
    }
    redact(word)
}

/// Returns a foreign name for a message about the account with this secret, which is a key or a URI.
///
/// Capitals and digits are normal in such a name, so it is `…` only if it holds that secret or is certainly a key itself. Without a secret to compare with, it is treated as by [`redact`].
pub(crate) fn redact_near(secret: &str, name: &str) -> String {
    let key = key_in(secret);
    if key.is_empty() {
        return redact(name);
    }
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let is_secret = holds_uri(name) || is_grouped_in_fours(name) || words.any(is_secret_key);
    if is_secret || normalize(name).contains(&*key) { "…".to_owned() } else { shorten(&sanitize(name)) }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// Returns the normalised key of a text that is a key or a URI, or nothing if the URI has no key.
fn key_in(text: &str) -> Zeroizing<String> {
    let lower = Zeroizing::new(text.to_ascii_lowercase());
    if let Some((_, rest)) = lower.split_once("secret=") {
        return normalize(rest.split('&').next().unwrap_or_default());
    }
    match lower.split_once("://") {
        Some((scheme, key)) if scheme.ends_with("steam") => normalize(key),
        Some(_) => Zeroizing::default(),
        None => normalize(&lower),
    }
}

/// Returns the ASCII letters and digits in lower case, without the characters that group them.
fn normalize(text: &str) -> Zeroizing<String> {
    let symbols = text.bytes().filter(u8::is_ascii_alphanumeric);
    Zeroizing::new(symbols.map(|byte| char::from(byte.to_ascii_lowercase())).collect())
}

/// Returns a path for a message: `…` if it may be a secret, otherwise sanitised, with its last 200 characters.
pub(crate) fn shown_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if may_hold_secret(&text) && !is_file_name(path) && !path.exists() {
        return "…".to_owned();
    }
    let cleaned = sanitize(&text);
    match cleaned.char_indices().rev().nth(SHOWN_OF_PATH) {
        Some((cut, _)) => format!("…{}", &cleaned[cut..]),
        None => cleaned,
    }
}

/// Quotes a path as an argument for a shell. A path that begins with `-` gets `./` in front.
pub(crate) fn argument(path: &str) -> String {
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    shlex::try_quote(&path).map_or_else(|_| path.clone(), Into::into)
}

/// Returns whether a text may hold a secret: a URI, or letters and digits mixed as in no name, in any grouping and with any
/// typing error.
pub(crate) fn may_hold_secret(text: &str) -> bool {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '-' | '=' | '_');
    let grouped: String = text.chars().filter(|&c| !is_joint(c)).collect();
    holds_uri(text)
        || is_grouped_in_fours(text)
        || grouped.split(|c: char| !c.is_ascii_alphanumeric()).any(looks_like_secret)
}

/// Returns whether a text is at least four words of four characters, as Google and others show a key.
fn is_grouped_in_fours(text: &str) -> bool {
    let is_four = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split_whitespace().count() >= 4 && text.split_whitespace().all(is_four)
}

fn holds_uri(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["otpauth:", "otpauth-migration:", "steam://", "secret="].iter().any(|mark| lower.contains(mark))
}

/// Returns whether a text is certainly a secret key, so that it can be rejected as a name or a file.
///
/// Such a text is Base32 throughout, in capitals or with as many digits among its letters as in random text.
pub(crate) fn is_secret_key(text: &str) -> bool {
    let symbols: Vec<u8> =
        text.bytes().filter(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'-' | b'=')).collect();
    let is_base32 = symbols.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7'));
    let capitals = !symbols.iter().any(u8::is_ascii_lowercase);
    let has_digits = symbols.iter().any(u8::is_ascii_digit);
    let mixed =
        symbols.windows(2).filter(|pair| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic()).count();
    symbols.len() >= KEY_CHARACTERS && is_base32 && (capitals && has_digits || mixed * 12 >= symbols.len())
}

/// Returns whether a path has a file ending, as `Screenshot 2026-11-21 at 10.png` does.
fn is_file_name(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
    (1..=4).contains(&ending.len()) && ending.chars().all(char::is_alphanumeric) && !holds_uri(&text)
}

/// Returns whether a run of letters and digits is no word: words have lower-case letters, and digits at their end only.
fn looks_like_secret(run: &str) -> bool {
    let digit_then_letter = |pair: &[u8]| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic();
    let all_capitals = !run.contains(|c: char| c.is_ascii_lowercase());
    run.len() >= SECRET_CHARACTERS && (all_capitals || run.as_bytes().windows(2).any(digit_then_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redact_hides_a_secret_in_any_grouping() {
        for secret in [
            "JBSWY3DPEHPK3PXP",
            "jbswy3dpehpk3pxp",
            "jbsw y3dp ehpk 3pxp",
            "kxnq pwzr tlmv cbhg",
            "JBSW-Y3DP-EHPK-3PXP",
            "JBSWY3DPEHPK3PXP====",
            "ABCDEFGHIJKLMNOP",
            "JBSWY3DPEHPK3PX0",
            "jbswy3dpehpk3px1",
            "JBSWY3DPEHPK3P",
            "JBSWY3DP_EHPK3PXP_",
            "3132333435363738393a3b3c3d3e3f4041424344",
            "x/JBSWY3DPEHPK3PXP0",
            "otpauth://totp/x",
            "steam://ABC",
        ] {
            assert_eq!(redact(secret), "…", "{secret}");
            assert_eq!(shown_path(Path::new(secret)), "…", "{secret}");
        }
        for name in [
            "amazon-web-services-production",
            "github",
            "aws-account-number-22",
            "JBSWY3DP",
            "it's 10 o'clock",
            "bank with card",
        ] {
            assert_eq!(redact(name), name);
        }
    }

    #[test]
    fn redact_word_hides_what_no_command_looks_like() {
        for word in ["kxnqpwzrtlmvcbhg", "--kxnqpwzrtlmvcbhg", "correct horse", "--JBSWY3DPEHPK3PXP"] {
            assert_eq!(redact_word(word), "…");
        }
        for word in ["--new-passphrase-file", "completionz", "--min-remainin", "-J"] {
            assert_eq!(redact_word(word), word);
        }
        assert_eq!(redact_word("a\u{1b}b\u{200b}"), "a�b�");
    }

    #[test]
    fn redact_near_hides_a_name_that_holds_the_secret() {
        let key = "kxnqpwzrtlmvcbhg";
        for secret in [
            key,
            "KXNQ PWZR-TLMV CBHG==",
            &format!("steam://{key}"),
            &format!("otpauth://totp/x?algorithm=MD5&Secret={key}&issuer=x"),
        ] {
            for name in [
                "my kxnq pwzr tlmv cbhg",
                "ACME:KXNQPWZRTLMVCBHG",
                "Acme (JBSWY3DPEHPK3PXP)",
                "jbsw y3dp ehpk 3pxp",
                "secret=x",
            ] {
                assert_eq!(redact_near(secret, name), "…", "{secret} {name}");
            }
            for name in ["DEUTSCHE TELEKOM 2", "3dprinting-shop@example.com", "ACME:bob"] {
                assert_eq!(redact_near(secret, name), name);
            }
            assert_eq!(redact_near(secret, "a\u{1b}b\u{202e}"), "a�b�");
        }
        for unknown in ["", " ", "otpauth://totp/x"] {
            assert_eq!(redact_near(unknown, "DEUTSCHE TELEKOM"), "…");
        }
    }

    #[test]
    fn is_secret_key_accepts_names() {
        for key in [
            "JBSWY3DPEHPK3PXP",
            "jbsw y3dp ehpk 3pxp",
            "NUTC-G65Y-NFAS-DGBA-EDUC-HBVE",
            "JBSWY3DPEHPK3PXP====",
        ] {
            assert!(is_secret_key(key), "{key}");
        }
        for name in
            ["k8s-production-cluster", "eu3-prod-root-account", "AMAZONWEBSERVICES", "JBSWY3DP", "qrcode.png"]
        {
            assert!(!is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn shown_path_names_a_missing_screenshot() {
        let name = "Screenshot 2026-11-21 at 10.20.30.png";
        assert_eq!(shown_path(Path::new(name)), name);
        assert_eq!(shown_path(Path::new("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=a.b")), "…");
    }

    #[test]
    fn long_texts_are_shortened() {
        assert_eq!(redact(&"é".repeat(50)), format!("{}…", "é".repeat(40)));
        assert_eq!(redact("short"), "short");
        assert_eq!(shown_path(Path::new(&"é".repeat(300))), format!("…{}", "é".repeat(201)));
    }
}
