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

mod cli;
mod clipboard;
mod clock;
mod commands;
mod durable;
mod environment;
mod failure;
mod formats;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzed;
mod keystore;
mod manual;
#[doc(hidden)]
pub mod measured;
mod otp;
mod patience;
mod profile;
#[doc(hidden)]
pub mod qr;
mod report;
mod screen;
mod sntp;
mod source;
mod state;
mod text;
mod tool;
mod ui;
mod vault;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::CommandFactory as _;

use cli::{Cli, NoCommand, Stop};
use clipboard::Keeper;
use commands::Context;
use report::End;
use ui::Ui;
use vault::{FileError, MatchKind, VaultFile};

/// Runs a command line, the program's name first, and gives the exit code of the process.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    ui::hide_panics();
    ui::fail_on_file_size_limit();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(keeper) = Keeper::asked(&arguments) {
        return keeper.run();
    }
    let end = match Cli::read(&arguments) {
        Ok(cli) => execute(&cli),
        Err(stop) => explain(&stop),
    };
    match end {
        End::Code(code) => code,
        End::Signal(signal) => {
            ui::terminal::die_by(signal);
            u8::try_from(128 + signal).unwrap_or(u8::MAX)
        }
    }
}

fn execute(cli: &Cli) -> End {
    let global = &cli.global;
    let no_input = global.no_input || environment::raw(environment::NO_INPUT).is_some();
    let mut ui = Ui::new(global.colour(), global.volume(), no_input);
    let named = global.vault.clone().or_else(|| environment::raw(environment::VAULT).map(Into::into));
    let result = VaultFile::locate(named).map_err(anyhow::Error::from).and_then(|vault| {
        let cx = Context::new(&vault, &mut ui, &global.identity);
        cli.command.run(&mut cx.of_program(Cli::command))
    });
    match result {
        Ok(()) => End::Code(0),
        Err(error) => report::report(&error, &mut ui),
    }
}

fn locate(named: Option<PathBuf>) -> Result<VaultFile, FileError> {
    VaultFile::locate(named.or_else(|| environment::raw(environment::VAULT).map(Into::into)))
}

/// Whether an account is called exactly so, as far as can be told without unlocking
fn is_account(no_command: &NoCommand) -> bool {
    let loaded = locate(no_command.vault.clone()).and_then(|vault| vault.load(None));
    loaded.is_ok_and(|loaded| loaded.vault.find(&no_command.word, MatchKind::Exact).is_ok())
}

fn explain(stop: &Stop) -> End {
    let mut ui = Ui::new(stop.colour, ui::Volume::Normal, true);
    if let Some(no_command) = stop.no_command.as_ref().filter(|no_command| is_account(no_command)) {
        let word = text::shown(&no_command.word);
        ui.error(format_args!("no command '{word}'"), Some(&format!("mfa code {word}")));
        return failure::Exit::Usage.into();
    }
    match ui.usage(&stop.text, stop.is_error) {
        Ok(()) if stop.is_error => failure::Exit::Usage.into(),
        Ok(()) => End::Code(0),
        Err(error) => report::report(&error.into(), &mut ui),
    }
}
