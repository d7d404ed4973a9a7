//! A place of its own to run `mfa` in: a temporary folder, a clean environment, a fixed time.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempDir;

use crate::outcome::Outcome;
use crate::vectors::{self, vector};

pub(crate) const MFA: &str = env!("CARGO_BIN_EXE_mfa");

/// The time of every run that says no other: step 1 of 30 s, with one second left
pub(crate) const NOW: &str = "59";

/// Nothing ever hangs: what takes longer does
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Sandbox {
    folder: TempDir,
    /// Of every run
    variables: Vec<(OsString, OsString)>,
}

impl Sandbox {
    /// Without a vault
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room for a folder"), variables: Vec::new() }
    }

    /// With a variable that every run shall have
    pub(crate) fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Whether its vaults are sealed ones
    pub(crate) fn seals(&self) -> bool {
        self.variables.iter().any(|(name, _)| name == "MFA_IDENTITY")
    }

    /// With a vault of this text
    pub(crate) fn with_vault(text: &str) -> Self {
        let sandbox = Self::new();
        sandbox.write_vault(text.as_bytes());
        sandbox
    }

    /// With a vault of these vectors under these names
    pub(crate) fn with_accounts(accounts: &[(&str, &str)]) -> Self {
        Self::with_vault(&vault_of(accounts))
    }

    /// With the account `rfc` of the RFCs' test seed
    pub(crate) fn with_rfc() -> Self {
        Self::with_vault(&format!("version = 1\n[accounts.rfc]\nsecret = \"{}\"\n", vectors::rfc_secret(20)))
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.path("vault.toml")
    }

    /// As bytes, or `None` where there is none
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

    /// Everything in the folder: names, bytes, times of change
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

    /// The vault and what lies beside it
    pub(crate) fn files_of_the_vault(&self) -> Vec<OsString> {
        let entries = std::fs::read_dir(self.path(".")).expect("the folder can be read");
        let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
        names.filter(|name| name.to_string_lossy().contains("vault")).collect()
    }

    pub(crate) fn mfa<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run {
        let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        Run {
            program: MFA.into(),
            arguments,
            environment: [
                ("MFA_VAULT".into(), self.vault().into()),
                ("MFA_AT".into(), NOW.into()),
                ("HOME".into(), self.path("home").into()),
                ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
            ]
            .into_iter()
            .chain(self.variables.iter().cloned())
            .collect(),
            folder: self.folder.path().to_owned(),
            stdin: Vec::new(),
            prelude: None,
            stdout: None,
            #[cfg(unix)]
            uid: None,
        }
    }
}

/// The text of a vault with these vectors under these names
pub(crate) fn vault_of(accounts: &[(&str, &str)]) -> String {
    let records: String = accounts.iter().map(|(name, id)| vector(id).record(name)).collect();
    format!("version = 1\n{records}")
}

/// For its owner only
pub(crate) fn restrict(path: &Path) {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("the file is ours");
    #[cfg(not(unix))]
    let _ = path;
}

/// A run that is being prepared
#[must_use]
pub(crate) struct Run {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    folder: PathBuf,
    stdin: Vec<u8>,
    prelude: Option<String>,
    stdout: Option<Stdio>,
    #[cfg(unix)]
    uid: Option<u32>,
}

impl Run {
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self = self.unset(name);
        self.environment.push((name.into(), value.as_ref().to_owned()));
        self
    }

    pub(crate) fn unset(mut self, name: &str) -> Self {
        self.environment.retain(|(there, _)| there != name);
        self
    }

    /// At this time, as `--at` takes it
    pub(crate) fn at(self, time: &str) -> Self {
        self.env("MFA_AT", time)
    }

    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        bytes.as_ref().clone_into(&mut self.stdin);
        self
    }

    /// With shell commands before it: `umask 0`, `ulimit -f 0`
    #[cfg(unix)]
    pub(crate) fn after(mut self, prelude: &str) -> Self {
        self.prelude = Some(prelude.to_owned());
        self
    }

    pub(crate) fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.stdout = Some(stdout.into());
        self
    }

    /// In this folder
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    /// Another copy of the program, as this user
    #[cfg(unix)]
    pub(crate) fn copied_for(mut self, program: PathBuf, uid: Option<u32>) -> Self {
        self.program = program;
        self.uid = uid;
        self
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = match &self.prelude {
            None => Command::new(&self.program),
            Some(prelude) => {
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(format!("{prelude}; exec \"$0\" \"$@\"")).arg(&self.program);
                shell
            }
        };
        command.args(&self.arguments).env_clear().envs(self.environment.iter().map(|(k, v)| (k, v)));
        command.current_dir(&self.folder);
        #[cfg(unix)]
        if let Some(uid) = self.uid {
            std::os::unix::process::CommandExt::uid(&mut command, uid);
            std::os::unix::process::CommandExt::gid(&mut command, uid);
        }
        command
    }

    /// Runs it; fails the test where it hangs, panics, dies or tells one of the fixtures' secrets on stderr.
    #[track_caller]
    pub(crate) fn run(self) -> Outcome {
        let outcome = self.run_unjudged();
        outcome.is_decent();
        outcome
    }

    /// Runs it; fails the test where it hangs.
    pub(crate) fn run_unjudged(mut self) -> Outcome {
        let said = format!("mfa {:?}", self.arguments);
        let mut command = self.command();
        command.stdin(if self.stdin.is_empty() { Stdio::null() } else { Stdio::piped() });
        command.stdout(self.stdout.take().unwrap_or_else(Stdio::piped)).stderr(Stdio::piped());
        let mut child = start(&mut command);
        feed(&mut child, std::mem::take(&mut self.stdin));
        Outcome { said, ..finish(child) }
    }
}

/// On a busy machine wine may not start a program in time: it was never run then, and can be started once more.
fn start(command: &mut Command) -> Child {
    const ERROR_INTERNAL_ERROR: i32 = 1359;
    let started = (0..3).map(|_| command.spawn()).find(|started| match started {
        Err(error) if cfg!(windows) => error.raw_os_error() != Some(ERROR_INTERNAL_ERROR),
        _ => true,
    });
    started.expect("wine starts it").expect("the program starts")
}

fn feed(child: &mut Child, bytes: Vec<u8>) {
    if let Some(mut stdin) = child.stdin.take() {
        // a program that has seen enough may stop reading
        std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    }
}

fn finish(mut child: Child) -> Outcome {
    let start = Instant::now();
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let mut received = |stream: Receiver<Vec<u8>>| {
        stream.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            child.kill().expect("it is ours");
            panic!("it hangs");
        })
    };
    let (stdout, stderr) = (received(stdout), received(stderr));
    let status = child.wait().expect("it is ours");
    let stderr = String::from_utf8(stderr).expect("messages are text");
    Outcome { said: String::new(), status, stdout, stderr, seconds: start.elapsed().as_secs_f64() }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).expect("a pipe can be read");
        }
        // nobody listens where the test has failed already
        let _ = sender.send(bytes);
    });
    receiver
}
