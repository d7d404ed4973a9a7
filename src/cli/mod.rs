//! The command line: global options, the command, and usage errors.

mod usage_error;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand as _, ValueEnum};

use crate::commands::{Command, help};
use crate::ui::Verbosity;

// `mfa` alone prints help instead of the live view: newcomers type just that, and no code may appear on a shared screen
// unasked.
/// A command-line authenticator: TOTP codes, AWS MFA devices, QR pictures
#[derive(Debug, Parser)]
#[command(name = "mfa", bin_name = "mfa", version, arg_required_else_help = true, after_help = help::topics_line())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options of every command
#[derive(Debug, Default, Args)]
pub(crate) struct Global {
    /// The vault file [variable: MFA_VAULT]
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    pub(crate) vault: Option<PathBuf>,
    /// A private key of age or SSH [variable: MFA_IDENTITY]
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    pub(crate) identity: Vec<PathBuf>,
    /// Use colours: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        global = true,
        help_heading = "Global options"
    )]
    color: When,
    /// Never prompt, fail instead [variable: MFA_NO_INPUT]
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_input: bool,
    /// Print only answers and errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    quiet: bool,
    /// Also print how it was done
    #[arg(short, long, global = true, conflicts_with = "quiet", help_heading = "Global options")]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum When {
    #[default]
    Auto,
    Always,
    Never,
}

/// The end of a command line that runs no command: help, the version, or a usage error
#[derive(Debug)]
pub(crate) struct EarlyExit {
    pub(crate) text: StyledStr,
    pub(crate) is_error: bool,
    pub(crate) colour: ColorChoice,
    /// The unknown word in place of a command, which may be the name of an account
    pub(crate) unknown_command: Option<UnknownCommand>,
}

/// A word that is not a command, and the vault that the command line names
#[derive(Debug)]
pub(crate) struct UnknownCommand {
    pub(crate) word: String,
    pub(crate) vault: Option<PathBuf>,
}

impl Global {
    pub(crate) fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        }
    }

    pub(crate) fn colour(&self) -> ColorChoice {
        match self.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        }
    }
}

impl Cli {
    /// Parses the arguments, which begin with the program's name.
    ///
    /// # Errors
    /// Help, the version and usage errors end the program. No secret among the arguments appears in them.
    pub(crate) fn read(arguments: &[OsString]) -> Result<Self, EarlyExit> {
        if let Some(cli) = Self::plain_code(arguments).or_else(|| Self::read_code(arguments)) {
            return Ok(cli);
        }
        if let Some(page) = Self::read_topic(arguments) {
            let colour = colour_of(arguments);
            return Err(EarlyExit { text: page.into(), is_error: false, colour, unknown_command: None });
        }
        Self::parse_all(arguments).map_err(|mut error| {
            suggest_topics(&mut error, arguments);
            let is_error = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let unknown_command = unknown_command(&error, arguments);
            let text = if is_error { usage_error::render(error, arguments) } else { error.render() };
            EarlyExit { text, is_error, colour: colour_of(arguments), unknown_command }
        })
    }
}

impl Cli {
    /// Parses `mfa code NAME` without a parser of clap, whose construction takes longer than the code.
    fn plain_code(arguments: &[OsString]) -> Option<Self> {
        let [_, command, name] = arguments else { return None };
        let name = name.to_str().filter(|name| command == "code" && !name.starts_with('-'))?;
        Some(Self { global: Global::default(), command: Command::code_for(name) })
    }

    /// Parses `mfa code …` by the parser of that command alone, because construction of all parsers takes longer than the
    /// code. Returns `None` for what it does not accept, so that the whole parser words the message.
    fn read_code(arguments: &[OsString]) -> Option<Self> {
        if arguments.get(1)? != "code" {
            return None;
        }
        let parser = Global::augment_args(clap::Command::new("mfa")).subcommand(Command::code());
        let matches = parser.try_get_matches_from(arguments).ok()?;
        Self::from_arg_matches(&matches).ok()
    }

    /// Returns the page that `mfa help TOPIC` asks for. The whole parser answers all other lines.
    fn read_topic(arguments: &[OsString]) -> Option<String> {
        if !arguments.iter().any(|argument| argument == help::NAME) {
            return None;
        }
        let parser = help::parser(Global::augment_args(clap::Command::new("mfa")));
        let matches = parser.try_get_matches_from(arguments).ok()?;
        help::page(&matches, &Self::program())
    }

    fn parse_all(arguments: &[OsString]) -> Result<Self, clap::Error> {
        let mut program = Self::program();
        let matches = program.try_get_matches_from_mut(arguments)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut program))
    }

    /// Returns the definition of the whole program.
    pub(crate) fn program() -> clap::Command {
        help::with_groups(Self::command())
    }
}

/// Adds the topics of the manual to the error about a word after `mfa help`.
fn suggest_topics(error: &mut clap::Error, arguments: &[OsString]) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return };
    let Some(at) = arguments.iter().position(|argument| *argument == word.as_str()) else { return };
    help::suggest_topics(error, arguments.get(1..at).unwrap_or_default());
}

/// Returns the unknown command of `mfa` itself, not of a command that has commands of its own, such as `vault`.
fn unknown_command(error: &clap::Error, arguments: &[OsString]) -> Option<UnknownCommand> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let mut before = arguments.iter().take_while(|argument| *argument != word.as_str());
    if before.any(|argument| Command::has_subcommand(&argument.to_string_lossy())) {
        return None;
    }
    Some(UnknownCommand { word: word.clone(), vault: last_of("--vault", arguments).map(PathBuf::from) })
}

fn colour_of(arguments: &[OsString]) -> ColorChoice {
    match last_of("--color", arguments) {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// Returns the last value of an option in a command line that clap rejected.
fn last_of<'a>(option: &str, arguments: &'a [OsString]) -> Option<&'a str> {
    (0..arguments.len()).rev().find_map(|at| match arguments[at].to_str()?.strip_prefix(option)? {
        "" => arguments.get(at + 1).and_then(|next| OsStr::to_str(next)),
        value => value.strip_prefix('='),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_consistent() {
        Cli::program().debug_assert();
    }

    #[test]
    fn read_code_accepts_what_the_whole_parser_accepts() {
        for line in [
            "mfa code x",
            "mfa code x --vault v --identity a --identity b -q -m 5 -e --next -j",
            "mfa code --from f --at +30s --color never",
            "mfa code -- -x",
            "mfa code x --no-input",
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let one = Cli::read_code(&arguments).unwrap();
            let whole = Cli::try_parse_from(&arguments).unwrap();
            assert_eq!(format!("{one:?}"), format!("{whole:?}"), "{line}");
        }
        for line in
            ["mfa", "mfa list", "mfa code", "mfa code --help", "mfa code x y", "mfa --vault code list"]
        {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(Cli::read_code(&arguments).is_none(), "{line}");
        }
    }

    #[test]
    fn plain_code_agrees_with_the_whole_parser() {
        for name in ["x", "", "arn:aws:iam::1:mfa/x", "a b", "@x"] {
            let arguments = ["mfa", "code", name].map(OsString::from);
            let plain = Cli::plain_code(&arguments).unwrap();
            let whole = Cli::try_parse_from(&arguments).unwrap();
            assert_eq!(format!("{plain:?}"), format!("{whole:?}"), "{name}");
        }
        for line in ["mfa code", "mfa code -e", "mfa code --help", "mfa code -", "mfa code a b", "mfa show a"]
        {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(Cli::plain_code(&arguments).is_none(), "{line}");
        }
    }
}
