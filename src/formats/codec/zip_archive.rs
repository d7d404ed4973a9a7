//! Members of zip archives, unpacked up to a limit.

use std::io::{Cursor, Read as _};

use zeroize::Zeroizing;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::formats::{FormatError, Probe};

/// The largest unpacked member, a limit against zip bombs
const MAX_BYTES: usize = 16 * 1024 * 1024;

const DAMAGED: FormatError = FormatError::Damaged("it is not a complete zip archive");

/// Returns whether the file is an archive with this member.
pub(crate) fn has_member(probe: &Probe<'_>, member: &str) -> bool {
    probe.is_zip() && open(probe.bytes()).is_ok_and(|archive| archive.index_for_name(member).is_some())
}

/// Returns whether a member is encrypted with a password.
pub(crate) fn is_encrypted(archive: &[u8], member: &str) -> bool {
    let encrypted = |mut archive: Archive<'_>| {
        let index = archive.index_for_name(member)?;
        archive.by_index_raw(index).ok().map(|member| member.encrypted())
    };
    open(archive).ok().and_then(encrypted).unwrap_or_default()
}

/// Returns the bytes of a member.
///
/// # Errors
/// Returns `WrongPassword` if the password fails the check value of the archive, `Damaged` or `TooLarge`.
pub(crate) fn unpack(
    archive: &[u8],
    member: &str,
    password: Option<&str>,
) -> Result<Zeroizing<Vec<u8>>, FormatError> {
    let mut archive = open(archive)?;
    let opened = match password {
        Some(password) => archive.by_name_decrypt(member, password.as_bytes()),
        None => archive.by_name(member),
    };
    let member = opened.map_err(|error| match error {
        ZipError::InvalidPassword => FormatError::WrongPassword,
        _ => DAMAGED,
    })?;
    let capacity = usize::try_from(member.size()).unwrap_or(usize::MAX).min(MAX_BYTES) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    member.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|_| DAMAGED)?;
    if bytes.len() > MAX_BYTES { Err(FormatError::TooLarge(MAX_BYTES >> 20)) } else { Ok(bytes) }
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<Archive<'_>, FormatError> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(member: &str, bytes: &[u8]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(member, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_zip_bomb_is_rejected() {
        let bomb = packed("x", &vec![0; MAX_BYTES + 1]);
        assert!(bomb.len() < MAX_BYTES / 100);
        assert_eq!(unpack(&bomb, "x", None), Err(FormatError::TooLarge(16)));
        assert_eq!(unpack(&bomb, "y", None), Err(DAMAGED));
    }

    #[test]
    fn a_modified_archive_is_damaged() {
        let mut archive = packed("x", b"some text, some text, some text");
        assert!(has_member(&Probe::new(&archive), "x") && !has_member(&Probe::new(&archive), "y"));
        assert!(!is_encrypted(&archive, "x"));
        let text = unpack(&archive, "x", None).unwrap();
        assert_eq!(text.as_slice(), b"some text, some text, some text");
        archive[35] ^= 1;
        assert_eq!(unpack(&archive, "x", None), Err(DAMAGED));
        assert_eq!(unpack(&archive[..20], "x", None), Err(DAMAGED));
    }
}
