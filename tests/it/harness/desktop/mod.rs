//! A desktop with its own display and a home folder.

pub(crate) mod page;
pub(crate) mod running;

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use running::{RunningProcess, until};

use crate::harness::MFA;

/// RFC 6238's seed, and its code from 30 s to 59 s.
const VAULT: &str = "version = 1\n[accounts.rfc]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n";
pub(crate) const CODE: &str = "287082";

/// The user that runs sway, which refuses to run as root.
const NOBODY: u32 = 65_534;

/// The size of the screen in pixels; a page fits into it.
pub(crate) const WIDTH: u32 = 1280;
pub(crate) const HEIGHT: u32 = 1024;

pub(crate) struct Desktop {
    pub(crate) kind: Kind,
    home: TempDir,
    variables: Vec<(&'static str, String)>,
    programs: Vec<RunningProcess>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    X11,
    Wayland,
}

impl Desktop {
    pub(crate) fn new(kind: Kind) -> Self {
        Self::showing(kind, None)
    }

    /// Starts a desktop that shows this picture.
    pub(crate) fn showing(kind: Kind, picture: Option<&Path>) -> Self {
        let mut desktop = Self { kind, ..Self::without() };
        match kind {
            Kind::X11 => desktop.start_x11(picture),
            Kind::Wayland => desktop.start_wayland(picture),
        }
        desktop
    }

    /// Creates a home without a desktop.
    pub(crate) fn without() -> Self {
        let home = TempDir::new().unwrap();
        let vault = home.path().join("vault.toml");
        fs::write(&vault, VAULT).unwrap();
        fs::set_permissions(&vault, fs::Permissions::from_mode(0o600)).unwrap();
        Self { kind: Kind::X11, home, variables: Vec::new(), programs: Vec::new() }
    }

    fn start_x11(&mut self, picture: Option<&Path>) {
        let mut server = RunningProcess::start(
            self.command("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    &format!("{WIDTH}x{HEIGHT}x24"),
                    "-nolisten",
                    "tcp",
                    "-noreset",
                ])
                .stdout(Stdio::piped()),
        );
        let mut number = String::new();
        BufReader::new(server.child().stdout.take().unwrap()).read_line(&mut number).unwrap();
        self.programs.push(server);
        self.variables.push(("DISPLAY", format!(":{}", number.trim())));
        if let Some(picture) = picture {
            let viewer = RunningProcess::start(
                self.command("display").args(["-immutable", "-geometry", "+0+0"]).arg(picture),
            );
            self.programs.push(viewer);
        }
    }

    fn start_wayland(&mut self, picture: Option<&Path>) {
        let runtime = self.path("run");
        fs::create_dir(&runtime).unwrap();
        fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)).unwrap();
        let mut configuration = format!("xwayland disable\noutput * resolution {WIDTH}x{HEIGHT}\n");
        if let Some(picture) = picture {
            let background = format!("output * bg {} center #ffffff\n", picture.display());
            configuration.push_str(&background);
        }
        let file = self.path("sway");
        fs::write(&file, configuration).unwrap();
        self.variables.push(("XDG_RUNTIME_DIR", runtime.display().to_string()));
        let mut sway = if rustix::process::getuid().is_root() {
            fs::set_permissions(self.home.path(), fs::Permissions::from_mode(0o755)).unwrap();
            chown(&runtime, Some(NOBODY), None).unwrap();
            let mut command = self.command("setpriv");
            command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "sway"]);
            command
        } else {
            self.command("sway")
        };
        sway.arg("--config").arg(file).env("WLR_BACKENDS", "headless").env("WLR_RENDERER", "pixman");
        sway.env("WLR_LIBINPUT_NO_DEVICES", "1");
        self.programs.push(RunningProcess::start(&mut sway));
        let socket = until("sway listens", || socket_in(&runtime));
        self.variables.push(("WAYLAND_DISPLAY", socket));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn vault(&self) -> String {
        fs::read_to_string(self.path("vault.toml")).unwrap()
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("MFA_VAULT", self.path("vault.toml"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs `mfa` and returns its output.
    pub(crate) fn mfa<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Output {
        self.command(MFA).args(arguments).stderr(Stdio::piped()).output().unwrap()
    }

    /// Returns the content that another program would paste.
    pub(crate) fn pasted(&self, kind: &str) -> Vec<u8> {
        let arguments: &[&str] = match self.kind {
            Kind::X11 => &["xclip", "-selection", "clipboard", "-o", "-t"],
            Kind::Wayland => &["wl-paste", "--no-newline", "--type"],
        };
        // xclip waits forever for an owner that is killed before it has answered
        until("something answers", || {
            let output = self.command("timeout").arg("5").args(arguments).arg(kind).output().unwrap();
            let is_there = output.status.code() != Some(127);
            assert!(is_there, "the test needs {}", arguments[0]);
            (output.status.code() != Some(124)).then_some(output.stdout)
        })
    }

    pub(crate) fn pasted_text(&self) -> String {
        String::from_utf8(self.pasted("UTF8_STRING")).unwrap()
    }

    /// Copies this content, as another program does.
    pub(crate) fn copy(&self, kind: &str, content: &[u8]) {
        let (program, arguments): (_, &[&str]) = match self.kind {
            Kind::X11 => ("xclip", &["-selection", "clipboard", "-i", "-t"]),
            Kind::Wayland => ("wl-copy", &["--type"]),
        };
        let mut command = self.command(program);
        command.args(arguments).arg(kind).stdin(Stdio::piped()).stdout(Stdio::null());
        let mut copier = RunningProcess::start(&mut command);
        copier.child().stdin.take().unwrap().write_all(content).unwrap();
        // the tool continues in the background
        assert!(copier.child().wait().unwrap().success(), "{program}");
    }

    /// Writes a script in place of a program. Returns the search path that finds it first.
    pub(crate) fn stand_in(&self, name: &str, script: &str) -> String {
        let folder = self.path("bin");
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join(name);
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        format!("{}:/usr/bin:/bin", folder.display())
    }

    /// Returns the process ids of the clipboard daemons.
    pub(crate) fn keepers(&self) -> Vec<String> {
        self.processes("keep-clipboard")
    }

    pub(crate) fn end_keeper(&self, signal: Signal) {
        let keepers = self.keepers();
        let [keeper] = keepers.as_slice() else { panic!("{keepers:?}") };
        kill_process(Pid::from_raw(keeper.parse().unwrap()).unwrap(), signal).unwrap();
    }

    /// Returns the processes with this home whose command line contains `part`.
    pub(crate) fn processes(&self, part: &str) -> Vec<String> {
        let home = self.home.path().display().to_string();
        let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
        let numbers = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let is_ours = |number: &String| {
            read(number, "cmdline").contains(part) && read(number, "environ").contains(&home)
        };
        numbers.filter(is_ours).collect()
    }
}

/// Reads a file of a process. Returns an empty text if the process has ended.
pub(crate) fn read(process: &str, file: &str) -> String {
    let bytes = fs::read(Path::new("/proc").join(process).join(file)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn socket_in(folder: &Path) -> Option<String> {
    let names = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.into_iter().find(|name| name.starts_with("wayland-") && !name.contains('.'))
}
