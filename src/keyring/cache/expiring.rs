//! A key cache in the system's key store, with an expiry time beside each key.

use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::keyring::cache::error::CacheError;
use crate::keyring::key_text::{from_base64, to_base64};
use crate::keyring::store::KeyringEntries;
use crate::vault::crypto::DataKey;

/// Service name of cached keys, different from that of stored keys
const SERVICE: &str = "mfa cache";

pub(crate) fn put(vault: &str, key: &DataKey, seconds: Option<u64>) -> Result<(), CacheError> {
    put_at(&KeyringEntries::open(SERVICE)?, vault, key, seconds, Clock::System.now()?)
}

pub(crate) fn get(vault: &str) -> Result<Option<DataKey>, CacheError> {
    Ok(get_with_expiry(vault)?.map(|(key, _)| key))
}

pub(crate) fn get_with_expiry(vault: &str) -> Result<Option<(DataKey, Option<u64>)>, CacheError> {
    get_at(&KeyringEntries::open(SERVICE)?, vault, Clock::System.now()?)
}

pub(crate) fn forget(vault: &str) -> Result<bool, CacheError> {
    Ok(KeyringEntries::open(SERVICE)?.remove(vault)?)
}

pub(crate) fn forget_all() -> Result<usize, CacheError> {
    Ok(KeyringEntries::open(SERVICE)?.clear()?)
}

fn put_at(
    entries: &KeyringEntries,
    vault: &str,
    key: &DataKey,
    seconds: Option<u64>,
    now: u64,
) -> Result<(), CacheError> {
    let until = seconds.map(|seconds| now.saturating_add(seconds));
    Ok(entries.write(vault, render(key, until))?)
}

fn get_at(
    entries: &KeyringEntries,
    vault: &str,
    now: u64,
) -> Result<Option<(DataKey, Option<u64>)>, CacheError> {
    let Some(text) = entries.read(vault)? else {
        return Ok(None);
    };
    let (key, until) = parse(&text).ok_or(CacheError::Damaged)?;
    if until.is_some_and(|until| until <= now) {
        entries.remove(vault)?;
        return Ok(None);
    }
    Ok(Some((key, until)))
}

/// Returns `KEY SECONDS`: Base64, and the expiry in Unix seconds or `-` for none.
fn render(key: &DataKey, until: Option<u64>) -> Zeroizing<String> {
    let until = until.map_or_else(|| "-".to_owned(), |until| until.to_string());
    // A string that grows would leave copies of the key behind.
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
    use crate::keyring::key_text::test_key;

    fn key() -> DataKey {
        test_key(9)
    }

    #[test]
    fn entry_is_parsed_from_its_text() {
        for until in [None, Some(0), Some(1_763_733_600), Some(u64::MAX)] {
            let (parsed, read) = parse(render(&key(), until).as_bytes()).expect("our own text");
            assert_eq!((parsed, read), (key(), until));
        }
    }

    #[test]
    fn other_text_is_no_entry() {
        let key = to_base64(&key());
        for text in ["", " ", "-", &key, &format!("{} ", *key), &format!("{} +x", *key), "AAAA 17", " 17"] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[cfg(feature = "key-store")]
    #[test]
    fn expired_key_is_not_returned_and_removed() {
        let entries = KeyringEntries::mock(SERVICE);
        put_at(&entries, "v", &key(), Some(60), 1000).expect("a mock");
        assert_eq!(get_at(&entries, "v", 1059), Ok(Some((key(), Some(1060)))));
        assert_eq!(get_at(&entries, "v", 1060), Ok(None));
        assert_eq!(
            get_at(&entries, "v", 1000),
            Ok(None),
            "it is removed: a clock set back must not revive it"
        );
    }

    #[cfg(feature = "key-store")]
    #[test]
    fn key_without_expiry_and_key_with_the_latest_expiry_stay() {
        for seconds in [None, Some(u64::MAX)] {
            let entries = KeyringEntries::mock(SERVICE);
            put_at(&entries, "v", &key(), seconds, 1000).expect("a mock");
            let until = seconds.map(|_| u64::MAX);
            assert_eq!(get_at(&entries, "v", u64::MAX - 1), Ok(Some((key(), until))));
        }
    }

    #[cfg(feature = "key-store")]
    #[test]
    fn foreign_value_is_an_error() {
        let entries = KeyringEntries::mock(SERVICE);
        entries.write("v", Zeroizing::new("hunter2".to_owned())).expect("a mock");
        assert_eq!(get_at(&entries, "v", 0), Err(CacheError::Damaged));
    }
}
