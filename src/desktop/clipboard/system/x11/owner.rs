//! The owner of the selection: answers whoever wants to paste.

use std::time::Duration;

use x11rb::NONE;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt as _, EventMask, PropMode, Property, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, Timestamp,
};
use x11rb::wrapper::ConnectionExt as _;
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::Deadline;
use crate::desktop::clipboard::held::HeldClipboard;
use crate::desktop::clipboard::system::x11::client::Client;

/// For an answer of the server itself
const TIMEOUT: Duration = Duration::from_secs(4);

/// What tells KDE's clipboard, and those that follow it, to keep a text out of their history
const SECRET: &[u8] = b"secret";

/// A text that is offered as the clipboard's content
pub(crate) struct Owner {
    client: Client,
    text: Zeroizing<String>,
    since: Timestamp,
}

impl Owner {
    pub(crate) fn take(text: Zeroizing<String>) -> Result<Self, ClipboardError> {
        let client = Client::connect()?;
        let since = now(&client)?;
        let clipboard = client.atoms.CLIPBOARD;
        client.connection.set_selection_owner(client.window, clipboard, since)?;
        if client.connection.get_selection_owner(clipboard)?.reply()?.owner == client.window {
            Ok(Self { client, text, since })
        } else {
            Err(ClipboardError::Refused("another program does not let go of it".to_owned()))
        }
    }

    /// With the time of the own take-over the server ignores this where the selection has another owner by now
    fn release(&self) -> Result<(), ClipboardError> {
        let connection = &self.client.connection;
        connection.set_selection_owner(NONE, self.client.atoms.CLIPBOARD, self.since)?;
        connection.sync()?;
        // whoever asked before that waits for an answer, many without end
        while let Some(event) = connection.poll_for_event()? {
            if let Event::SelectionRequest(request) = event {
                self.notify(&request, NONE)?;
            }
        }
        Ok(())
    }

    fn answer(&self, request: &SelectionRequestEvent) -> Result<(), ClipboardError> {
        // clients from before ICCCM name no property
        let property = if request.property == NONE { request.target } else { request.property };
        let is_written = self.write(request, property)?;
        self.notify(request, if is_written { property } else { NONE })
    }

    /// Where the content was written to; `NONE` where it was not
    fn notify(&self, request: &SelectionRequestEvent, property: Atom) -> Result<(), ClipboardError> {
        let notify = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: request.requestor,
            selection: request.selection,
            target: request.target,
            property,
        };
        self.client.connection.send_event(false, request.requestor, EventMask::NO_EVENT, notify)?;
        Ok(self.client.connection.flush()?)
    }

    /// Writes what is asked for, if it is something that there is
    fn write(&self, request: &SelectionRequestEvent, property: Atom) -> Result<bool, ClipboardError> {
        let (connection, atoms) = (&self.client.connection, &self.client.atoms);
        let (window, target) = (request.requestor, request.target);
        if target == atoms.TARGETS {
            connection.change_property32(
                PropMode::REPLACE,
                window,
                property,
                AtomEnum::ATOM,
                &self.targets(),
            )?;
        } else if target == atoms.TIMESTAMP {
            connection.change_property32(
                PropMode::REPLACE,
                window,
                property,
                AtomEnum::INTEGER,
                &[self.since],
            )?;
        } else if target == atoms.PASSWORD_MANAGER_HINT {
            connection.change_property8(PropMode::REPLACE, window, property, target, SECRET)?;
        } else if self.texts().contains(&target) {
            let kind = if target == atoms.TEXT { atoms.UTF8_STRING } else { target };
            connection.change_property8(PropMode::REPLACE, window, property, kind, self.text.as_bytes())?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn targets(&self) -> Vec<Atom> {
        let atoms = &self.client.atoms;
        [&[atoms.TARGETS, atoms.TIMESTAMP, atoms.PASSWORD_MANAGER_HINT], self.texts().as_slice()].concat()
    }

    /// What is asked for by those who want the text
    fn texts(&self) -> [Atom; 5] {
        let atoms = &self.client.atoms;
        [atoms.UTF8_STRING, atoms.PLAIN_UTF8, atoms.STRING, atoms.TEXT, atoms.PLAIN]
    }
}

impl HeldClipboard for Owner {
    /// Answers until something else is copied or the time has come
    fn keep(self: Box<Self>, lasting: &Deadline) {
        while let Some(slice) = lasting.slice() {
            let is_kept = match self.client.event_within(slice) {
                Ok(Some(Event::SelectionRequest(request))) => self.answer(&request).is_ok(),
                Ok(Some(Event::SelectionClear(_))) | Err(_) => false,
                Ok(_) => true,
            };
            if !is_kept {
                return;
            }
        }
        let _ = self.release();
    }
}

/// The server's time, which it tells with every change of a property
fn now(client: &Client) -> Result<Timestamp, ClipboardError> {
    let (property, kind) = (client.atoms.MFA_CLIPBOARD, AtomEnum::STRING);
    client.connection.change_property8(PropMode::APPEND, client.window, property, kind, &[])?;
    while let Some(event) = client.event_within(TIMEOUT)? {
        if let Event::PropertyNotify(event) = event
            && event.state == Property::NEW_VALUE
        {
            return Ok(event.time);
        }
    }
    Err(ClipboardError::Silent)
}
