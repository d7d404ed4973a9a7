//! Opening a folder as root: no symbolic link of another user leads the way.
//!
//! Another user who owns a part of the path could otherwise send root's writes to any folder of the system.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use rustix::fs::{self, FileType, Mode, OFlags, Stat};
use rustix::io::retry_on_intr;
use rustix::path::Arg;

/// Most symbolic links to follow, the limit of Linux
const MAX_LINKS: usize = 40;

/// A part of a path
enum Part {
    Folder(OwnedFd),
    /// A link of root to this path
    Link(OsString),
}

/// Opens a folder, part by part if its path has links.
///
/// # Errors
/// A link of another user in the path; otherwise the error of the system.
pub(super) fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    if let Ok(folder) = open_without_links(path) {
        return Ok(folder);
    }
    let mut parts: VecDeque<OsString> = parts_of(path).collect();
    let mut at = open(".", STEP, Mode::empty())?;
    let mut links = 0;
    while let Some(part) = parts.pop_front() {
        match open_part(&at, &part)? {
            Part::Folder(folder) => at = folder,
            Part::Link(_) if links == MAX_LINKS => return Err(rustix::io::Errno::LOOP.into()),
            Part::Link(target) => {
                links += 1;
                parts = parts_of(Path::new(&target)).chain(parts).collect();
            }
        }
    }
    Ok(openat(&at, ".", READABLE, Mode::empty())?)
}

const READABLE: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// Opens a folder in one step, unless its path has a link or the kernel is older than 5.6.
#[cfg(target_os = "linux")]
fn open_without_links(path: &Path) -> rustix::io::Result<OwnedFd> {
    let open = || fs::openat2(fs::CWD, path, READABLE, Mode::empty(), fs::ResolveFlags::NO_SYMLINKS);
    retry_on_intr(open)
}

fn parts_of(path: &Path) -> impl Iterator<Item = OsString> {
    path.components().map(|part| part.as_os_str().to_owned())
}

/// Opens a path. A signal does not end the call, as in the standard library.
pub(super) fn open(path: impl Arg + Copy, flags: OFlags, mode: Mode) -> rustix::io::Result<OwnedFd> {
    retry_on_intr(|| fs::open(path, flags, mode))
}

/// Opens a file in a folder, like [`open`].
pub(super) fn openat(
    folder: impl AsFd,
    name: impl Arg + Copy,
    flags: OFlags,
    mode: Mode,
) -> rustix::io::Result<OwnedFd> {
    retry_on_intr(|| fs::openat(&folder, name, flags, mode))
}

/// Rejects a link that another user owns.
fn require_root(link: &Stat) -> io::Result<()> {
    if link.st_uid == 0 { Ok(()) } else { Err(io::Error::other(super::folder::FOREIGN_LINK)) }
}

fn is_link(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::Symlink
}

/// A descriptor for the path only, which needs no permission to read
#[cfg(target_os = "linux")]
const STEP: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);

/// Opens the part itself, so that no other user can exchange it between the check and the use.
#[cfg(target_os = "linux")]
fn open_part(at: impl AsFd, part: &OsStr) -> io::Result<Part> {
    let opened = openat(at, part, STEP | OFlags::NOFOLLOW, Mode::empty())?;
    let stat = fs::fstat(&opened)?;
    if !is_link(&stat) {
        return Ok(Part::Folder(opened));
    }
    require_root(&stat)?;
    let target = fs::readlinkat(&opened, "", Vec::new())?;
    Ok(Part::Link(OsString::from_vec(target.into_bytes())))
}

#[cfg(not(target_os = "linux"))]
const STEP: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

#[cfg(not(target_os = "linux"))]
fn open_part(at: impl AsFd, part: &OsStr) -> io::Result<Part> {
    use rustix::fs::{AtFlags, readlinkat, statat};
    let stat = statat(&at, part, AtFlags::SYMLINK_NOFOLLOW)?;
    if !is_link(&stat) {
        return Ok(Part::Folder(openat(&at, part, STEP | OFlags::NOFOLLOW, Mode::empty())?));
    }
    require_root(&stat)?;
    let target = readlinkat(&at, part, Vec::new())?;
    Ok(Part::Link(OsString::from_vec(target.into_bytes())))
}
