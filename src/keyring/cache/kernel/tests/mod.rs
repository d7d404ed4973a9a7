//! Tests with the real kernel keyring. Each test names its own vaults and forgets them.

use std::time::{Duration, Instant};

use super::*;
use crate::keyring::key_text::test_key;

mod elsewhere;

fn key() -> DataKey {
    test_key(42)
}

/// A vault id that no other test and no other run uses; forgotten on drop
struct Vault(String);

impl Vault {
    fn new(test: &str) -> Self {
        Self(format!("test-{test}-{}", std::process::id()))
    }

    fn put(&self, seconds: Option<u64>) {
        put(&self.0, &key(), seconds).expect("this kernel has keyrings, and lets tests use them");
    }

    /// Returns the column of `/proc/keys` with the expiry: `perm`, `8h`, `59s`.
    fn expiry(&self) -> String {
        let ring = ring(KeyRingIdentifier::User).expect("a keyring");
        let key = find(ring, &description(&self.0)).expect("a keyring").expect("the key");
        // Look for its number: the list contains a replaced key until the kernel has collected it.
        let number = format!("{:08x} ", key.get_id().as_raw_id());
        let list = fs::read_to_string(KEY_LIST).expect("a list of keys");
        let line = list.lines().find(|line| line.starts_with(&number)).expect("our key");
        line.split_ascii_whitespace().nth(3).expect("a column").to_owned()
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        let _ = forget(&self.0);
    }
}

#[test]
fn cached_key_is_returned_until_it_is_forgotten() {
    let vault = Vault::new("back");
    assert_eq!(get(&vault.0), Ok(None));
    vault.put(Some(60));
    assert_eq!(get(&vault.0), Ok(Some(key())));
    assert_eq!(get(&vault.0), Ok(Some(key())), "reading removes nothing");
    assert_eq!(forget(&vault.0), Ok(true));
    assert_eq!(forget(&vault.0), Ok(false));
    assert_eq!(get(&vault.0), Ok(None));
}

#[test]
fn cached_key_has_its_expiry() {
    let vault = Vault::new("expiry");
    let before = Clock::System.now().expect("a clock");
    vault.put(Some(60));
    let until = get_with_expiry(&vault.0).expect("a keyring").expect("a key").1.expect("an expiry");
    assert!((before + 60..=before + 62).contains(&until), "{before} {until}");
    vault.put(None);
    assert_eq!(get_with_expiry(&vault.0), Ok(Some((key(), None))));
}

#[test]
fn second_key_replaces_the_first_and_its_timeout() {
    let vault = Vault::new("second");
    put(&vault.0, &test_key(1), Some(60)).expect("a keyring");
    vault.put(Some(8 * 3600));
    assert_eq!(get(&vault.0), Ok(Some(key())));
    assert!(["7h", "8h"].contains(&vault.expiry().as_str()), "{}", vault.expiry());
    vault.put(None);
    assert_eq!(vault.expiry(), "perm");
    assert_eq!(forget(&vault.0), Ok(true));
    assert_eq!(get(&vault.0), Ok(None), "the first key does not reappear");
}

#[test]
fn kernel_removes_an_expired_key() {
    let vault = Vault::new("passed");
    vault.put(Some(1));
    assert_eq!(get(&vault.0), Ok(Some(key())));
    let deadline = Instant::now() + Duration::from_secs(20);
    while get(&vault.0) != Ok(None) {
        assert!(Instant::now() < deadline, "still there");
        std::thread::yield_now();
    }
    vault.put(Some(60));
    assert_eq!(get(&vault.0), Ok(Some(key())), "an expired key is replaced");
}

#[test]
fn timeout_of_zero_removes_the_key() {
    let vault = Vault::new("none");
    vault.put(Some(60));
    vault.put(Some(0));
    assert_eq!(get(&vault.0), Ok(None));
}

#[test]
fn timeout_beyond_32_bits_does_not_wrap() {
    let vault = Vault::new("beyond");
    for seconds in [1 << 32, (1 << 32) + 1, u64::MAX] {
        vault.put(Some(seconds));
        // 2^32 seconds are 7101 weeks
        assert_eq!(vault.expiry(), "7101w", "{seconds}");
    }
}

#[test]
fn only_the_user_can_find_and_read_the_key() {
    let vault = Vault::new("rights");
    vault.put(Some(60));
    let key = find(ring(KeyRingIdentifier::User).expect("a keyring"), &description(&vault.0));
    let rights = key.expect("a keyring").expect("the key").metadata().expect("the right to view").get_perms();
    assert_eq!(format!("{:08x}", rights.bits()), "3b0b0000");
}

#[test]
fn thread_keyring_is_empty_after_put() {
    let vault = Vault::new("thread");
    vault.put(Some(60));
    let thread_ring = KeyRing::from_special_id(KeyRingIdentifier::Thread, false).expect("made by put");
    assert_eq!(find(thread_ring, &description(&vault.0)), Ok(None));
}

#[test]
fn value_of_another_length_is_an_error() {
    for length in [1, 31, 32, 33, 39, 41, 100] {
        let vault = Vault::new("damage");
        let ring = ring(KeyRingIdentifier::User).expect("a keyring");
        ring.add_key(&description(&vault.0), &vec![7; length]).expect("a key");
        // By default only the possessor may read, and a test's session may not link the user keyring.
        let key = ring.search(&description(&vault.0)).expect("the key");
        let _ = key.set_perms(
            KeyPermissionsBuilder::builder().posessor(Permission::ALL).user(Permission::ALL).build(),
        );
        assert_eq!(get(&vault.0), Err(CacheError::Damaged), "{length} bytes");
    }
}

#[test]
fn invalid_name_is_an_error() {
    for name in ["a\0b", &"x".repeat(5000)] {
        assert_eq!(put(name, &key(), Some(60)), Err(CacheError::Name));
        assert_eq!(get(name), Err(CacheError::Name));
        assert_eq!(forget(name), Err(CacheError::Name));
    }
}

#[test]
fn list_is_filtered_for_own_keys() {
    let list = "\
003f2226 I------     1 perm 1f030000     0     0 keyring   .dns_resolver: empty
20cff182 I--Q---     1 perm 3f010000     0     0 user      mfa:Zm9v+/=: 32
20cff183 I--Q---     1   8h 3b0b0000  1000  1000 user      mfa:YmFy: 32
20cff184 I--Q---     1 perm 3f010000     0     0 user      other:mfa:x: 6
20cff185 I--Q---     1 perm 3f010000     0     0 user      mfa: a blank: 6
20cff186 I--Q---     1 perm 3f010000     0     0 logon     mfa:x: 6
20cff187
mfa:x: 3
";
    assert_eq!(own_descriptions(list).collect::<Vec<_>>(), ["mfa:Zm9v+/=", "mfa:YmFy"]);
}
