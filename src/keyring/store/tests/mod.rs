//! The key store's rules, on a store in memory. `secret_service` tests a real one.

use std::time::Duration;

use keyring_core::Error;
use zeroize::Zeroizing;

use super::*;
use crate::keyring::key_text::test_key;

#[cfg(target_os = "linux")]
mod secret_service;

fn key() -> DataKey {
    test_key(42)
}

fn cause() -> Box<dyn std::error::Error + Send + Sync> {
    "a cause".into()
}

#[test]
fn stored_key_is_returned_until_it_is_forgotten() {
    let entries = KeyringEntries::mock(SERVICE);
    assert_eq!(read(&entries, "v"), Ok(None));
    assert_eq!(write(&entries, "v", &test_key(1)), Ok(()));
    assert_eq!(write(&entries, "v", &key()), Ok(()), "a second one replaces the first");
    assert_eq!(read(&entries, "v"), Ok(Some(key())));
    assert_eq!(read(&entries, "other"), Ok(None));
    assert_eq!(entries.remove("v"), Ok(true));
    assert_eq!(entries.remove("v"), Ok(false));
    assert_eq!(read(&entries, "v"), Ok(None));
}

#[test]
fn damaged_entry_is_an_error_and_can_be_forgotten() {
    let entries = KeyringEntries::mock(SERVICE);
    entries.write("v", Zeroizing::new("hunter2".to_owned())).expect("a mock");
    assert_eq!(read(&entries, "v"), Err(StoreError::Damaged));
    assert_eq!(entries.remove("v"), Ok(true));
}

#[test]
fn each_cause_has_its_error() {
    let entries = KeyringEntries::mock(SERVICE);
    let causes = [
        (Error::NoStorageAccess(cause()), StoreError::Refused),
        (Error::BadEncoding(b"hunter2".to_vec()), StoreError::Damaged),
        (Error::BadDataFormat(b"hunter2".to_vec(), cause()), StoreError::Damaged),
        (Error::Ambiguous(Vec::new()), StoreError::Damaged),
        (Error::PlatformFailure(cause()), StoreError::Failed("Platform failure: a cause".to_owned())),
    ];
    for (error, expected) in causes {
        entries.fail_next("v", error);
        assert_eq!(read(&entries, "v"), Err(expected));
    }
}

#[test]
fn refused_write_is_an_error_and_stores_nothing() {
    let entries = KeyringEntries::mock(SERVICE);
    entries.fail_next("v", Error::NoStorageAccess(cause()));
    assert_eq!(write(&entries, "v", &key()), Err(StoreError::Refused));
    assert_eq!(read(&entries, "v"), Ok(None));
}

#[test]
fn call_that_hangs_ends_with_a_timeout() {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let hang = move || receiver.recv().map_err(|_| StoreError::Refused);
    assert_eq!(entries::call(Duration::ZERO, hang), Err(StoreError::Timeout(0)));
}

#[test]
fn call_returns_the_result_within_the_timeout() {
    let timeout = Duration::from_secs(60);
    assert_eq!(entries::call(timeout, || Ok(7)), Ok(7));
    assert_eq!(entries::call::<()>(timeout, || Err(StoreError::Refused)), Err(StoreError::Refused));
}
