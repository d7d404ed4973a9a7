//! A code sent to the terminal's clipboard.

use crate::harness::MFA;
use crate::harness::pty::Session;

const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/qr/plain-gray.png");

/// The picture's code at 59 s by an independent HMAC, as OSC 52 carries it
const SENT: &str = "\x1b]52;c;NzEzNjUz\x07";

const COPY: [&str; 6] = ["code", "--from", PICTURE, "--copy", "--at", "59"];

#[test]
fn over_ssh_a_code_is_sent_to_the_terminal() {
    for variable in [("SSH_TTY", "/dev/pts/0"), ("MFA_CLIPBOARD", "osc52")] {
        let mut session = Session::start(MFA, &COPY, &[variable]);
        session.expect("713653\r\n");
        session.expect(SENT);
        session.expect("sent to the terminal's clipboard; mfa cannot check whether it arrived");
        assert!(session.end().success());
    }
}

#[test]
#[ignore = "needs tmux: .ci/run installs it"]
fn tmux_passes_a_code_to_its_terminal() {
    let folder = tempfile::TempDir::new().unwrap();
    let socket = folder.path().join("socket");
    let mut arguments = vec!["-S", socket.to_str().unwrap(), "-f", "/dev/null", "new-session", "--", MFA];
    arguments.extend(COPY);
    let mut session = Session::start("tmux", &arguments, &[]);
    session.expect("\x1b]52;");
    session.expect("NzEzNjUz");
    session.end();
}
