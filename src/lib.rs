//! `mfa`: a command-line authenticator.
//!
//! One binary whose subcommands wrap an RFC 6238 core. Its rooms, from the top floor down; a room uses only rooms of lower
//! floors, and rooms of one floor do not use each other:
//!
//! | floor | rooms |
//! |---|---|
//! | entry | `main`, `startup`: the start of the process; `hooks`: entry points for benches and fuzz targets |
//! | command line | `cli`: global options, usage errors, the short way to `code NAME` |
//! | commands | `commands`: a subcommand in each file or folder |
//! | session | `session`: an open vault for the length of one command |
//! | input | `source`: an account out of a file, stdin, the clipboard or the screen; `aws`: the AWS configuration |
//! | formats | `formats`: exports of other programs; `keyring`: cached keys and the system's credential store |
//! | vault | `vault`: the accounts as a set, its file, its encryption |
//! | devices | `ui`: all output and all prompts; `desktop`: clipboard and screen; `qr`: pictures; `state`: used codes |
//! | time | `clock`: the time, from the system, a fixed value or a server |
//! | core | `otp`: secrets, keys, codes, names, otpauth URIs |
//! | system | `platform`: atomic files, subprocesses, timeouts, environment variables |
//! | ground | `error`: exit codes, messages and hints; `text`: sanitised and redacted text; `manual`: its pages |
//!
//! # Glossary
//!
//! One word for one thing, in code, help, messages and manual:
//!
//! | word | meaning |
//! |---|---|
//! | account | a name, an issuer, an account name, a key, and what the user notes about them |
//! | name | the handle that the user types, unique in a vault |
//! | issuer, account name | the service and the user's name there, as the otpauth label gives them |
//! | secret, key | the shared bytes; the secret with its algorithm, digits and period or counter |
//! | code | the digits for one step of a key; a used code was printed by `--fresh` or `next-pair` before |
//! | vault | the accounts in their file: plain-text or encrypted, and if encrypted, locked or unlocked |
//! | passphrase, recipient, identity | opens a key slot; a public key that a slot is encrypted to; its private key |
//! | key slot | the data key of an encrypted vault, as an age file for one passphrase or recipient |
//! | MAC | the authentication of an entry or of the file; without it, it was tampered with |
//! | pinned state | the id, key and generation of a vault that this machine saw last |
//! | rollback, wrong key, downgrade | an older vault, one with another id or key, a plain-text one in its place |
//! | backup | the vault before the last change, `vault.toml.bak` |
//!
//! The library exists for this program's tests, benches and fuzz targets only.

mod aws;
mod cli;
mod clock;
mod commands;
mod desktop;
mod error;
mod formats;
#[doc(hidden)]
pub mod hooks;
mod json;
mod keyring;
mod manual;
mod name_match;
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
        cli.command.run(&mut session.with_program(Cli::program))
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
    let loaded = locate(unknown_command.vault.clone()).and_then(|vault| vault.load());
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
