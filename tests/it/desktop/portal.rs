//! `add --screen` on a desktop that offers only its portal, as under GNOME.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use dbus::Message;
use dbus::arg::{PropMap, Variant, prop_cast};
use dbus::blocking::Connection;
use dbus::channel::{Channel, MatchingReceiver as _, Sender as _};
use dbus::message::MatchRule;

use crate::harness::desktop::Desktop;
use crate::harness::desktop::page::{ONE, SECRET};
use crate::harness::desktop::running::RunningProcess;
use crate::harness::{MFA, picture};

/// The user's response to the portal.
#[derive(Clone, Copy)]
enum Answer {
    Allowed = 0,
    Cancelled = 1,
}

/// Starts a D-Bus. Returns it with its address.
fn bus(desktop: &Desktop) -> (RunningProcess, String) {
    let mut command = desktop.command("dbus-daemon");
    command.args(["--session", "--nofork", "--print-address"]).stdout(Stdio::piped());
    let mut daemon = RunningProcess::start(&mut command);
    let mut address = String::new();
    BufReader::new(daemon.child().stdout.take().unwrap()).read_line(&mut address).unwrap();
    (daemon, address.trim().to_owned())
}

/// Stands in for the portal, with the call, the signal and the results that the interface's description specifies.
fn serve(address: &str, picture: PathBuf, answer: Answer) {
    let mut channel = Channel::open_private(address).unwrap();
    channel.register().unwrap();
    let connection = Connection::from(channel);
    connection.request_name("org.freedesktop.portal.Desktop", false, false, true).unwrap();
    let asked = MatchRule::new_method_call().with_interface("org.freedesktop.portal.Screenshot");
    let reply = move |call: Message, connection: &Connection| {
        let (_, options): (String, PropMap) = call.read2().unwrap();
        let token = prop_cast::<String>(&options, "handle_token").unwrap();
        let caller = call.sender().unwrap().trim_start_matches(':').replace('.', "_");
        let request = dbus::Path::from(format!("/org/freedesktop/portal/desktop/request/{caller}/{token}"));
        connection.send(call.method_return().append1(request.clone())).unwrap();
        let uri = format!("file://{}", picture.display().to_string().replace(' ', "%20"));
        let results = PropMap::from([("uri".to_owned(), Variant(Box::new(uri) as _))]);
        let response =
            Message::new_signal(request.to_string(), "org.freedesktop.portal.Request", "Response").unwrap();
        connection.send(response.append2(answer as u32, results)).unwrap();
        true
    };
    connection.start_receive(asked, Box::new(reply));
    std::thread::spawn(move || while connection.process(Duration::from_secs(60)).is_ok() {});
}

/// Runs `add --screen` on a machine without screenshot tools.
fn run_add(desktop: &Desktop, address: &str) -> Output {
    let mut command = desktop.command(MFA);
    command.args(["add", "seen", "--screen"]).env("WAYLAND_DISPLAY", "wayland-77").env("PATH", "/nowhere");
    command.env("DBUS_SESSION_BUS_ADDRESS", address).stderr(Stdio::piped()).output().unwrap()
}

fn screenshot_path(folder: &Path) -> PathBuf {
    let screenshot = folder.join("Bildschirmfoto vom 21.png");
    fs::copy(picture(ONE), &screenshot).unwrap();
    screenshot
}

#[test]
#[ignore = "needs dbus-daemon: .ci/run installs it"]
fn portal_picture_is_read_and_removed() {
    let desktop = Desktop::without();
    let (_daemon, address) = bus(&desktop);
    let picture = screenshot_path(&desktop.path(""));
    serve(&address, picture.clone(), Answer::Allowed);
    let output = run_add(&desktop, &address);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(desktop.vault().contains(SECRET));
    assert!(!picture.exists());
}

#[test]
#[ignore = "needs dbus-daemon: .ci/run installs it"]
fn refused_portal_and_missing_portal_have_different_errors() {
    let desktop = Desktop::without();
    let (_daemon, address) = bus(&desktop);
    let said = |output: Output| String::from_utf8(output.stderr).unwrap();
    let none = said(run_add(&desktop, &address));
    assert!(none.contains("no program found that takes screenshots"), "{none}");
    serve(&address, screenshot_path(&desktop.path("")), Answer::Cancelled);
    let refused = said(run_add(&desktop, &address));
    assert!(refused.contains("the desktop does not allow it"), "{refused}");
}
