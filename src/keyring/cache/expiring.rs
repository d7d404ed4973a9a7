//! Keys in the system's key store, each with the time until which it holds.

use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::keyring::DataKey;
use crate::keyring::cache::CacheError;
use crate::keyring::data_key::{from_base64, to_base64};
use crate::keyring::store::KeyringEntries;

/// Apart from the keys that the user wants kept for good
const SERVICE: &str = "mfa cache";

pub(super) fn put(vault: &str, key: &[u8; 32], seconds: Option<u64>) -> Result<(), CacheError> {
    put_at(&KeyringEntries::open(SERVICE)?, vault, key, seconds, Clock::System.now()?)
}

pub(super) fn get(vault: &str) -> Result<Option<DataKey>, CacheError> {
    get_at(&KeyringEntries::open(SERVICE)?, vault, Clock::System.now()?)
}

pub(super) fn forget(vault: &str) -> Result<bool, CacheError> {
    Ok(KeyringEntries::open(SERVICE)?.remove(vault)?)
}

pub(super) fn forget_all() -> Result<usize, CacheError> {
    Ok(KeyringEntries::open(SERVICE)?.clear()?)
}

fn put_at(
    shelf: &KeyringEntries,
    vault: &str,
    key: &[u8; 32],
    seconds: Option<u64>,
    now: u64,
) -> Result<(), CacheError> {
    let until = seconds.map(|seconds| now.saturating_add(seconds));
    Ok(shelf.write(vault, render(key, until))?)
}

fn get_at(shelf: &KeyringEntries, vault: &str, now: u64) -> Result<Option<DataKey>, CacheError> {
    let Some(text) = shelf.read(vault)? else {
        return Ok(None);
    };
    let (key, until) = parse(&text).ok_or(CacheError::Damaged)?;
    if until.is_some_and(|until| until <= now) {
        shelf.remove(vault)?;
        return Ok(None);
    }
    Ok(Some(key))
}

/// `KEY SECONDS`: Base64, and Unix seconds or `-` for no end.
fn render(key: &[u8; 32], until: Option<u64>) -> Zeroizing<String> {
    let until = until.map_or_else(|| "-".to_owned(), |until| until.to_string());
    // in one piece of the right size: a string that grows leaves copies behind
    let mut text = Zeroizing::new(String::with_capacity(45 + until.len()));
    text.push_str(&to_base64(key));
    text.push(' ');
    text.push_str(&until);
    text
}

fn parse(text: &[u8]) -> Option<(DataKey, Option<u64>)> {
    let blank = text.iter().position(|byte| *byte == b' ')?;
    let until = match &text[blank + 1..] {
        b"-" => None,
        digits => Some(str::from_utf8(digits).ok()?.parse().ok()?),
    };
    Some((from_base64(&text[..blank])?, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [9; 32];

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        for until in [None, Some(0), Some(1_763_733_600), Some(u64::MAX)] {
            let (key, read) = parse(render(&KEY, until).as_bytes()).expect("our own text");
            assert_eq!((*key, read), (KEY, until));
        }
    }

    #[test]
    fn other_text_is_damage() {
        let key = to_base64(&KEY);
        for text in ["", " ", "-", &key, &format!("{} ", *key), &format!("{} +x", *key), "AAAA 17", " 17"] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[cfg(feature = "key-store")]
    #[test]
    fn an_expired_key_is_not_returned_and_not_kept() {
        let shelf = KeyringEntries::mock(SERVICE);
        put_at(&shelf, "v", &KEY, Some(60), 1000).expect("a mock");
        assert_eq!(get_at(&shelf, "v", 1059), Ok(Some(KEY.into())));
        assert_eq!(get_at(&shelf, "v", 1060), Ok(None));
        assert_eq!(
            get_at(&shelf, "v", 1000),
            Ok(None),
            "deleted, so that a clock set back does not revive it"
        );
    }

    #[cfg(feature = "key-store")]
    #[test]
    fn a_key_without_an_end_and_an_endless_time_hold() {
        for seconds in [None, Some(u64::MAX)] {
            let shelf = KeyringEntries::mock(SERVICE);
            put_at(&shelf, "v", &KEY, seconds, 1000).expect("a mock");
            assert_eq!(get_at(&shelf, "v", u64::MAX - 1), Ok(Some(KEY.into())));
        }
    }

    #[cfg(feature = "key-store")]
    #[test]
    fn a_foreign_value_is_damage_not_a_key() {
        let shelf = KeyringEntries::mock(SERVICE);
        shelf.write("v", Zeroizing::new("hunter2".to_owned())).expect("a mock");
        assert_eq!(get_at(&shelf, "v", 0), Err(CacheError::Damaged));
    }
}
