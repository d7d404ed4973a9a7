//! What is measured: how each program is asked for a code.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
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
    input: &'static str,
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
        Self { name, path: path.into(), arguments, environment: Vec::new(), input: "", new_vaults: None }
    }

    /// Ours, as `cargo install` builds it
    pub(crate) fn mfa<A: Into<OsString>>(name: &'static str, arguments: impl IntoIterator<Item = A>) -> Self {
        Self::new(name, installed(Path::new(env!("CARGO_BIN_EXE_mfa")), "mfa"), arguments)
    }

    pub(crate) fn with(mut self, variable: &'static str, value: PathBuf) -> Self {
        self.environment.push((variable, value));
        self
    }

    pub(crate) fn with_input(self, input: &'static str) -> Self {
        Self { input, ..self }
    }

    pub(crate) fn with_vault(self, store: &Store) -> Self {
        self.with("MFA_VAULT", store.path("vault.toml"))
    }

    pub(crate) fn with_new_vaults(self, store: &Store) -> Self {
        Self { new_vaults: Some((store.home().to_owned(), Cell::new(0))), ..self }
    }

    /// Everything of ours that prints a code
    pub(crate) fn ours(store: &Store) -> Vec<Self> {
        let name = name(store.wanted());
        let code = ["code", &name];
        vec![
            Self::mfa("**mfa**", code).with_vault(store),
            Self::new("**mfa**, static", installed(Path::new(STATIC), "mfa-static"), code).with_vault(store),
            Self::mfa("**mfa**, remarks added by hand", code).with("MFA_VAULT", store.path("edited.toml")),
            Self::mfa("**mfa**, other TOML by hand", code).with("MFA_VAULT", store.path("parsed.toml")),
        ]
    }
}

impl Program {
    pub(crate) fn is_installed(&self) -> bool {
        is_installed(&self.path)
    }

    /// Started, its answer to be read
    pub(crate) fn start(&self) -> Child {
        let mut command = self.command(&self.path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.args(&self.arguments).spawn().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        child.stdin.take().unwrap().write_all(self.input.as_bytes()).unwrap();
        child
    }

    /// Memory that it had at most, in KiB, its files among it. Of a process that this one starts, the system counts this
    /// one's memory too; so GNU time starts it, which has little.
    pub(crate) fn peak_memory(&self) -> u64 {
        let mut command = self.command(Path::new("time"));
        let output = command.args(["-f", "%M"]).arg(&self.path).args(&self.arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        told.lines().last().and_then(|kib| kib.parse().ok()).unwrap_or_else(|| panic!("time: {told}"))
    }

    /// A program that runs in the environment of this one
    fn command(&self, path: &Path) -> Command {
        let mut command = Command::new(path);
        command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default()).env("HOME", "/nonexistent");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some((folder, count)) = &self.new_vaults {
            count.set(count.get() + 1);
            command.env("MFA_VAULT", folder.join(format!("new-{}.toml", count.get())));
        }
        command
    }

    /// A benchmark of a wrong code is worth nothing. The code may turn in between: it is right the second time then.
    pub(crate) fn check(&self, store: &Store) {
        if self.name == "`true`" {
            return;
        }
        let is_right = || {
            let code = code_of(&secret(store.wanted()));
            // a peer leaves out the noughts in front
            let least = if self.name.contains("mfa") { &code } else { code.trim_start_matches('0') };
            self.answer().contains(least)
        };
        assert!(is_right() || is_right(), "{}: {:?} is not the code", self.name, self.answer());
    }

    /// What it prints
    pub(crate) fn answer(&self) -> String {
        String::from_utf8(self.start().wait_with_output().unwrap().stdout).unwrap()
    }
}

/// As `cargo install` leaves it: a copy, as all peers are. What a linker wrote lies in smaller pieces in the memory of the
/// system, and starts more slowly.
fn installed(built: &Path, name: &str) -> PathBuf {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !built.is_file() {
        return built.to_owned();
    }
    if !copy.is_file()
        || copy.metadata().unwrap().modified().unwrap() < built.metadata().unwrap().modified().unwrap()
    {
        let _ = std::fs::remove_file(&copy);
        std::fs::copy(built, &copy).unwrap();
    }
    copy
}

/// Whether there is such a program; says so where there is none
pub(crate) fn is_installed(program: &Path) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let is_there = program.is_file() || env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !is_there {
        eprintln!("{} is not installed: it is left out", program.display());
    }
    is_there
}

fn code_of(secret: &str) -> String {
    let output =
        Command::new("oathtool").args(["--totp", "-b", secret]).output().expect("oathtool is the judge");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
