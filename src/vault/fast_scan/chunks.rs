//! Reads a file in chunks of whole lines.

use std::io::{self, Read};

use zeroize::Zeroizing;

/// The number of bytes read at once; longer lines are not supported.
pub(super) const CHUNK_LEN: usize = 32 * 1024;

/// Passes all lines of a file of `file_len` bytes to `accept`, in chunks, until it returns `None`.
///
/// Returns whether `accept` took all lines. Wipes its buffer.
///
/// # Errors
/// The errors of `reader`.
pub(super) fn accept_all_lines(
    mut reader: impl Read,
    file_len: usize,
    mut accept: impl FnMut(&[u8]) -> Option<()>,
) -> io::Result<bool> {
    let size = CHUNK_LEN.min(file_len + 1);
    let mut buffer = Zeroizing::new(vec![0; size]);
    let mut filled = 0;
    loop {
        let read = match reader.read(&mut buffer[filled..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        filled += read;
        if read == 0 {
            // The last line may lack its line ending, but a line that fills the buffer may continue.
            return Ok(filled < size && accept(&buffer[..filled]).is_some());
        }
        let end = buffer[..filled].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        if accept(&buffer[..end]).is_none() {
            return Ok(false);
        }
        buffer.copy_within(end..filled, 0);
        filled -= end;
    }
}
