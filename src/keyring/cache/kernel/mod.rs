//! A key cache in the user's kernel keyring (`user-keyring(7)`), which removes expired keys.
//!
//! The user keyring is the only one that all processes of a user share, and it outlives the last of them (Linux 5.3 and
//! later). A session keyring ends with its login, and cron, a systemd unit and a second SSH login each have their own. The
//! persistent keyring is optional in the kernel, expires after three idle days whatever the key's timeout is, and must
//! first be linked into another keyring.
//!
//! A process whose session keyring does not link the user keyring (`keyctl session`, systemd's `KeyringMode=private`, some
//! SSH logins) finds a key but does not "possess" it, and by default cannot read it then. So the user, not only the
//! possessor, gets the right to view, read and search; group and others get none.

use std::fs;

use linux_keyutils::{Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::keyring::SERVICE;
use crate::keyring::cache::error::CacheError;
use crate::vault::crypto::DataKey;

/// Prefix of the descriptions of mfa's keys
const PREFIX: &str = "mfa:";

/// The length of a cached value: the key, and the Unix seconds of its expiry in eight bytes, the first the highest
const VALUE_LEN: usize = 32 + 8;

/// The time that stands for no expiry
const NO_EXPIRY: u64 = u64::MAX;

const KEY_LIST: &str = "/proc/keys";

pub(crate) fn put(vault: &str, key: &DataKey, seconds: Option<u64>) -> Result<(), CacheError> {
    // The kernel takes 0 as "no timeout", and uses only the lower 32 bits.
    let seconds = match seconds {
        Some(0) => return forget(vault).map(drop),
        Some(seconds) => usize::try_from(seconds.min(u32::MAX.into())).unwrap_or(usize::MAX),
        None => 0,
    };
    let until = if seconds == 0 { NO_EXPIRY } else { Clock::System.now()?.saturating_add(seconds as u64) };
    let ring = ring(KeyRingIdentifier::User)?;
    // Create the key in the thread keyring and link it when complete, so that a kill leaves neither a key without timeout
    // nor a half-written one.
    let thread_ring = KeyRing::from_special_id(KeyRingIdentifier::Thread, true).map_err(explain)?;
    let key = thread_ring.add_key(&description(vault), &*render(key, until)).map_err(explain)?;
    let published = publish(key, seconds, ring);
    thread_ring.unlink_key(key).map_err(explain)?;
    published
}

fn publish(key: Key, seconds: usize, ring: KeyRing) -> Result<(), CacheError> {
    let user_rights = Permission::VIEW | Permission::READ | Permission::SEARCH;
    let own_rights =
        Permission::VIEW | Permission::READ | Permission::SEARCH | Permission::LINK | Permission::SETATTR;
    key.set_perms(KeyPermissionsBuilder::builder().posessor(own_rights).user(user_rights).build())
        .map_err(explain)?;
    key.set_timeout(seconds).map_err(explain)?;
    ring.link_key(key).map_err(explain)
}

pub(crate) fn get(vault: &str) -> Result<Option<DataKey>, CacheError> {
    Ok(get_with_expiry(vault)?.map(|(key, _)| key))
}

pub(crate) fn get_with_expiry(vault: &str) -> Result<Option<(DataKey, Option<u64>)>, CacheError> {
    let Some(key) = find(ring(KeyRingIdentifier::User)?, &description(vault))? else {
        return Ok(None);
    };
    // One more byte than a value, to detect a longer one.
    let mut buffer = Zeroizing::new([0; VALUE_LEN + 1]);
    let Some(length) = unless_gone(key.read(&mut *buffer))? else { return Ok(None) };
    buffer.get(..length).and_then(parse).map(Some).ok_or(CacheError::Damaged)
}

fn render(key: &DataKey, until: u64) -> Zeroizing<[u8; VALUE_LEN]> {
    let mut value = Zeroizing::new([0; VALUE_LEN]);
    value[..32].copy_from_slice(key.expose());
    value[32..].copy_from_slice(&until.to_be_bytes());
    value
}

fn parse(value: &[u8]) -> Option<(DataKey, Option<u64>)> {
    let (key, until) = value.split_at_checked(32)?;
    let until = u64::from_be_bytes(until.try_into().ok()?);
    Some((DataKey::from_bytes(key)?, (until != NO_EXPIRY).then_some(until)))
}

pub(crate) fn forget(vault: &str) -> Result<bool, CacheError> {
    forget_described(&description(vault))
}

pub(crate) fn forget_all() -> Result<usize, CacheError> {
    // The library's own listing panics on other programs' long descriptions.
    let list = fs::read(KEY_LIST).map_err(|_| CacheError::Unlisted)?;
    if list.is_empty() {
        // Containers hide the file behind an empty one. A real list contains at least the keyring itself.
        return Err(CacheError::Unlisted);
    }
    let mut forgotten = 0;
    for description in own_descriptions(&String::from_utf8_lossy(&list)) {
        forgotten += usize::from(forget_described(description)?);
    }
    Ok(forgotten)
}

/// Returns the descriptions of mfa's keys in the kernel's list: seven columns, the type, and `description: length`.
fn own_descriptions(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| {
        let mut columns = line.split_ascii_whitespace().skip(7);
        let (kind, first) = (columns.next()?, columns.next()?);
        // A vault's id is Base64 without blanks.
        let description = first.strip_suffix(':')?;
        (kind == "user" && description.starts_with(PREFIX)).then_some(description)
    })
}

fn description(vault: &str) -> String {
    format!("{SERVICE}:{vault}")
}

fn forget_described(description: &str) -> Result<bool, CacheError> {
    let ring = ring(KeyRingIdentifier::User)?;
    let mut found = false;
    // More than one exists only if the keyring contains a keyring with another.
    while let Some(key) = find(ring, description)? {
        // Unlinking would leave the key in other keyrings that link it; this wipes it.
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

/// Returns `None` if the key does not exist or has expired.
fn unless_gone<T>(answer: Result<T, KeyError>) -> Result<Option<T>, CacheError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(KeyError::KeyDoesNotExist | KeyError::KeyExpired | KeyError::KeyRevoked) => Ok(None),
        Err(error) => Err(explain(error)),
    }
}

fn explain(error: KeyError) -> CacheError {
    match error {
        // Filters return EPERM (Docker, Podman) or ENOSYS (gVisor, a kernel without keys).
        KeyError::PermissionDenied | KeyError::OperationNotSupported => CacheError::Unavailable,
        KeyError::Unknown(number) if number == Errno::NOSYS.raw_os_error() => CacheError::Unavailable,
        KeyError::AccessDenied => CacheError::Refused,
        KeyError::QuotaExceeded | KeyError::OutOfMemory => CacheError::Full,
        KeyError::InvalidDescription | KeyError::InvalidArguments => CacheError::Name,
        other => CacheError::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
