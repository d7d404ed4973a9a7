//! Text from outside on the terminal: no escape, no override, nothing invisible.

use std::fs;

use tempfile::TempDir;

use crate::harness::MFA;
use crate::harness::pty::Session;

/// A vault whose issuer was edited by hand
const VAULT: &str = "version = 1\n\n[accounts.github]\nissuer = \"a\\u001b[31m\\u202eb\\ufeffc\"\n\
                     secret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n";

/// Returns what a command prints on a terminal.
fn output(arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let vault = folder.path().join("vault.toml");
    fs::write(&vault, VAULT).unwrap();
    let variables = [("MFA_VAULT", vault.to_str().unwrap()), ("MFA_AT", "59"), ("NO_COLOR", "1")];
    let mut session = Session::start(MFA, arguments, &variables);
    session.end();
    session.output().to_owned()
}

#[test]
fn terminal_gets_no_text_that_acts_on_it() {
    for arguments in [
        &["list"][..],
        &["list", "--codes"],
        &["show", "github"],
        &["doctor"],
        &["export", "--reveal"],
        &["export", "--reveal", "--format", "aegis"],
        &["export", "--reveal", "--format", "json"],
        &["code", "git\u{1b}[31m\u{202e}"],
        &["code", "github", "--at", "\u{1b}[31m\u{202e}\u{feff}"],
        &["add", "x", "--issuer", "\u{1b}[31m\u{202e}\u{feff}"],
        &["\u{1b}[31m\u{202e}\u{feff}"],
        &["--\u{1b}[31m\u{202e}\u{feff}"],
    ] {
        let output = output(arguments);
        for unsafe_text in ["\u{1b}", "\u{202e}", "\u{feff}"] {
            assert!(!output.contains(unsafe_text), "{arguments:?}: {output:?}");
        }
        assert!(!output.trim().is_empty(), "{arguments:?}");
    }
}
