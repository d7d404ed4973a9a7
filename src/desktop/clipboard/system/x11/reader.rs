//! Paste from X11: the owner of the selection writes the content to a property of this window, at once or in pieces.

use std::time::Duration;

use x11rb::NONE;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, GetPropertyReply, Property, SelectionNotifyEvent,
};
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::system::x11::client::Client;
use crate::desktop::clipboard::system::{MAX_BYTES, PICTURE_TYPES};

/// The time limit for each piece: a program may have to draw its picture first
const PIECE_TIMEOUT: Duration = Duration::from_secs(5);

type Bytes = Zeroizing<Vec<u8>>;

pub(crate) fn read_text() -> Result<Option<Bytes>, ClipboardError> {
    let client = Client::connect()?;
    let atoms = &client.atoms;
    [atoms.UTF8_STRING, atoms.PLAIN_UTF8, atoms.STRING]
        .into_iter()
        .find_map(|target| client.convert_selection_to(target).transpose())
        .transpose()
}

pub(crate) fn read_picture() -> Result<Option<Bytes>, ClipboardError> {
    let client = Client::connect()?;
    for kind in PICTURE_TYPES {
        let target = client.connection.intern_atom(false, kind.as_bytes())?.reply()?.atom;
        if let Some(picture) = client.convert_selection_to(target)? {
            return Ok(Some(picture));
        }
    }
    Ok(None)
}

impl Client {
    /// Returns the content as `target`; `None` if there is no owner, or if it does not offer this target.
    fn convert_selection_to(&self, target: Atom) -> Result<Option<Bytes>, ClipboardError> {
        let property = self.atoms.MFA_CLIPBOARD;
        let time = x11rb::CURRENT_TIME;
        self.connection.delete_property(self.window, property)?;
        self.connection.convert_selection(self.window, self.atoms.CLIPBOARD, target, property, time)?;
        if self.wait_for_answer(target)?.property == NONE {
            return Ok(None);
        }
        let whole = self.take_property()?;
        if whole.type_ == self.atoms.INCR {
            return self.read_pieces().map(Some);
        }
        Ok(Some(Zeroizing::new(whole.value)))
    }

    fn wait_for_answer(&self, target: Atom) -> Result<SelectionNotifyEvent, ClipboardError> {
        loop {
            match self.next_event(PIECE_TIMEOUT)? {
                Some(Event::SelectionNotify(answer)) if answer.target == target => return Ok(answer),
                Some(_) => {}
                None => return Err(ClipboardError::TimedOut),
            }
        }
    }

    /// Reads pieces until an empty one. The owner writes each after the one before was removed.
    fn read_pieces(&self) -> Result<Bytes, ClipboardError> {
        let mut bytes = Zeroizing::new(Vec::new());
        loop {
            self.wait_for_piece()?;
            let piece = Zeroizing::new(self.take_property()?.value);
            bytes.extend_from_slice(&piece);
            if piece.is_empty() {
                return Ok(bytes);
            }
            if bytes.len() as u64 > MAX_BYTES {
                return Err(ClipboardError::Refused("its content is too large".to_owned()));
            }
        }
    }

    fn wait_for_piece(&self) -> Result<(), ClipboardError> {
        loop {
            match self.next_event(PIECE_TIMEOUT)? {
                Some(Event::PropertyNotify(event))
                    if event.state == Property::NEW_VALUE && event.atom == self.atoms.MFA_CLIPBOARD =>
                {
                    return Ok(());
                }
                Some(_) => {}
                None => return Err(ClipboardError::TimedOut),
            }
        }
    }

    /// Reads and removes the property, which requests the next piece.
    fn take_property(&self) -> Result<GetPropertyReply, ClipboardError> {
        let (window, property) = (self.window, self.atoms.MFA_CLIPBOARD);
        Ok(self.connection.get_property(true, window, property, AtomEnum::ANY, 0, u32::MAX / 4)?.reply()?)
    }
}
