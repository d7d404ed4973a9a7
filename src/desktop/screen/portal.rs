//! The portal of a desktop, which may ask its user first: the interface `org.freedesktop.portal.Screenshot`.

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

/// For an answer of the portal itself, and of its user
const TIMEOUT: Duration = Duration::from_secs(10);
const PATIENCE_WITH_USER: Duration = Duration::from_secs(60);

/// Whether it was done (0), and what came of it
type Response = (u32, PropMap);

/// One picture of all monitors. The portal puts it where the user keeps pictures; it is removed from there.
pub(super) fn picture() -> Result<Picture, ScreenError> {
    let bus = Connection::new_session()?;
    let token = format!("mfa{}", std::process::id());
    let response = response_to(&token, &bus)?;
    let options = PropMap::from([
        ("handle_token".to_owned(), Variant(Box::new(token) as _)),
        ("interactive".to_owned(), Variant(Box::new(false) as _)),
    ]);
    let portal = bus.with_proxy(PORTAL, OBJECT, TIMEOUT);
    let (_request,): (dbus::Path<'_>,) =
        portal.method_call("org.freedesktop.portal.Screenshot", "Screenshot", ("", options))?;
    let file = file_of(&awaited(&response, &bus)?)?;
    let picture = std::fs::read(&file).map(Picture::new);
    std::fs::remove_file(&file)?;
    Ok(picture?)
}

/// The place of the response follows from who asks and from the token, so that it cannot come before somebody listens
fn response_to(token: &str, bus: &Connection) -> Result<Receiver<Response>, dbus::Error> {
    let caller = bus.unique_name().trim_start_matches(':').replace('.', "_");
    let rule = MatchRule::new_signal("org.freedesktop.portal.Request", "Response")
        .with_path(format!("{OBJECT}/request/{caller}/{token}"));
    let (sender, receiver) = channel();
    bus.add_match(rule, move |response: Response, _, _| sender.send(response).is_ok())?;
    Ok(receiver)
}

fn awaited(response: &Receiver<Response>, bus: &Connection) -> Result<Response, ScreenError> {
    let end = Instant::now() + PATIENCE_WITH_USER;
    loop {
        if let Ok(response) = response.try_recv() {
            return Ok(response);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ScreenError::Refused("the desktop gives no answer".to_owned()));
        }
        bus.process(left)?;
    }
}

fn file_of((code, results): &Response) -> Result<PathBuf, ScreenError> {
    let file = prop_cast::<String>(results, "uri").and_then(|uri| uri.strip_prefix("file://"));
    match file {
        Some(file) if *code == 0 => Ok(percent_decode_str(file).decode_utf8_lossy().into_owned().into()),
        _ => Err(ScreenError::Refused("the desktop does not allow it".to_owned())),
    }
}

impl From<dbus::Error> for ScreenError {
    fn from(error: dbus::Error) -> Self {
        match error.name() {
            // there is no portal, or no bus
            Some(
                "org.freedesktop.DBus.Error.ServiceUnknown"
                | "org.freedesktop.DBus.Error.UnknownMethod"
                | "org.freedesktop.DBus.Error.UnknownInterface"
                | "org.freedesktop.DBus.Error.NotSupported"
                | "org.freedesktop.DBus.Error.FileNotFound"
                | "org.freedesktop.DBus.Error.Spawn.ExecFailed",
            ) => Self::NoTool,
            _ => Self::Refused(error.message().unwrap_or("the desktop gives no reason").to_owned()),
        }
    }
}
