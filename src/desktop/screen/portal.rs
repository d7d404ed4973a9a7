//! Screenshots by the portal of a desktop, which may ask the user first: the interface `org.freedesktop.portal.Screenshot`.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use dbus::arg::{PropMap, Variant, prop_cast};
use dbus::blocking::Connection;
use dbus::message::MatchRule;
use percent_encoding::percent_decode_str;

use crate::desktop::screen::{Picture, ScreenError};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const OBJECT: &str = "/org/freedesktop/portal/desktop";

/// The time limit for an answer of the portal itself
const PORTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit for the answer of the user
const USER_TIMEOUT: Duration = Duration::from_secs(60);

/// The response code (0 for success) and the results
type Response = (u32, PropMap);

/// Takes one picture of all monitors. Removes the file that the portal leaves in the user's folder of pictures.
pub(super) fn take_picture() -> Result<Picture, ScreenError> {
    let bus = Connection::new_session()?;
    let token = format!("mfa{}", std::process::id());
    let response = subscribe_response(&token, &bus)?;
    let options = PropMap::from([
        ("handle_token".to_owned(), Variant(Box::new(token) as _)),
        ("interactive".to_owned(), Variant(Box::new(false) as _)),
    ]);
    let portal = bus.with_proxy(PORTAL, OBJECT, PORTAL_TIMEOUT);
    let (_request,): (dbus::Path<'_>,) =
        portal.method_call("org.freedesktop.portal.Screenshot", "Screenshot", ("", options))?;
    let file = file_path(&wait_for_response(&response, &bus)?)?;
    let picture = std::fs::read(&file).map(Picture::new);
    std::fs::remove_file(&file)?;
    Ok(picture?)
}

/// Subscribes to the response before the request is sent. Its path follows from the bus name and the token.
fn subscribe_response(token: &str, bus: &Connection) -> Result<Receiver<Response>, dbus::Error> {
    let caller = bus.unique_name().trim_start_matches(':').replace('.', "_");
    let rule = MatchRule::new_signal("org.freedesktop.portal.Request", "Response")
        .with_path(format!("{OBJECT}/request/{caller}/{token}"));
    let (sender, receiver) = channel();
    bus.add_match(rule, move |response: Response, _, _| sender.send(response).is_ok())?;
    Ok(receiver)
}

fn wait_for_response(response: &Receiver<Response>, bus: &Connection) -> Result<Response, ScreenError> {
    let end = Instant::now() + USER_TIMEOUT;
    loop {
        if let Ok(response) = response.try_recv() {
            return Ok(response);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ScreenError::Refused("the desktop does not respond".to_owned()));
        }
        bus.process(left)?;
    }
}

fn file_path((code, results): &Response) -> Result<PathBuf, ScreenError> {
    let file = prop_cast::<String>(results, "uri").and_then(|uri| uri.strip_prefix("file://"));
    match file {
        Some(file) if *code == 0 => Ok(percent_decode_str(file).decode_utf8_lossy().into_owned().into()),
        _ => Err(ScreenError::Refused("the desktop does not allow it".to_owned())),
    }
}

impl From<dbus::Error> for ScreenError {
    fn from(error: dbus::Error) -> Self {
        match error.name() {
            // There is no portal, or no bus.
            Some(
                "org.freedesktop.DBus.Error.ServiceUnknown"
                | "org.freedesktop.DBus.Error.UnknownMethod"
                | "org.freedesktop.DBus.Error.UnknownInterface"
                | "org.freedesktop.DBus.Error.NotSupported"
                | "org.freedesktop.DBus.Error.FileNotFound"
                | "org.freedesktop.DBus.Error.Spawn.ExecFailed",
            ) => Self::NoTool,
            _ => Self::Refused(error.message().unwrap_or("the desktop gave no reason").to_owned()),
        }
    }
}
