//! The same accounts in the file format of each program.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Creates a home folder with this number of accounts.
pub(crate) struct Store {
    home: TempDir,
    size: usize,
}

impl Store {
    pub(crate) fn of(size: usize) -> Self {
        let store = Self { home: tempfile::tempdir().unwrap(), size };
        let names = || (0..size).map(|number| (name(number), secret(number)));
        let vault = store.write("vault.toml", &vault(names()));
        store.write("edited.toml", &vault.replacen("\"\n", "\" # mine\n", 1));
        // mfa never writes such quotes, so it parses the whole file.
        store.write("parsed.toml", &vault.replacen("\"Amazon Web Services\"", "'Amazon Web Services'", 1));
        store.write(".rtotplist", &json(names()));
        let rows = names().map(|(name, secret)| format!("{name},,{secret},Sha1,6,30\n"));
        store.write(".rfa", &rows.collect::<String>());
        let logins = names().map(|(name, secret)| format!("[{name}]\nkey = \"{secret}\"\n"));
        store.write("logins.toml", &logins.collect::<String>());
        let uris: Vec<String> = (0..size).map(uri).collect();
        store.write("uris.json", &serde_json::json!({ "items": uris }).to_string());
        store
    }

    fn write(&self, file: &str, text: &str) -> String {
        let path = self.path(file);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
        text.to_owned()
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.home.path().join(file)
    }

    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Returns the account to look up, in the middle.
    pub(crate) fn wanted(&self) -> usize {
        self.size / 2
    }
}

pub(crate) fn name(number: usize) -> String {
    format!("account-{number:05}")
}

pub(crate) fn uri(number: usize) -> String {
    let (name, secret) = (name(number), secret(number));
    format!("otpauth://totp/Amazon:{name}?secret={secret}&issuer=Amazon")
}

/// Returns 160 pseudo-random bits, the same each time (`SplitMix64`).
pub(crate) fn secret(number: usize) -> String {
    let mut state = number as u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
    };
    let bytes: Vec<u8> = (0..3).flat_map(|_| next().to_be_bytes()).take(20).collect();
    data_encoding::BASE32.encode(&bytes)
}

/// Returns an account as `mfa add` writes it.
fn vault(accounts: impl Iterator<Item = (String, String)>) -> String {
    let records = accounts.map(|(name, secret)| {
        format!("\n[accounts.{name}]\nissuer = \"Amazon Web Services\"\naccount = \"{name}@123456789012\"\nsecret = \"{secret}\"\n")
    });
    format!("version = 1\n{}", records.collect::<String>())
}

fn json(accounts: impl Iterator<Item = (String, String)>) -> String {
    let accounts = accounts.map(|(name, secret)| {
        serde_json::json!({ "issuer": "Amazon Web Services", "account_name": name, "secret": secret })
    });
    serde_json::Value::Array(accounts.collect()).to_string()
}
