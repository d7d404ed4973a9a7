//! The clipboard inside tmux.

use std::fs;
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::desktop::running::until;
use crate::harness::desktop::{CODE, Desktop};

/// A tmux server of its own, whose only window runs a command line.
struct Server {
    desktop: Desktop,
}

impl Server {
    fn showing(script: &str) -> Self {
        let server = Self { desktop: Desktop::without() };
        assert!(server.tmux(&["new-session", "-d", script]).0);
        server
    }

    /// Like `showing`, but waits until the command line has ended.
    fn running(script: &str) -> Self {
        let server = Self::showing(&format!("{{ {script}; }} > said 2>&1; touch done; exec cat"));
        until("the command has ended", || server.desktop.path("done").exists().then_some(()));
        server
    }

    fn command(&self) -> Command {
        let mut command = self.desktop.command("tmux");
        command.arg("-f").arg("/dev/null").arg("-S").arg(self.desktop.path("socket"));
        command
    }

    /// Returns whether tmux succeeded, and its output.
    fn tmux(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command().args(arguments).output().expect("the test needs tmux");
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    fn said(&self) -> String {
        fs::read_to_string(self.desktop.path("said")).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.command().arg("kill-server").status();
    }
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn copied_code_stays_in_the_buffer_until_it_expires() {
    let server = Server::running(&format!("\"{MFA}\" code rfc --copy --at 55"));
    assert_eq!(server.said(), format!("{CODE}\ncopied to the tmux buffer, cleared there in 5 s\n"));
    assert_eq!(server.tmux(&["show-buffer"]), (true, CODE.to_owned()));
    until("it is cleared", || server.tmux(&["list-buffers"]).1.is_empty().then_some(()));
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn live_view_copies_the_selected_code() {
    let server = Server::showing(&format!("MFA_AT=30 \"{MFA}\" watch"));
    let shows = |text: &str| server.tmux(&["capture-pane", "-p"]).1.contains(text).then_some(());
    until("the code is seen", || shows("287 082"));
    assert!(server.tmux(&["send-keys", "Enter"]).0);
    until("the message", || shows("copied to the tmux buffer, cleared there in 30 s"));
    assert_eq!(server.tmux(&["show-buffer"]), (true, CODE.to_owned()));
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn other_buffers_and_later_copies_stay() {
    let server = Server::running(&format!("tmux set-buffer before; \"{MFA}\" code rfc --copy --at 57"));
    let (_, names) = server.tmux(&["list-buffers", "-F", "#{buffer_name}"]);
    let ours = names.lines().next().unwrap();
    assert!(server.tmux(&["set-buffer", "-b", ours, "changed"]).0);
    assert!(server.tmux(&["set-buffer", "after"]).0);
    until("the daemon has ended", || server.desktop.keepers().is_empty().then_some(()));
    let (_, contents) = server.tmux(&["list-buffers", "-F", "#{buffer_sample}"]);
    let mut contents: Vec<&str> = contents.lines().collect();
    contents.sort_unstable();
    assert_eq!(contents, ["after", "before", "changed"]);
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn text_is_read_from_the_buffer_without_a_display() {
    let uri = "otpauth://totp/Text:bob?secret=JBSWY3DPEHPK3PXP";
    let server = Server::running(&format!("tmux set-buffer '{uri}'; \"{MFA}\" add bob --clipboard"));
    assert!(server.desktop.vault().contains("JBSWY3DPEHPK3PXP"), "{}", server.said());
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn killed_daemon_leaves_no_code_in_the_buffer() {
    let server = Server::running(&format!("\"{MFA}\" code rfc --copy --at 30"));
    assert_eq!(server.tmux(&["show-buffer"]), (true, CODE.to_owned()));
    server.desktop.end_keeper(Signal::TERM);
    until("it is cleared", || server.tmux(&["list-buffers"]).1.is_empty().then_some(()));
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn missing_tmux_server_is_an_error_without_other_backends() {
    let desktop = Desktop::without();
    let gone = format!("{},1,0", desktop.path("socket").display());
    let mut command = desktop.command(MFA);
    command.args(["code", "rfc", "-c"]).env("TMUX", gone).stderr(Stdio::piped());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("'tmux' failed"), "{said}");
}
