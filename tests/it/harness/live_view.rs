//! `mfa watch` before a person who sees the screen and not the bytes that draw it

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

/// Step 1 of 30 s, with 20 seconds left
pub(crate) const NOW: &str = "40";

/// A live view, and what stands on the screen
pub(crate) struct Watched {
    pub(crate) session: Session,
    parser: Parser,
    /// How many bytes the screen has taken
    taken: usize,
    folder: TempDir,
}

/// A vault, the size of the terminal, and what else there is
pub(crate) struct Setting {
    folder: TempDir,
    pub(crate) rows: u16,
    pub(crate) columns: u16,
    pub(crate) variables: Vec<(&'static str, &'static str)>,
    pub(crate) arguments: Vec<&'static str>,
}

/// A vault with these names, all of the same secret
pub(crate) fn vault_of(names: &[&str]) -> String {
    let record = |name: &&str| format!("[accounts.\"{name}\"]\nsecret = \"{RFC}\"\n");
    format!("version = 1\n{}", names.iter().map(record).collect::<String>())
}

impl Setting {
    pub(crate) fn with_vault(text: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let setting = Self { folder, rows: 12, columns: 60, variables: Vec::new(), arguments: Vec::new() };
        write_vault(&setting.folder, text);
        setting
    }

    pub(crate) fn with_names(names: &[&str]) -> Self {
        Self::with_vault(&vault_of(names))
    }

    /// Opens the view, as `ssh -t host mfa watch` does
    pub(crate) fn watch(self) -> Watched {
        let arguments = [&["watch"], self.arguments.as_slice()].concat();
        self.start(MFA, &arguments)
    }

    pub(crate) fn start(self, program: &str, arguments: &[&str]) -> Watched {
        let vault = path(&self.folder);
        let vault = [("MFA_VAULT", vault.to_str().expect("it is text")), ("MFA_AT", NOW)];
        let variables = [vault.as_slice(), &self.variables].concat();
        Watched {
            session: Session::start_at(self.rows, self.columns, program, arguments, &variables),
            parser: terminal(self.rows, self.columns),
            taken: 0,
            folder: self.folder,
        }
    }
}

impl Watched {
    /// Waits until the screen shows something; all that it shows then
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

    /// Waits until this account is the selected one
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

    /// Puts another vault in the place of this one, at once
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

/// What reads the bytes as a terminal of that size does
pub(crate) fn terminal(rows: u16, columns: u16) -> Parser {
    Parser::new(count(rows), count(columns), 0)
}

fn count(of: u16) -> NonZero<u16> {
    NonZero::new(of).expect("a terminal has rows and columns")
}

/// A line a row, without the blanks at their ends: where nothing was written and where a blank was look the same
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
