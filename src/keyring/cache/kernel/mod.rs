//! Keys in the kernel's keyring of the user (`user-keyring(7)`), which forgets them when their time has passed.
//!
//! Why the user keyring: a session keyring ends with its login, and cron, a systemd unit and a second SSH login each have
//! one of their own; the persistent keyring is optional in the kernel, forgets after three idle days whatever the key
//! says, and must first be linked into some other keyring. The user keyring is the one thing that all processes
//! of a user share, and it outlives the last of them (Linux 5.3 and later).
//!
//! Its trap: a process whose session keyring does not link the user keyring (`keyctl session`, systemd's
//! `KeyringMode=private`, some SSH logins) finds a key there but does not "possess" it, and by default may then not read it.
//! So the user, and not only the possessor, is given the right to view, read and search; group and others get nothing.

use std::fs;

use linux_keyutils::{Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::keyring::cache::CacheError;
use crate::keyring::{DataKey, SERVICE};

pub(super) fn put(vault: &str, key: &[u8; 32], seconds: Option<u64>) -> Result<(), CacheError> {
    // the kernel takes 0 for "for ever", and only the lower 32 bits count
    let seconds = match seconds {
        Some(0) => return forget(vault).map(drop),
        Some(seconds) => usize::try_from(seconds.min(u32::MAX.into())).unwrap_or(usize::MAX),
        None => 0,
    };
    let ring = ring(KeyRingIdentifier::User)?;
    // made where only this thread sees it and linked when it is complete: killed half way, no key stays without a
    // time-out, and a reader finds the old key or the new one
    let bench = KeyRing::from_special_id(KeyRingIdentifier::Thread, true).map_err(explain)?;
    let key = bench.add_key(&description(vault), key).map_err(explain)?;
    let published = publish(key, seconds, ring);
    bench.unlink_key(key).map_err(explain)?;
    published
}

fn publish(key: Key, seconds: usize, ring: KeyRing) -> Result<(), CacheError> {
    let reading = Permission::VIEW | Permission::READ | Permission::SEARCH;
    let making =
        Permission::VIEW | Permission::READ | Permission::SEARCH | Permission::LINK | Permission::SETATTR;
    key.set_perms(KeyPermissionsBuilder::builder().posessor(making).user(reading).build())
        .map_err(explain)?;
    key.set_timeout(seconds).map_err(explain)?;
    ring.link_key(key).map_err(explain)
}

pub(super) fn get(vault: &str) -> Result<Option<DataKey>, CacheError> {
    let Some(key) = find(ring(KeyRingIdentifier::User)?, &description(vault))? else {
        return Ok(None);
    };
    // room for one byte more, so that a longer value is told from a key
    let mut room = Zeroizing::new([0; 33]);
    match unless_gone(key.read(&mut *room))? {
        None => Ok(None),
        Some(32) => {
            let mut key = DataKey::default();
            key.copy_from_slice(&room[..32]);
            Ok(Some(key))
        }
        Some(_) => Err(CacheError::Damaged),
    }
}

pub(super) fn forget(vault: &str) -> Result<bool, CacheError> {
    forget_described(&description(vault))
}

pub(super) fn forget_all() -> Result<usize, CacheError> {
    // the library's own listing panics on other programs' long descriptions
    let list = fs::read(LIST).map_err(|_| CacheError::Unlisted)?;
    if list.is_empty() {
        // containers hide the file behind an empty one; a real list holds at least the keyring itself
        return Err(CacheError::Unlisted);
    }
    let mut forgotten = 0;
    for description in ours(&String::from_utf8_lossy(&list)) {
        forgotten += usize::from(forget_described(description)?);
    }
    Ok(forgotten)
}

const LIST: &str = "/proc/keys";

/// The descriptions of our keys in a list as the kernel writes it: eight columns and then `description: length`.
fn ours(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| {
        let mut columns = line.split_ascii_whitespace().skip(7);
        let (kind, first) = (columns.next()?, columns.next()?);
        // a vault's name is Base64: no blank in it, and what has one is not ours
        let description = first.strip_suffix(':')?;
        (kind == "user" && description.starts_with(PREFIX)).then_some(description)
    })
}

const PREFIX: &str = "mfa:";

fn description(vault: &str) -> String {
    format!("{SERVICE}:{vault}")
}

fn forget_described(description: &str) -> Result<bool, CacheError> {
    let ring = ring(KeyRingIdentifier::User)?;
    let mut found = false;
    // more than one only where a keyring within the keyring holds another
    while let Some(key) = find(ring, description)? {
        // not only unlinked: whoever else linked it loses it too, and the kernel wipes it
        found |= unless_gone(key.invalidate())?.is_some();
    }
    Ok(found)
}

fn ring(id: KeyRingIdentifier) -> Result<KeyRing, CacheError> {
    KeyRing::from_special_id(id, false).map_err(explain)
}

fn find(ring: KeyRing, description: &str) -> Result<Option<Key>, CacheError> {
    unless_gone(ring.search(description))
}

/// A key that is not there, or no longer, is an answer and no error.
fn unless_gone<T>(answer: Result<T, KeyError>) -> Result<Option<T>, CacheError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => Ok(None),
        Err(error) => Err(explain(error)),
    }
}

fn explain(error: KeyError) -> CacheError {
    match error {
        // a filter answers EPERM (Docker, Podman) or ENOSYS (gVisor, a kernel without keys)
        KeyError::PermissionDenied | KeyError::OperationNotSupported => CacheError::Absent,
        KeyError::Unknown(number) if number == Errno::NOSYS.raw_os_error() => CacheError::Absent,
        KeyError::AccessDenied => CacheError::Refused,
        KeyError::QuotaExceeded | KeyError::OutOfMemory => CacheError::Full,
        KeyError::InvalidDescription | KeyError::InvalidArguments => CacheError::Name,
        other => CacheError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
