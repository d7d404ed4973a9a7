//! Reads the file of 2fa, a command by Russ Cox: lines `name digits secret`, for HOTP followed by a counter.

use crate::formats::{Format, Found, ParsedFile, RawAccount, RawSecret, Recognised, RejectedAccount};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "2fa",
    detect: |probe| {
        let text = probe.text().unwrap_or_default();
        !text.is_empty() && text.lines().all(|line| line.is_empty() || parse_line(line).is_some())
    },
    read: |probe| {
        let mut parsed = ParsedFile::new(FORMAT.app);
        for line in probe.text().unwrap_or_default().lines().filter_map(parse_line) {
            parsed.take(parse_account(&line));
        }
        Ok(Recognised::Plain(parsed))
    },
};

/// Digits of a counter, which 2fa overwrites in place
const COUNTER: usize = 20;

struct Line<'a> {
    name: &'a str,
    digits: &'a str,
    secret: &'a str,
    /// The last used counter
    counter: Option<&'a str>,
}

fn parse_line(line: &str) -> Option<Line<'_>> {
    let words: Vec<&str> = line.trim_end().split(' ').collect();
    let (name, digits, secret, counter) = match words[..] {
        [name, digits, secret] => (name, digits, secret, None),
        [name, digits, secret, counter] => (name, digits, secret, Some(counter)),
        _ => return None,
    };
    let is_counter =
        |counter: &str| counter.len() == COUNTER && counter.bytes().all(|byte| byte.is_ascii_digit());
    let is_line = matches!(digits, "6" | "7" | "8") && counter.is_none_or(is_counter);
    is_line.then_some(Line { name, digits, secret, counter })
}

fn parse_account(line: &Line<'_>) -> Result<Found, RejectedAccount> {
    let raw = RawAccount {
        account_name: line.name.into(),
        digits: line.digits.into(),
        secret: RawSecret::Base32(line.secret.into()),
        ..RawAccount::default()
    };
    let Some(last) = line.counter else { return raw.finish() };
    match last.parse::<u64>().ok().and_then(|last| last.checked_add(1)) {
        Some(next) => RawAccount { kind: "hotp".into(), counter: next.into(), ..raw }.finish(),
        None => Err(raw.reject("its counter is too large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_has_three_or_four_words() {
        for line in ["a 6 jbswy3dpehpk3pxp", "a 8 JBSWY3DPEHPK3PXP 00000000000000000041"] {
            assert!(parse_line(line).is_some(), "{line}");
        }
        for line in ["", "a 5 x", "a 6", "a 6 x 41", "a b c", "a 6 x y z", "a 6 x 0000000000000000004x"] {
            assert!(parse_line(line).is_none(), "{line}");
        }
        let full = parse_account(&parse_line("a 6 JBSWY3DPEHPK3PXP 99999999999999999999").unwrap());
        assert_eq!(full.unwrap_err().reason, "its counter is too large");
    }
}
