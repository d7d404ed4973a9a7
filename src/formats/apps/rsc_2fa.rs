//! 2fa, a command by Russ Cox: lines `name digits secret`, with a counter at the end where it is HOTP.

use crate::formats::{Format, Found, ParsedFile, RawAccount, RawSecret, Recognised, RejectedAccount};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "2fa",
    detect: |probe| {
        let text = probe.text().unwrap_or_default();
        !text.is_empty() && text.lines().all(|line| line.is_empty() || fields(line).is_some())
    },
    read: |probe| {
        let mut contents = ParsedFile::new(FORMAT.app);
        for fields in probe.text().unwrap_or_default().lines().filter_map(fields) {
            contents.take(account(&fields));
        }
        Ok(Recognised::Plain(contents))
    },
};

/// Digits of a counter: it is written in place
const COUNTER: usize = 20;

struct Fields<'a> {
    name: &'a str,
    digits: &'a str,
    secret: &'a str,
    /// The last that was used
    counter: Option<&'a str>,
}

fn fields(line: &str) -> Option<Fields<'_>> {
    let words: Vec<&str> = line.trim_end().split(' ').collect();
    let (name, digits, secret, counter) = match words[..] {
        [name, digits, secret] => (name, digits, secret, None),
        [name, digits, secret, counter] => (name, digits, secret, Some(counter)),
        _ => return None,
    };
    let is_counter =
        |counter: &str| counter.len() == COUNTER && counter.bytes().all(|byte| byte.is_ascii_digit());
    let is_line = matches!(digits, "6" | "7" | "8") && counter.is_none_or(is_counter);
    is_line.then_some(Fields { name, digits, secret, counter })
}

fn account(fields: &Fields<'_>) -> Result<Found, RejectedAccount> {
    let draft = RawAccount {
        account_name: fields.name.into(),
        digits: fields.digits.into(),
        secret: RawSecret::Base32(fields.secret.into()),
        ..RawAccount::default()
    };
    let Some(last) = fields.counter else { return draft.finish() };
    match last.parse::<u64>().ok().and_then(|last| last.checked_add(1)) {
        Some(next) => RawAccount { kind: "hotp".into(), counter: next.into(), ..draft }.finish(),
        None => Err(draft.refused("its counter is too large")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_three_words_or_four() {
        for line in ["a 6 jbswy3dpehpk3pxp", "a 8 JBSWY3DPEHPK3PXP 00000000000000000041"] {
            assert!(fields(line).is_some(), "{line}");
        }
        for line in ["", "a 5 x", "a 6", "a 6 x 41", "a b c", "a 6 x y z", "a 6 x 0000000000000000004x"] {
            assert!(fields(line).is_none(), "{line}");
        }
        let full = account(&fields("a 6 JBSWY3DPEHPK3PXP 99999999999999999999").unwrap());
        assert_eq!(full.unwrap_err().reason, "its counter is too large");
    }
}
