//! What can be typed: the global options and the command, and how a mistake in them is told.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand as _, ValueEnum};

use crate::commands::{Command, help};
use crate::text;
use crate::ui::Verbosity;

/// Bytes from which on an argument is cut where it is repeated
const LONG: usize = 100;

// `mfa` alone is help and not the live view: who does not know the program yet types just that, what it does should not hang on
// what is in a vault, and no code should come onto a shared screen unasked.
/// A command-line authenticator: TOTP codes, AWS MFA devices, QR pictures
#[derive(Debug, Parser)]
#[command(name = "mfa", version, arg_required_else_help = true, after_help = help::topics_line())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes
#[derive(Debug, Default, Args)]
pub(crate) struct Global {
    /// The vault file [default: vault.toml in the configuration folder; variable: MFA_VAULT]
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    pub(crate) vault: Option<PathBuf>,
    /// A private key that opens an encrypted vault: of age or SSH [variable: MFA_IDENTITY]
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    pub(crate) identity: Vec<PathBuf>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, help_heading = "Global options")]
    color: When,
    /// Never ask, fail instead [variable: MFA_NO_INPUT]
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_input: bool,
    /// Say nothing but answers and errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    quiet: bool,
    /// Say how it was done
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

/// A command line that is not to be run: help, the version, or a mistake
#[derive(Debug)]
pub(crate) struct EarlyExit {
    pub(crate) text: StyledStr,
    pub(crate) is_error: bool,
    pub(crate) colour: ColorChoice,
    /// A word in the place of a command that is none: it may be the name of an account
    pub(crate) unknown_command: Option<UnknownCommand>,
}

/// What was taken for a command, and the vault that the line names
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
    /// Reads the arguments, the program's name first.
    ///
    /// # Errors
    /// Everything that ends the program here. A secret among the arguments does not appear in it.
    pub(crate) fn read(arguments: &[OsString]) -> Result<Self, EarlyExit> {
        if let Some(cli) = Self::plain_code(arguments).or_else(|| Self::read_code(arguments)) {
            return Ok(cli);
        }
        if let Some(page) = Self::read_topic(arguments) {
            let colour = colour_of(arguments);
            return Err(EarlyExit { text: page.into(), is_error: false, colour, unknown_command: None });
        }
        Self::try_parse_from(arguments).map_err(|mut error| {
            suggest_topics(&mut error, arguments);
            let is_error = !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            let text = if is_error { without_secrets(&error, arguments) } else { error.render() };
            let unknown_command = unknown_command(&error, arguments);
            EarlyExit { text, is_error, colour: colour_of(arguments), unknown_command }
        })
    }
}

impl Cli {
    /// `mfa code NAME` and nothing else: what scripts and prompts call all day. To build any parser takes longer than
    /// the code.
    fn plain_code(arguments: &[OsString]) -> Option<Self> {
        let [_, command, name] = arguments else { return None };
        let name = name.to_str().filter(|name| command == "code" && !name.starts_with('-'))?;
        Some(Self { global: Global::default(), command: Command::code_for(name) })
    }

    /// `mfa code …`, read by a parser of that one command: to build those of all the others takes longer than the code
    /// itself. What it does not take, it leaves to the whole parser, and with it every message.
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
        help::page(&matches, &Self::command())
    }
}

/// Adds the topics of the manual to the error about a word after `mfa help`.
fn suggest_topics(error: &mut clap::Error, arguments: &[OsString]) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return };
    let Some(at) = arguments.iter().position(|argument| *argument == word.as_str()) else { return };
    help::suggest_topics(error, arguments.get(1..at).unwrap_or_default());
}

/// clap repeats what it did not understand; where that may be a secret it is hidden, and cut where it is long
fn without_secrets(error: &clap::Error, arguments: &[OsString]) -> StyledStr {
    let rendered = error.render().ansi().to_string();
    let values = arguments.iter().filter_map(|argument| argument.to_str()).flat_map(|argument| {
        let behind_equals = argument.split_once('=').map(|(_, value)| value);
        [Some(argument), behind_equals]
    });
    let odd = values.flatten().filter(|value| value.len() > LONG || text::may_hold_secret(value));
    let mut clean = odd.fold(rendered, |rendered, value| rendered.replace(value, &text::redact(value)));
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidArg)
        && error.kind() == ErrorKind::UnknownArgument
        && !value.starts_with('-')
        && !value.is_empty()
        && let Some((before, quoted)) = clean.split_once('\'')
    {
        // a secret key that was pasted with its blanks is several arguments
        clean = format!("{before}'{}", quoted.replacen(value.as_str(), "…", 1));
    }
    StyledStr::from(clean.replacen("tip:", "hint:", 1))
}

/// Only of `mfa` itself: `slots` has commands of its own
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

/// The last value of an option in a command line that could not be read as a whole
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
    fn the_commands_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_parser_of_one_command_reads_what_the_whole_parser_reads() {
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
    fn a_name_alone_is_read_as_the_parser_reads_it() {
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

    #[test]
    fn a_surplus_argument_is_hidden_and_the_rest_of_the_message_is_not() {
        for word in ["", "e", "mfa", "error", "argument", "'"] {
            let arguments = ["mfa", "code", "x", word].map(OsString::from);
            let text = Cli::read(&arguments).unwrap_err().text.to_string();
            let hidden = if word.is_empty() { "" } else { "…" };
            let start = format!("error: unexpected argument '{hidden}' found\n\nUsage: mfa code");
            assert!(text.starts_with(&start) && text.ends_with('\n'), "{word:?}: {text}");
        }
    }

    #[test]
    fn a_secret_among_the_arguments_is_never_repeated() {
        for line in [
            "mfa add a b otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
            "mfa add a b JBSWY3DPEHPK3PXP",
            "mfa add a b jbswy3dpehpk3pxp",
            "mfa add a --secret=JBSWY3DPEHPK3PXP",
            "mfa code a --digits JBSWY3DPEHPK3PXP",
            "mfa JBSWY3DPEHPK3PXP",
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let stop = Cli::read(&arguments).unwrap_err();
            let text = stop.text.to_string();
            assert!(stop.is_error && !text.to_uppercase().contains("JBSWY3DP"), "{line}: {text}");
        }
    }
}
