//! The programs, and how each prints a code.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::store::{Store, name, secret};

/// The path of the static build, which is optional
const STATIC: &str = "target/x86_64-unknown-linux-musl/release/mfa";

/// A program, with the arguments that make it print one code
pub(crate) struct Program {
    pub(crate) name: &'static str,
    path: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, PathBuf)>,
    input: &'static str,
    /// The folder in which each run has its own vault, and the number of runs
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

    /// Returns mfa as `cargo install` builds it.
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

    /// Returns all builds and vaults of mfa that print a code.
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

    /// Starts the program, with its output piped.
    pub(crate) fn start(&self) -> Child {
        let mut command = self.command(&self.path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.args(&self.arguments).spawn().unwrap_or_else(|error| panic!("{}: {error}", self.name));
        child.stdin.take().unwrap().write_all(self.input.as_bytes()).unwrap();
        child
    }

    /// Returns the peak memory in KiB, mapped files included. GNU time starts the process, because the system would count
    /// the memory of this process, too.
    pub(crate) fn peak_memory(&self) -> u64 {
        let mut command = self.command(Path::new("time"));
        let output = command.args(["-f", "%M"]).arg(&self.path).args(&self.arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        told.lines().last().and_then(|kib| kib.parse().ok()).unwrap_or_else(|| panic!("time: {told}"))
    }

    /// Returns a program that runs in the environment of this one.
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

    /// Checks that the program prints the right code. Checks twice, because the code may change in between.
    pub(crate) fn check(&self, store: &Store) {
        if self.name == "`true`" {
            return;
        }
        let is_right = || {
            let code = code_of(&secret(store.wanted()));
            // One program omits leading zeros.
            let least = if self.name.contains("mfa") { &code } else { code.trim_start_matches('0') };
            self.answer().contains(least)
        };
        assert!(is_right() || is_right(), "{}: {:?} is not the code", self.name, self.answer());
    }

    /// Returns the output of the program.
    pub(crate) fn answer(&self) -> String {
        String::from_utf8(self.start().wait_with_output().unwrap().stdout).unwrap()
    }
}

/// Returns a copy, as `cargo install` makes it and as all other programs are. The file that a linker wrote is cached in
/// smaller pieces, and starts more slowly.
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

/// Returns whether the program is installed, and prints its name if it is not.
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
