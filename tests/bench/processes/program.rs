//! What is measured: how each program is asked for a code.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::store::{Store, name, secret};

/// The static build, where it was made
const STATIC: &str = "target/x86_64-unknown-linux-musl/release/mfa";

/// A program, and the arguments that make it print one code
pub(crate) struct Program {
    pub(crate) name: &'static str,
    path: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, PathBuf)>,
    /// Where each run has a vault of its own, and how many had
    new_vaults: Option<(PathBuf, Cell<usize>)>,
}

impl Program {
    pub(crate) fn new<A: Into<OsString>>(
        name: &'static str,
        path: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { name, path: path.into(), arguments, environment: Vec::new(), new_vaults: None }
    }

    /// Ours, as `cargo install` builds it
    pub(crate) fn mfa<A: Into<OsString>>(name: &'static str, arguments: impl IntoIterator<Item = A>) -> Self {
        Self::new(name, env!("CARGO_BIN_EXE_mfa"), arguments)
    }

    fn with(mut self, variable: &'static str, value: PathBuf) -> Self {
        self.environment.push((variable, value));
        self
    }

    pub(crate) fn with_vault(self, store: &Store) -> Self {
        self.with("MFA_VAULT", store.path("vault.toml"))
    }

    pub(crate) fn with_new_vaults(self, store: &Store) -> Self {
        Self { new_vaults: Some((store.home().to_owned(), Cell::new(0))), ..self }
    }

    /// Everything that prints a code, and `true`, which does nothing
    pub(crate) fn all(store: &Store) -> Vec<Self> {
        let (wanted, key) = (name(store.wanted()), secret(store.wanted()));
        let code = ["code", &wanted];
        let place = (store.wanted() + 1).to_string();
        let home = store.home().to_owned();
        let logins = store.path("logins.toml").into_os_string();
        let get = ["-m", "0", "get", "-n", &wanted].map(OsString::from);
        vec![
            Self::new("`true`", "/bin/true", [] as [&str; 0]),
            Self::new("`oathtool`", "oathtool", ["--totp", "-b", &key]),
            Self::mfa("**mfa**", code).with_vault(store),
            Self::new("**mfa**, static", STATIC, code).with_vault(store),
            Self::mfa("**mfa**, a file edited by hand", code).with("MFA_VAULT", store.path("edited.toml")),
            Self::new("rtotp", "rtotp", ["code", &place]).with("HOME", home.clone()),
            Self::new("rfa", "rfa", [&wanted]).with("HOME", home),
            Self::new("totp-cli (Rust)", "totp-cli", [OsString::from("-c"), logins].into_iter().chain(get)),
        ]
    }
}

impl Program {
    pub(crate) fn is_installed(&self) -> bool {
        let path = env::var_os("PATH").unwrap_or_default();
        let is_there =
            self.path.is_file() || env::split_paths(&path).any(|folder| folder.join(&self.path).is_file());
        if !is_there {
            eprintln!("{} is not installed: it is left out", self.path.display());
        }
        is_there
    }

    /// Started, its answer to be read
    pub(crate) fn start(&self) -> Child {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
        command.env("HOME", "/nonexistent").envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some((folder, count)) = &self.new_vaults {
            count.set(count.get() + 1);
            command.env("MFA_VAULT", folder.join(format!("new-{}.toml", count.get())));
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// A benchmark of a wrong code is worth nothing. The code may turn in between: it is right the second time then.
    pub(crate) fn check(&self, store: &Store) {
        if self.name == "`true`" {
            return;
        }
        let is_right = || self.answer().contains(&code_of(&secret(store.wanted())));
        assert!(is_right() || is_right(), "{}: {:?} is not the code", self.name, self.answer());
    }

    fn answer(&self) -> String {
        String::from_utf8(self.start().wait_with_output().unwrap().stdout).unwrap()
    }
}

fn code_of(secret: &str) -> String {
    let output =
        Command::new("oathtool").args(["--totp", "-b", secret]).output().expect("oathtool is the judge");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
