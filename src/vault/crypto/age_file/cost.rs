//! Limits on the work that a file may demand before its passphrase can be checked.

use std::io::Read;

use age::armor::ArmoredReader;

/// The work factor of new files: scrypt with N = 2^17 (RFC 7914; r = 8, p = 1).
///
/// Each guess takes about half a second and 128 MiB.
pub(crate) const WORK_FACTOR: u8 = 17;

/// The highest work factor that a file may demand: 2^20 takes 1 GiB and some six seconds.
pub(super) const MAX_WORK_FACTOR: u8 = if cfg!(fuzzing) { 6 } else { 20 };

/// The highest number of slots of the highest work factor that a passphrase is tried on: 32 slots of ours cost the same
pub(super) const MAX_COSTLY_SLOTS: u64 = 4;

/// The highest sum of scrypt's N over all slots that a passphrase is tried on.
pub(in crate::vault::crypto) const MAX_TOTAL_COST: u64 = MAX_COSTLY_SLOTS << MAX_WORK_FACTOR;

/// The highest number of bcrypt rounds of an SSH key: `ssh-keygen` uses 24 by default, and a hundred take a second.
pub(super) const MAX_BCRYPT_ROUNDS: u32 = 4096;

/// The only stanza of a file for a passphrase begins within this many bytes.
const HEADER_LEN: u64 = 256;

/// Returns scrypt's N, the cost of trying a passphrase.
///
/// Returns 0 for a file that is for recipients, is damaged, or demands more than `MAX_WORK_FACTOR`: no passphrase is
/// tried on such a file.
pub(in crate::vault::crypto) fn scrypt_cost(file: &[u8]) -> u64 {
    let mut header = Vec::new();
    let _ = ArmoredReader::new(file.trim_ascii()).take(HEADER_LEN).read_to_end(&mut header);
    let header = String::from_utf8_lossy(&header);
    let stanza = header.lines().find_map(|line| line.strip_prefix("-> scrypt "));
    let factor: Option<u8> = stanza.and_then(|stanza| stanza.split(' ').nth(1)?.parse().ok());
    factor.filter(|factor| *factor <= MAX_WORK_FACTOR).map_or(0, |factor| 1 << factor)
}
