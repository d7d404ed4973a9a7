//! `mfa watch` on a terminal, tested by the text on its screen.

use std::fs;
use std::num::NonZero;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;
use vt100::{Parser, Screen};

use crate::harness::MFA;
use crate::harness::pty::Session;

/// The seed of RFC 4226: its codes are 755224, 287082, 359152, 969429, …
pub(crate) const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// Step 1 of 30 s, with 20 seconds left.
pub(crate) const NOW: &str = "40";

/// A running live view and its screen.
pub(crate) struct LiveView {
    pub(crate) session: Session,
    parser: Parser,
    /// The number of bytes that the screen has processed.
    taken: usize,
    folder: TempDir,
}

/// A vault, the size of the terminal, and variables.
pub(crate) struct LiveViewSetup {
    folder: TempDir,
    pub(crate) rows: u16,
    pub(crate) columns: u16,
    pub(crate) variables: Vec<(&'static str, &'static str)>,
    pub(crate) arguments: Vec<&'static str>,
}

/// Returns a vault with these names, all with the same secret.
pub(crate) fn vault_toml(names: &[&str]) -> String {
    let record = |name: &&str| format!("[accounts.\"{name}\"]\nsecret = \"{RFC}\"\n");
    format!("version = 1\n{}", names.iter().map(record).collect::<String>())
}

impl LiveViewSetup {
    pub(crate) fn with_vault(text: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let setting = Self { folder, rows: 12, columns: 60, variables: Vec::new(), arguments: Vec::new() };
        write_vault(&setting.folder, text);
        setting
    }

    pub(crate) fn with_names(names: &[&str]) -> Self {
        Self::with_vault(&vault_toml(names))
    }

    /// Starts the view, as `ssh -t host mfa watch` does.
    pub(crate) fn watch(self) -> LiveView {
        let arguments = [&["watch"], self.arguments.as_slice()].concat();
        self.start(MFA, &arguments)
    }

    pub(crate) fn start(self, program: &str, arguments: &[&str]) -> LiveView {
        let vault = path(&self.folder);
        let vault = [("MFA_VAULT", vault.to_str().expect("it is text")), ("MFA_AT", NOW)];
        let variables = [vault.as_slice(), &self.variables].concat();
        LiveView {
            session: Session::start_at(self.rows, self.columns, program, arguments, &variables),
            parser: terminal(self.rows, self.columns),
            taken: 0,
            folder: self.folder,
        }
    }
}

impl LiveView {
    /// Waits until the screen shows a text. Returns the whole screen.
    pub(crate) fn shows(&mut self, text: &str) -> String {
        self.until(text, |shown| shown.contains(text))
    }

    pub(crate) fn until(&mut self, what: &str, is_true: impl Fn(&str) -> bool) -> String {
        let (parser, taken) = (&mut self.parser, &mut self.taken);
        self.session.until(what, |session| {
            parser.process(&session.bytes()[*taken..]);
            *taken = session.bytes().len();
            is_true(&contents(parser.screen()))
        });
        contents(self.parser.screen())
    }

    pub(crate) fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// Waits until this account is selected.
    pub(crate) fn selects(&mut self, name: &str) {
        let row = format!("▌ {name} ");
        self.shows(&row);
    }

    pub(crate) fn send(&mut self, keys: &str) {
        self.session.send(keys);
    }

    pub(crate) fn resize(&mut self, rows: u16, columns: u16) {
        self.parser.screen_mut().set_size(count(rows), count(columns));
        self.session.resize(rows, columns);
    }

    /// Replaces the vault atomically.
    pub(crate) fn replace_vault(&self, text: &str) {
        let vault = path(&self.folder);
        let new = vault.with_extension("new");
        fs::write(&new, text).expect("the folder takes a file");
        fs::set_permissions(&new, fs::Permissions::from_mode(0o600)).expect("the file is ours");
        fs::rename(new, vault).expect("the folder takes it");
    }

    pub(crate) fn vault(&self) -> PathBuf {
        path(&self.folder)
    }

    pub(crate) fn vault_text(&self) -> String {
        fs::read_to_string(self.vault()).expect("there is a vault")
    }
}

/// Returns a terminal emulator of this size.
pub(crate) fn terminal(rows: u16, columns: u16) -> Parser {
    Parser::new(count(rows), count(columns), 0)
}

fn count(of: u16) -> NonZero<u16> {
    NonZero::new(of).expect("a terminal has rows and columns")
}

/// Returns a line for each row, without blanks at their ends: unwritten cells and blanks look the same.
fn contents(screen: &Screen) -> String {
    let (_, columns) = screen.size();
    screen.rows(0, columns.get()).map(|row| row.trim_end().to_owned() + "\n").collect()
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("vault.toml")
}

fn write_vault(folder: &TempDir, text: &str) {
    fs::write(path(folder), text).expect("the folder takes a file");
    fs::set_permissions(path(folder), fs::Permissions::from_mode(0o600)).expect("the file is ours");
}
