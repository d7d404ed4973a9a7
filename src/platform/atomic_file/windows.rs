//! Windows: the folders of a user's profile give access to that user only, a folder cannot be flushed, and a file cannot be
//! replaced while another process reads it.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

/// `ERROR_ACCESS_DENIED` and `ERROR_SHARING_VIOLATION`: the errors for a file that another process has open
const OPEN_ELSEWHERE: [i32; 2] = [5, 32];

/// The longest wait for other processes: a reader closes the file at once, a virus scanner soon
const READERS_TIMEOUT: Duration = Duration::from_secs(5);
const READERS_PAUSE: Duration = Duration::from_millis(5);

pub(super) fn restrict_creation(_: &mut OpenOptions) {}

pub(super) fn restrict_file(_: &File) -> io::Result<()> {
    Ok(())
}

/// Renames the temporary file over the path. Retries while another process has the file open.
pub(super) fn put(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
    let start = Instant::now();
    let mut temporary = temporary.into_temp_path();
    loop {
        match temporary.persist(path) {
            Err(failed) if is_open_elsewhere(&failed.error, path) && start.elapsed() < READERS_TIMEOUT => {
                temporary = failed.path;
                std::thread::sleep(READERS_PAUSE);
            }
            done => return done.map_err(|failed| failed.error),
        }
    }
}

/// Returns whether another process has the file open. Windows gives the same error for a read-only file.
fn is_open_elsewhere(error: &io::Error, path: &Path) -> bool {
    error.raw_os_error().is_some_and(|number| OPEN_ELSEWHERE.contains(&number))
        && path.metadata().is_ok_and(|metadata| metadata.is_file() && !metadata.permissions().readonly())
}

pub(crate) fn copy_owner(_: &Path, _: &File) {}

pub(super) fn create_one_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir(folder)
}

pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// `ERROR_INVALID_FUNCTION`
pub(super) const NO_LOCKS: i32 = 1;

pub(super) fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn is_open_to_others(_: &Metadata) -> bool {
    false
}

pub(crate) fn is_exposed(_: &Metadata) -> bool {
    false
}
