//! A user's world for one test: a home, a vault, credentials, a clock, and an account at the loopback service.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::iam::{Device, Iam};
use super::shell::Shell;
use crate::harness::MFA;

/// The device in all stories.
pub(crate) const SERIAL: &str = "arn:aws:iam::123456789012:mfa/alice-phone";

/// The middle of a time step, in Unix seconds.
const START: i64 = 1_800_000_015;
const STEP: i64 = 30;

const TOOLS: [&str; 8] = ["aws", "bash", "dash", "zsh", "fish", "zbarimg", "oathtool", "timeout"];

pub(crate) struct World {
    pub(crate) iam: Iam,
    home: TempDir,
    now: Cell<Option<i64>>,
}

impl World {
    /// Creates a home without any file of the user's, and stops both clocks at the same time.
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("bin")).unwrap();
        symlink(MFA, home.path().join("bin/mfa")).unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        let world = Self { iam: Iam::start(), home, now: Cell::new(None) };
        for tool in TOOLS {
            assert!(world.has(tool), "the test needs the command '{tool}'");
        }
        world.write(".aws/credentials", CREDENTIALS);
        world.set_clock(START);
        world
    }

    /// Like `new`, with the device created at the service and stored as `aws-root`, but not enabled.
    pub(crate) fn with_device() -> Self {
        let world = Self::new();
        world.run(Shell::Dash, CREATE_AND_ADD).succeeded();
        world
    }

    /// Like `with_device`, enabled with the previous and the current code: the next step's code is the first unused
    /// one.
    pub(crate) fn with_enabled_device() -> Self {
        let world = Self::with_device();
        let script = "aws iam enable-mfa-device --user-name alice --serial-number $S $(mfa next-pair aws-root --past -F aws)";
        world.run(Shell::Dash, script).succeeded();
        world
    }

    fn has(&self, tool: &str) -> bool {
        env::split_paths(&self.path()).any(|folder| folder.join(tool).is_file())
    }

    fn path(&self) -> OsString {
        let outer = env::var_os("PATH").unwrap_or_default();
        let folders = [self.home.path().join("bin")];
        env::join_paths(folders.into_iter().chain(env::split_paths(&outer))).unwrap()
    }

    // The clocks

    pub(crate) fn pass_steps(&self, steps: i64) {
        self.set_clock(self.now.get().expect("the clock stands") + steps * STEP);
    }

    /// Moves only the service's clock: the program's clock is slow from then on.
    pub(crate) fn service_is_ahead_by(&self, steps: i64) {
        let at = self.now.get().expect("the clock stands") + steps * STEP;
        self.iam.control(&format!("/clock?at={at}"));
    }

    pub(crate) fn let_the_clocks_run(&self) {
        self.iam.control("/clock");
        self.now.set(None);
    }

    fn set_clock(&self, at: i64) {
        self.iam.control(&format!("/clock?at={at}"));
        self.now.set(Some(at));
    }

    // What the service knows

    pub(crate) fn device(&self) -> Device {
        let mut devices = self.iam.state().devices;
        assert_eq!(devices.len(), 1, "{devices:?}");
        devices.remove(0)
    }

    pub(crate) fn step(&self) -> i64 {
        self.iam.state().step
    }

    /// Returns the last request: its action, then `ok` or the code of the error.
    pub(crate) fn last_request(&self) -> (String, String) {
        self.iam.state().log.pop().expect("a request was made")
    }

    /// Returns the right code so many steps from now, by `oathtool`.
    pub(crate) fn right_code(&self, steps_from_now: i64) -> String {
        self.right_codes(steps_from_now, 1).remove(0)
    }

    /// Like `right_code`, with the codes of the following steps.
    pub(crate) fn right_codes(&self, steps_from_now: i64, count: usize) -> Vec<String> {
        let now = format!("--now=@{}", (self.step() + steps_from_now) * STEP);
        let window = format!("--window={}", count - 1);
        let seed = self.device().seed;
        self.tool("oathtool", &["--totp", "--base32", &now, &window, &seed])
            .lines()
            .map(str::to_owned)
            .collect()
    }

    // Files and commands

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.file(name), content).unwrap();
    }

    /// Runs a script in the home folder; `$S` holds the device's serial number. Fails if the output shows a seed.
    pub(crate) fn run(&self, shell: Shell, script: &str) -> ScriptResult {
        let name = format!("story.{shell}");
        self.write(&name, &format!("{}{script}\n", shell.prologue()));
        let output = self.command("timeout", &["120", &shell.to_string(), &name]);
        let done = ScriptResult::new(&format!("in {shell}:\n{script}\n"), &output);
        for device in self.iam.state().devices {
            assert!(!done.said.contains(&device.seed), "the seed was shown {}", done.said);
        }
        done
    }

    /// Returns the output of a judge, `oathtool` or `zbarimg`.
    pub(crate) fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program, arguments);
        ScriptResult::new(&format!("by {program} {arguments:?}:\n"), &output).succeeded()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Output {
        let path = self.path();
        let program = env::split_paths(&path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
            .unwrap_or_else(|| Path::new(program).to_owned());
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(self.variables());
        command.current_dir(self.home.path()).stdin(Stdio::null()).output().unwrap()
    }

    /// The whole environment of a command.
    pub(crate) fn variables(&self) -> Vec<(&'static str, OsString)> {
        let now = self.now.get().map(|now| ("MFA_AT", now.to_string().into()));
        let always = [
            ("PATH", self.path()),
            ("HOME", self.home.path().into()),
            ("LC_ALL", "C.UTF-8".into()),
            ("MFA_VAULT", self.file("vault.toml").into()),
            ("AWS_ENDPOINT_URL", self.iam.url().into()),
            ("AWS_DEFAULT_REGION", "us-east-1".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_MAX_ATTEMPTS", "1".into()),
            ("AWS_PAGER", "".into()),
            // Requests to other machines fail.
            ("HTTPS_PROXY", "http://127.0.0.1:9".into()),
            ("NO_PROXY", "127.0.0.1".into()),
            ("S", SERIAL.into()),
        ];
        always.into_iter().chain(now).collect()
    }
}

const CREDENTIALS: &str = "[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
";

const CREATE_AND_ADD: &str = "
aws iam create-virtual-mfa-device --virtual-mfa-device-name alice-phone \
    --bootstrap-method QRCodePNG --outfile qrcode.png
mfa add aws-root qrcode.png
";

/// The result of a script.
#[derive(Debug)]
pub(crate) struct ScriptResult {
    success: bool,
    stdout: String,
    stderr: String,
    /// The script and its output, for the message of a failed test.
    said: String,
}

impl ScriptResult {
    fn new(what: &str, output: &Output) -> Self {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let status = output.status;
        Self {
            success: status.success(),
            said: format!("{what}{status}\nstdout: {stdout}\nstderr: {stderr}"),
            stdout,
            stderr,
        }
    }

    /// Returns the output without the last line's end.
    #[track_caller]
    pub(crate) fn succeeded(&self) -> String {
        assert!(self.success, "{}", self.said);
        self.stdout.trim_end_matches('\n').to_owned()
    }

    #[track_caller]
    pub(crate) fn succeeded_in_silence(&self) {
        self.succeeded();
        assert_eq!((self.stdout.as_str(), self.stderr.as_str()), ("", ""), "{}", self.said);
    }

    #[track_caller]
    pub(crate) fn failed_saying(&self, text: &str) {
        assert!(!self.success, "it should have failed {}", self.said);
        assert!(self.said.contains(text), "'{text}' is missing {}", self.said);
    }
}
