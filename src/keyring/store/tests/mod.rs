//! The rules of the key store on a store in memory; the real one is in `secret_service`.

use keyring_core::Error;
use zeroize::Zeroizing;

use super::*;

#[cfg(target_os = "linux")]
mod secret_service;

const KEY: [u8; 32] = [42; 32];

fn cause() -> Box<dyn std::error::Error + Send + Sync> {
    "a cause".into()
}

#[test]
fn a_stored_key_comes_back_until_it_is_forgotten() {
    let shelf = KeyringEntries::mock(SERVICE);
    assert_eq!(get_from(&shelf, "v"), Ok(None));
    assert_eq!(put_on(&shelf, "v", &[1; 32]), Ok(()));
    assert_eq!(put_on(&shelf, "v", &KEY), Ok(()), "a second one replaces the first");
    assert_eq!(get_from(&shelf, "v"), Ok(Some(KEY.into())));
    assert_eq!(get_from(&shelf, "other"), Ok(None));
    assert_eq!(shelf.remove("v"), Ok(true));
    assert_eq!(shelf.remove("v"), Ok(false));
    assert_eq!(get_from(&shelf, "v"), Ok(None));
}

#[test]
fn an_entry_that_is_no_key_is_damage_and_can_be_forgotten() {
    let shelf = KeyringEntries::mock(SERVICE);
    shelf.write("v", Zeroizing::new("hunter2".to_owned())).expect("a mock");
    assert_eq!(get_from(&shelf, "v"), Err(StoreError::Damaged));
    assert_eq!(shelf.remove("v"), Ok(true));
}

#[test]
fn the_causes_are_told_apart() {
    let shelf = KeyringEntries::mock(SERVICE);
    let causes = [
        (Error::NoStorageAccess(cause()), StoreError::Refused),
        (Error::BadEncoding(b"hunter2".to_vec()), StoreError::Damaged),
        (Error::BadDataFormat(b"hunter2".to_vec(), cause()), StoreError::Damaged),
        (Error::Ambiguous(Vec::new()), StoreError::Damaged),
        (Error::PlatformFailure(cause()), StoreError::Failed("Platform failure: a cause".to_owned())),
    ];
    for (error, expected) in causes {
        shelf.fail_next("v", error);
        assert_eq!(get_from(&shelf, "v"), Err(expected));
    }
}

#[test]
fn no_success_is_claimed_for_what_was_refused() {
    let shelf = KeyringEntries::mock(SERVICE);
    shelf.fail_next("v", Error::NoStorageAccess(cause()));
    assert_eq!(put_on(&shelf, "v", &KEY), Err(StoreError::Refused));
    assert_eq!(get_from(&shelf, "v"), Ok(None));
}
