//! Wayland, where the compositor grants its clipboard to programs without a window (data-control).

use std::io::Read as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use wl_clipboard_rs::copy::{self, MimeType, Options, Source};
use wl_clipboard_rs::paste::{self, ClipboardType, Seat, get_contents};
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::Deadline;
use crate::desktop::clipboard::held::HeldClipboard;

/// Within which a compositor hears of an offer, and how often that is looked at
const TIMEOUT: Duration = Duration::from_secs(4);
const LOOK: Duration = Duration::from_millis(5);

/// A text that the compositor knows of; a message comes when something else was copied
pub(crate) struct Offer(Receiver<()>);

impl Offer {
    pub(super) fn take(text: &str) -> Result<Self, ClipboardError> {
        let mut options = Options::new();
        options.foreground(true).sensitive(true);
        let copy = options.prepare_copy(Source::Bytes(text.as_bytes().into()), MimeType::Text)?;
        let (replaced, is_replaced) = channel();
        std::thread::spawn(move || {
            let _ = copy.serve();
            // nobody listens when the time is over
            let _ = replaced.send(());
        });
        let offer = Self(is_replaced);
        offer.wait_until_heard(text.as_bytes())?;
        Ok(offer)
    }

    /// The offer is on its way only, and nothing tells of its arrival but that the text can be pasted
    fn wait_until_heard(&self, text: &[u8]) -> Result<(), ClipboardError> {
        let end = Instant::now() + TIMEOUT;
        while self::text()?.is_none_or(|there| *there != text) {
            if self.is_replaced_within(LOOK) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(ClipboardError::Silent);
            }
        }
        Ok(())
    }

    fn is_replaced_within(&self, time: Duration) -> bool {
        self.0.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
    }
}

impl HeldClipboard for Offer {
    /// The compositor takes the offer back when the process ends, as the caller is to do
    fn keep(self: Box<Self>, lasting: &Deadline) {
        while let Some(slice) = lasting.slice() {
            if self.is_replaced_within(slice) {
                return;
            }
        }
    }
}

pub(super) fn text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    contents(paste::MimeType::Text)
}

pub(super) fn picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    for kind in crate::desktop::clipboard::system::PICTURES {
        if let Some(picture) = contents(paste::MimeType::Specific(kind))? {
            return Ok(Some(picture));
        }
    }
    Ok(None)
}

fn contents(kind: paste::MimeType<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let (pipe, _) = match get_contents(ClipboardType::Regular, Seat::Unspecified, kind) {
        Err(paste::Error::ClipboardEmpty | paste::Error::NoMimeType) => return Ok(None),
        contents => contents?,
    };
    let mut bytes = Zeroizing::new(Vec::new());
    pipe.take(crate::desktop::clipboard::system::MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

impl From<copy::Error> for ClipboardError {
    fn from(error: copy::Error) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<paste::Error> for ClipboardError {
    fn from(error: paste::Error) -> Self {
        Self::Refused(error.to_string())
    }
}
