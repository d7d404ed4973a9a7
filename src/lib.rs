//! `mfa`: a command-line authenticator.
//!
//! One binary whose subcommands wrap an RFC 6238 core. The rooms, from the top floor down:
//!
//! - `cli` and `commands`: what can be typed, and what it does
//! - `source`, `ui`, `vault`, `formats`, `qr`: where accounts come from, who is told, where they are kept
//! - `clipboard`, `screen`: what lies between this program and the others on a desktop
//! - `profile`, `sntp`: which of them AWS's own configuration means, and what time a server says it is
//! - `keystore`: what this machine remembers of the key of an encrypted vault
//! - `clock`, `otp`, `state`: the time, the codes, and what this machine remembers
//! - `tool`: programs of the machine; `patience`: whoever may never answer
//! - `durable`, `environment`, `failure`, `text`: the ground that all stand on
//! - `manual`: the manual, a Markdown file for each topic
//!
//! A room uses only what stands below it. This is a program and no library: what is public here is for its own tests.

mod aws;
mod cli;
mod clock;
mod commands;
mod desktop;
mod error;
mod formats;
#[doc(hidden)]
pub mod hooks;
mod keyring;
mod manual;
mod otp;
mod platform;
#[doc(hidden)]
pub mod qr;
mod session;
mod source;
mod state;
mod text;
mod ui;
mod vault;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::CommandFactory as _;

use cli::{Cli, EarlyExit, UnknownCommand};
use desktop::clipboard::ClipboardDaemon;
use error::{CommandError, ExitCode, ExitStatus};
use platform::env;
use session::Session;
use ui::Ui;
use vault::{FileError, MatchKind, VaultFile};

/// Runs a command line, which begins with the program's name, and returns the exit code of the process.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    ui::hide_panics();
    ui::fail_on_file_size_limit();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(keeper) = ClipboardDaemon::from_arguments(&arguments) {
        return keeper.run();
    }
    let status = match Cli::read(&arguments) {
        Ok(cli) => execute(&cli),
        Err(stop) => explain(&stop),
    };
    match status {
        ExitStatus::Success => 0,
        ExitStatus::Code(code) => code as u8,
        ExitStatus::Signal(signal) => {
            ui::terminal::die_by(signal);
            u8::try_from(128 + signal).unwrap_or(u8::MAX)
        }
    }
}

fn execute(cli: &Cli) -> ExitStatus {
    let global = &cli.global;
    let no_input = global.no_input || env::var_os(env::NO_INPUT).is_some();
    let mut ui = Ui::new(global.colour(), global.verbosity(), no_input);
    let result = locate(global.vault.clone()).map_err(CommandError::from).and_then(|vault| {
        let session = Session::new(&vault, &mut ui, &global.identity);
        cli.command.run(&mut session.with_program(Cli::command))
    });
    match result {
        Ok(()) => ExitStatus::Success,
        Err(error) => report(&error, &mut ui),
    }
}

/// Prints the error, unless the process ends quietly or by a signal.
fn report(error: &CommandError, ui: &mut Ui) -> ExitStatus {
    if let ExitStatus::Code(_) = error.status {
        ui.error(error, error.hint.as_deref());
    }
    error.status
}

fn locate(named: Option<PathBuf>) -> Result<VaultFile, FileError> {
    VaultFile::locate(named.or_else(|| env::var_os(env::VAULT).map(Into::into)))
}

/// Returns whether an account has exactly this name, as far as a locked vault shows it.
fn is_account(unknown_command: &UnknownCommand) -> bool {
    let loaded = locate(unknown_command.vault.clone()).and_then(|vault| vault.load(None));
    loaded.is_ok_and(|loaded| loaded.vault.find(&unknown_command.word, MatchKind::Exact).is_ok())
}

/// Prints help, the version, or a usage error.
fn explain(stop: &EarlyExit) -> ExitStatus {
    let mut ui = Ui::new(stop.colour, ui::Verbosity::Normal, true);
    if let Some(unknown_command) =
        stop.unknown_command.as_ref().filter(|unknown_command| is_account(unknown_command))
    {
        let word = text::redact(&unknown_command.word);
        ui.error(format_args!("no command '{word}'"), Some(&format!("mfa code {word}")));
        return ExitStatus::Code(ExitCode::Usage);
    }
    match ui.usage(&stop.text, stop.is_error) {
        Ok(()) if stop.is_error => ExitStatus::Code(ExitCode::Usage),
        Ok(()) => ExitStatus::Success,
        Err(error) => report(&error.into(), &mut ui),
    }
}
