//! The blocks of the content, each with its sum.

use hmac::Mac;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::apps::keepass::kdbx::{HmacSha256, SUM};

const DAMAGED: FormatError = FormatError::Damaged("its content was changed");

/// The HMAC of a block, or with the number that no block has, of the header
pub(super) fn mac(signing: &[u8; 64], number: u64) -> HmacSha256 {
    let key = Sha512::new().chain_update(number.to_le_bytes()).chain_update(signing).finalize();
    HmacSha256::new_from_slice(&key).expect("an HMAC takes keys of any length")
}

/// Version 4: HMAC, length, ciphertext, until a length is 0
pub(super) fn signed(mut rest: &[u8], signing: &[u8; 64]) -> Result<Vec<u8>, FormatError> {
    let mut content = Vec::with_capacity(rest.len());
    for number in 0.. {
        let (sum, behind) = rest.split_at_checked(SUM).ok_or(DAMAGED)?;
        let (length, behind) = behind.split_first_chunk().ok_or(DAMAGED)?;
        let (block, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(DAMAGED)?;
        let mut mac = mac(signing, number);
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

/// Version 3: number, SHA-256, length, content, until a length is 0
pub(super) fn hashed(mut rest: &[u8]) -> Result<Zeroizing<Vec<u8>>, FormatError> {
    let mut content = Zeroizing::new(Vec::with_capacity(rest.len()));
    loop {
        let (_number, behind) = rest.split_at_checked(4).ok_or(DAMAGED)?;
        let (sum, behind) = behind.split_at_checked(SUM).ok_or(DAMAGED)?;
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
