//! Reads the blocks of the content, each with its MAC or hash.

use hmac::Mac;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::{HmacSha256, MAC_LEN};
use crate::formats::FormatError;

const DAMAGED: FormatError = FormatError::Damaged("its content was changed");

/// Returns the HMAC of a block, or of the header if the number is `u64::MAX`.
pub(super) fn mac(mac_key: &[u8; 64], number: u64) -> HmacSha256 {
    let key = Sha512::new().chain_update(number.to_le_bytes()).chain_update(mac_key).finalize();
    HmacSha256::new_from_slice(&key).expect("an HMAC takes keys of any length")
}

/// Joins the blocks of version 4: HMAC, length, ciphertext, until a length is 0.
pub(super) fn join_authenticated(mut rest: &[u8], mac_key: &[u8; 64]) -> Result<Vec<u8>, FormatError> {
    let mut content = Vec::with_capacity(rest.len());
    for number in 0.. {
        let (sum, behind) = rest.split_at_checked(MAC_LEN).ok_or(DAMAGED)?;
        let (length, behind) = behind.split_first_chunk().ok_or(DAMAGED)?;
        let (block, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(DAMAGED)?;
        let mut mac = mac(mac_key, number);
        mac.update(&number.to_le_bytes());
        mac.update(length);
        mac.update(block);
        mac.verify_slice(sum).map_err(|_| DAMAGED)?;
        if block.is_empty() {
            break;
        }
        content.extend_from_slice(block);
        rest = behind;
    }
    Ok(content)
}

/// Joins the blocks of version 3: number, SHA-256, length, content, until a length is 0.
pub(super) fn join_hashed(mut rest: &[u8]) -> Result<Zeroizing<Vec<u8>>, FormatError> {
    let mut content = Zeroizing::new(Vec::with_capacity(rest.len()));
    loop {
        let (_number, behind) = rest.split_at_checked(4).ok_or(DAMAGED)?;
        let (sum, behind) = behind.split_at_checked(MAC_LEN).ok_or(DAMAGED)?;
        let (length, behind) = behind.split_first_chunk().ok_or(DAMAGED)?;
        let (block, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(DAMAGED)?;
        if block.is_empty() {
            return Ok(content);
        }
        if Sha256::digest(block).as_slice() != sum {
            return Err(DAMAGED);
        }
        content.extend_from_slice(block);
        rest = behind;
    }
}
