//! A place to run `mfa` in: a temporary folder, a clean environment, a fixed time.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use super::run::Run;
use super::vectors::{rfc_secret, vector};

/// The time of every run without another one: step 1 of 30 s, with one second left.
const NOW: &str = "59";

pub(crate) struct Sandbox {
    folder: TempDir,
    /// The variables of every run.
    variables: Vec<(OsString, OsString)>,
}

impl Sandbox {
    /// Creates a sandbox without a vault.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room for a folder"), variables: Vec::new() }
    }

    /// Adds a variable to every run.
    pub(crate) fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Returns whether its vaults are encrypted.
    pub(crate) fn is_for_encrypted(&self) -> bool {
        self.has_variable("MFA_IDENTITY")
    }

    pub(crate) fn has_variable(&self, variable: &str) -> bool {
        self.variables.iter().any(|(name, _)| name == variable)
    }

    /// Creates a sandbox with a vault of this text.
    pub(crate) fn with_vault(text: &str) -> Self {
        let sandbox = Self::new();
        sandbox.write_vault(text.as_bytes());
        sandbox
    }

    /// Creates a sandbox with a vault of these vectors under these names.
    pub(crate) fn with_accounts(accounts: &[(&str, &str)]) -> Self {
        Self::with_vault(&vault_toml(accounts))
    }

    /// Creates a sandbox with the account `rfc` of the RFCs' test seed.
    pub(crate) fn with_rfc() -> Self {
        Self::with_vault(&format!("version = 1\n[accounts.rfc]\nsecret = \"{}\"\n", rfc_secret(20)))
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.path("vault.toml")
    }

    /// Returns the bytes of the vault, or `None` if there is no vault.
    pub(crate) fn vault_bytes(&self) -> Option<Vec<u8>> {
        std::fs::read(self.vault()).ok()
    }

    pub(crate) fn vault_text(&self) -> String {
        String::from_utf8(self.vault_bytes().expect("there is a vault")).expect("it is text")
    }

    pub(crate) fn write_vault(&self, bytes: &[u8]) {
        let path = self.write("vault.toml", bytes);
        restrict(&path);
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the folder takes a file");
        path
    }

    /// Returns the whole folder: names, bytes, modification times.
    pub(crate) fn state(&self) -> Vec<(PathBuf, Option<Vec<u8>>, SystemTime)> {
        let mut state = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the folder can be read") {
                let path = entry.expect("the folder can be read").path();
                let metadata = path.symlink_metadata().expect("it is there");
                if metadata.is_dir() {
                    folders.push(path.clone());
                }
                let bytes = metadata.is_file().then(|| std::fs::read(&path).expect("it can be read"));
                state.push((path, bytes, metadata.modified().expect("it has a time")));
            }
        }
        state.sort();
        state
    }

    /// Returns the names of the vault and the files beside it.
    pub(crate) fn vault_files(&self) -> Vec<OsString> {
        let entries = std::fs::read_dir(self.path(".")).expect("the folder can be read");
        let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
        names.filter(|name| name.to_string_lossy().contains("vault")).collect()
    }

    pub(crate) fn mfa<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run {
        let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        let environment = [
            ("MFA_VAULT".into(), self.vault().into()),
            ("MFA_AT".into(), NOW.into()),
            ("HOME".into(), self.path("home").into()),
            ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
        ];
        let environment = environment.into_iter().chain(self.variables.iter().cloned()).collect();
        Run::new(arguments, environment, self.folder.path().to_owned())
    }
}

/// Returns the text of a vault with these vectors under these names.
pub(crate) fn vault_toml(accounts: &[(&str, &str)]) -> String {
    let records: String = accounts.iter().map(|(name, id)| vector(id).record(name)).collect();
    format!("version = 1\n{records}")
}

/// Makes a file private.
pub(crate) fn restrict(path: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("the file is ours");
    #[cfg(not(unix))]
    let _ = path;
}
