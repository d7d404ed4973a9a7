//! `mfa` as a command of a script.

use crate::harness::MFA;
use crate::harness::pty::{CTRL_C, PROMPT, Session};
use crate::harness::shells::SHELLS;

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn ctrl_c_ends_the_script() {
    for shell in SHELLS {
        let script = format!("{MFA} add x; echo reached");
        let mut session = Session::start(shell.name, &["-c", &script], &[]);
        session.expect(PROMPT);
        session.send(CTRL_C);
        assert!(!session.end().success(), "{}", shell.name);
        assert!(!session.output().contains("reached"), "{}", shell.name);
        assert_eq!(session.vault(), "", "{}", shell.name);
    }
}
