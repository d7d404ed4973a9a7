//! The owner of the selection, which answers the programs that paste.

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
use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};
use crate::desktop::clipboard::system::x11::client::Client;

/// The time limit for an answer of the X server itself
const SERVER_TIMEOUT: Duration = Duration::from_secs(4);

/// The hint that keeps a text out of the history of KDE's clipboard, and of others that follow it
const SECRET_HINT: &[u8] = b"secret";

/// A text that is the content of the clipboard as long as the window owns the selection
pub(crate) struct SelectionOwner {
    client: Client,
    text: Zeroizing<String>,
    since: Timestamp,
}

impl SelectionOwner {
    pub(crate) fn copy(text: Zeroizing<String>) -> Result<Self, ClipboardError> {
        let client = Client::connect()?;
        let since = server_time(&client)?;
        let clipboard = client.atoms.CLIPBOARD;
        client.connection.set_selection_owner(client.window, clipboard, since)?;
        if client.connection.get_selection_owner(clipboard)?.reply()?.owner == client.window {
            Ok(Self { client, text, since })
        } else {
            Err(ClipboardError::Refused("another program did not release it".to_owned()))
        }
    }

    /// Gives up the selection. The server ignores this if the selection has a newer owner than `since`.
    fn release(&self) -> Result<(), ClipboardError> {
        let connection = &self.client.connection;
        connection.set_selection_owner(NONE, self.client.atoms.CLIPBOARD, self.since)?;
        connection.sync()?;
        // Programs that sent a request before wait for an answer, many without a timeout.
        while let Some(event) = connection.poll_for_event()? {
            if let Event::SelectionRequest(request) = event {
                self.notify(&request, NONE)?;
            }
        }
        Ok(())
    }

    fn answer(&self, request: &SelectionRequestEvent) -> Result<(), ClipboardError> {
        // Clients older than ICCCM name no property.
        let property = if request.property == NONE { request.target } else { request.property };
        let is_written = self.write(request, property)?;
        self.notify(request, if is_written { property } else { NONE })
    }

    /// Tells the requestor which property holds the content; `NONE` without content.
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

    /// Writes the requested target to a property. Returns `false` if the target is unknown.
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
            connection.change_property8(PropMode::REPLACE, window, property, target, SECRET_HINT)?;
        } else if self.text_targets().contains(&target) {
            let kind = if target == atoms.TEXT { atoms.UTF8_STRING } else { target };
            connection.change_property8(PropMode::REPLACE, window, property, kind, self.text.as_bytes())?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn targets(&self) -> Vec<Atom> {
        let atoms = &self.client.atoms;
        [&[atoms.TARGETS, atoms.TIMESTAMP, atoms.PASSWORD_MANAGER_HINT], self.text_targets().as_slice()]
            .concat()
    }

    /// Returns the targets that stand for the text.
    fn text_targets(&self) -> [Atom; 5] {
        let atoms = &self.client.atoms;
        [atoms.UTF8_STRING, atoms.PLAIN_UTF8, atoms.STRING, atoms.TEXT, atoms.PLAIN]
    }
}

impl HeldClipboard for SelectionOwner {
    /// Answers requests until the deadline, or until another program copies something.
    fn hold(self: Box<Self>, deadline: &Deadline) {
        while let Some(slice) = deadline.slice() {
            let is_owner = match self.client.next_event(slice) {
                Ok(Some(Event::SelectionRequest(request))) => self.answer(&request).is_ok(),
                Ok(Some(Event::SelectionClear(_))) | Err(_) => false,
                Ok(_) => true,
            };
            if !is_owner {
                return;
            }
        }
        let _ = self.release();
    }
}

/// Returns the time of the server, which it reports with each change of a property.
fn server_time(client: &Client) -> Result<Timestamp, ClipboardError> {
    let (property, kind) = (client.atoms.MFA_CLIPBOARD, AtomEnum::STRING);
    client.connection.change_property8(PropMode::APPEND, client.window, property, kind, &[])?;
    while let Some(event) = client.next_event(SERVER_TIMEOUT)? {
        if let Event::PropertyNotify(event) = event
            && event.state == Property::NEW_VALUE
        {
            return Ok(event.time);
        }
    }
    Err(ClipboardError::TimedOut)
}
