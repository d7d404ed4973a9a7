//! The clipboard of Wayland, for compositors that open it to programs without a window (data-control).

use std::io::Read as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use wl_clipboard_rs::copy::{self, MimeType, Options, Source};
use wl_clipboard_rs::paste::{self, ClipboardType, Seat, get_contents};
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};
use crate::desktop::clipboard::system::{MAX_BYTES, PICTURE_TYPES};

/// The time limit for an offer to reach the compositor
const OFFER_TIMEOUT: Duration = Duration::from_secs(4);

/// The time between two looks for the offer
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A text offered to the compositor; the channel gets a message when another program copies something
pub(crate) struct Offer(Receiver<()>);

impl Offer {
    pub(super) fn copy(text: &str) -> Result<Self, ClipboardError> {
        let mut options = Options::new();
        options.foreground(true).sensitive(true);
        let prepared = options.prepare_copy(Source::Bytes(text.as_bytes().into()), MimeType::Text)?;
        let (replaced, is_replaced) = channel();
        std::thread::spawn(move || {
            let _ = prepared.serve();
            // The receiver is gone after the deadline.
            let _ = replaced.send(());
        });
        let offer = Self(is_replaced);
        offer.wait_until_pasteable(text.as_bytes())?;
        Ok(offer)
    }

    /// Waits until the text can be pasted: the compositor does not confirm an offer in another way.
    fn wait_until_pasteable(&self, text: &[u8]) -> Result<(), ClipboardError> {
        let end = Instant::now() + OFFER_TIMEOUT;
        while read_text()?.is_none_or(|current| *current != text) {
            if self.is_replaced_within(POLL_INTERVAL) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(ClipboardError::TimedOut);
            }
        }
        Ok(())
    }

    fn is_replaced_within(&self, time: Duration) -> bool {
        self.0.recv_timeout(time) != Err(RecvTimeoutError::Timeout)
    }
}

impl HeldClipboard for Offer {
    /// Waits. The compositor withdraws the offer when the process ends, as the caller does.
    fn hold(self: Box<Self>, deadline: &Deadline) {
        while let Some(slice) = deadline.slice() {
            if self.is_replaced_within(slice) {
                return;
            }
        }
    }
}

pub(super) fn read_text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    read_contents(paste::MimeType::Text)
}

pub(super) fn read_picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    for kind in PICTURE_TYPES {
        if let Some(picture) = read_contents(paste::MimeType::Specific(kind))? {
            return Ok(Some(picture));
        }
    }
    Ok(None)
}

fn read_contents(kind: paste::MimeType<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let (pipe, _) = match get_contents(ClipboardType::Regular, Seat::Unspecified, kind) {
        Err(paste::Error::ClipboardEmpty | paste::Error::NoMimeType) => return Ok(None),
        contents => contents?,
    };
    let mut bytes = Zeroizing::new(Vec::new());
    pipe.take(MAX_BYTES).read_to_end(&mut bytes)?;
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
