//! Text from outside: what must not reach a terminal, a file or a message as it is.

use std::path::Path;

use zeroize::Zeroizing;

/// The most characters of a foreign text that a message shows
const SHOWN_CHARACTERS: usize = 40;

/// The most characters of a path that a message shows: its end
const SHOWN_OF_PATH: usize = 200;

/// The shortest run that is taken for a secret: Base32 of 80 bits, what the least careful services hand out, less what
/// may have been forgotten in copying
const SECRET_CHARACTERS: usize = 14;

/// Base32 of 80 bits, the shortest key that services hand out
const KEY_CHARACTERS: usize = 16;

/// Whether a character can move the cursor, break a line or turn the direction of the text: control characters
/// (C0, C1), line separators, bidirectional marks, overrides and isolates, tags
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{206f}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The text with every unsafe character replaced by `�`
pub(crate) fn sanitize(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A foreign text as a message shows it: hidden where it may be a secret, cleaned, and cut where it is long
pub(crate) fn redact(text: &str) -> String {
    if may_hold_secret(text) {
        return "…".to_owned();
    }
    cut(&sanitize(text))
}

/// A foreign name beside a secret, which is a key or a URI, as a message shows it: as capitals and digits as it likes, as
/// long as it does not hold that secret, and is none itself. Without a secret nobody knows where it went.
pub(crate) fn redact_near(secret: &str, name: &str) -> String {
    let key = key_in(secret);
    if key.is_empty() {
        return redact(name);
    }
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let is_secret = holds_uri(name) || is_grouped_in_fours(name) || words.any(is_secret_key);
    if is_secret || normalize(name).contains(&*key) { "…".to_owned() } else { cut(&sanitize(name)) }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

/// The key in a text that is one, or a URI with one; empty where the URI has none
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

/// Letters and digits, whatever they are grouped by, in lower case
fn normalize(text: &str) -> Zeroizing<String> {
    let symbols = text.bytes().filter(u8::is_ascii_alphanumeric);
    Zeroizing::new(symbols.map(|byte| char::from(byte.to_ascii_lowercase())).collect())
}

/// A path as a message shows it: likewise, but long enough to be found
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

/// A path as a shell's command takes it, which may begin with a dash
pub(crate) fn argument(path: &str) -> String {
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    shlex::try_quote(&path).map_or_else(|_| path.clone(), Into::into)
}

/// Whether somebody may have put a secret where it does not belong: a URI, or letters and digits mixed as no person
/// would mix them in a name, in any grouping and with any typing error
pub(crate) fn may_hold_secret(text: &str) -> bool {
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '-' | '=' | '_');
    let grouped: String = text.chars().filter(|&c| !is_joint(c)).collect();
    holds_uri(text)
        || is_grouped_in_fours(text)
        || grouped.split(|c: char| !c.is_ascii_alphanumeric()).any(looks_like_secret)
}

/// As Google and others show a key, which may by chance hold no digit
fn is_grouped_in_fours(text: &str) -> bool {
    let is_four = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.split_whitespace().count() >= 4 && text.split_whitespace().all(is_four)
}

fn holds_uri(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["otpauth:", "otpauth-migration:", "steam://", "secret="].iter().any(|mark| lower.contains(mark))
}

/// Whether a text is so surely a secret key that it can be refused as a name or a file: Base32 throughout, in capitals
/// or with as many digits among its letters as chance puts there
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

/// A name with an ending, such as `Screenshot 2026-11-21 at 10.png`, is a file's, however its digits stand
fn is_file_name(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
    (1..=4).contains(&ending.len()) && ending.chars().all(char::is_alphanumeric) && !holds_uri(&text)
}

/// Words have lower-case letters, and digits at their end only
fn looks_like_secret(run: &str) -> bool {
    let digit_then_letter = |pair: &[u8]| pair[0].is_ascii_digit() && pair[1].is_ascii_alphabetic();
    let all_capitals = !run.contains(|c: char| c.is_ascii_lowercase());
    run.len() >= SECRET_CHARACTERS && (all_capitals || run.as_bytes().windows(2).any(digit_then_letter))
}

/// A text that may stand in a label, for the command line.
///
/// # Errors
/// What a terminal would obey.
pub(crate) fn plain_label(text: &str) -> Result<String, &'static str> {
    if text.chars().any(is_unsafe) {
        return Err("it holds control characters or text direction overrides");
    }
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_are_replaced() {
        assert_eq!(sanitize("a\u{1b}[31mb\u{202e}c\u{9b}d\n"), "a�[31mb�c�d�");
        assert_eq!(sanitize("Bücher & Töne 例え 🦀"), "Bücher & Töne 例え 🦀");
    }

    #[test]
    fn a_secret_in_any_grouping_is_hidden() {
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
    fn a_name_is_hidden_where_it_holds_the_secret_beside_it() {
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
    fn only_what_is_surely_a_key_is_refused_as_a_name() {
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
    fn a_missing_screenshot_is_named() {
        let name = "Screenshot 2026-11-21 at 10.20.30.png";
        assert_eq!(shown_path(Path::new(name)), name);
        assert_eq!(shown_path(Path::new("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&issuer=a.b")), "…");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(redact(&"é".repeat(50)), format!("{}…", "é".repeat(40)));
        assert_eq!(redact("short"), "short");
        assert_eq!(shown_path(Path::new(&"é".repeat(300))), format!("…{}", "é".repeat(201)));
    }
}
