//! The overview of all commands, and `mfa help TOPIC`: a page of the manual. The help of a command is clap's.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgMatches, Command};

use crate::manual;

/// The name of the command
pub(crate) const NAME: &str = "help";

const TOPIC: &str = "topic";

const ABOUT: &str = "Print the help of a command or a page of the manual";

/// The commands as the overview groups them
const GROUPS: [(&str, &[&str]); 5] = [
    ("Codes", &["code", "next-pair", "watch", "list", "verify"]),
    ("Accounts", &["add", "show", "edit", "rename", "remove", "undo"]),
    ("Moving", &["import", "export", "export-qr"]),
    ("Vault", &["unlock", "lock", "status", "vault"]),
    ("Setup", &["doctor", "completions", "man", NAME]),
];

/// The columns for the name of a group, and for the name of a command
const COLUMNS: (usize, usize) = (11, 13);

/// Replaces the list of commands in the program's help by the groups.
pub(crate) fn with_groups(program: Command) -> Command {
    let style = *program.get_styles().get_header();
    let literal = *program.get_styles().get_literal();
    let about = |name: &str| {
        program.find_subcommand(name).and_then(Command::get_about).map_or(ABOUT.into(), ToString::to_string)
    };
    let (group_width, name_width) = COLUMNS;
    let row = |group: &str, name: &str| {
        let about = about(name);
        format!("{style}{group:group_width$}{style:#}{literal}{name:name_width$}{literal:#}{about}\n")
    };
    let rows = GROUPS.into_iter().flat_map(|(group, names)| {
        let groups = [group].into_iter().chain(std::iter::repeat(""));
        groups.zip(names).map(|(group, name)| row(group, name))
    });
    let lines: String = rows.collect();
    let options = format!("{style}Options:{style:#}\n{{options}}");
    program.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{lines}\n{options}{{after-help}}"
    ))
}

/// Returns the line that names the topics: the last of the program's help.
pub(crate) fn topics_line() -> String {
    format!("mfa help TOPIC: {}", manual::topics().collect::<Vec<_>>().join(", "))
}

/// Returns the parser of `mfa help TOPIC`. It rejects all that clap's own `help` answers.
pub(crate) fn parser(program: Command) -> Command {
    let topic = Arg::new(TOPIC).required(true);
    program.disable_help_subcommand(true).subcommand(Command::new(NAME).arg(topic))
}

/// Returns the page that a command line asks for, with a pointer to the command of the same name.
///
/// `None` if its word is not a topic.
pub(crate) fn page(line: &ArgMatches, program: &Command) -> Option<String> {
    let topic: &String = line.subcommand_matches(NAME)?.get_one(TOPIC)?;
    let page = manual::page(topic)?;
    let is_command = program.find_subcommand(topic).is_some();
    Some(if is_command { format!("{page}\noptions: mfa {topic} --help\n") } else { page })
}

/// Adds the topics to the error about a word after `help` that is not a command.
pub(crate) fn suggest_topics(error: &mut clap::Error, before: &[OsString]) {
    if is_help(before) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![topics_line().into()]));
    }
}

/// Returns each topic that begins with `word`, with its title, if the words before it are `help`.
pub(super) fn candidates(before: &[OsString], word: &OsStr) -> Vec<(&'static str, &'static str)> {
    let (true, Some(word)) = (is_help(before), word.to_str()) else { return Vec::new() };
    let topics = manual::topics().filter(|topic| topic.starts_with(word));
    topics.filter_map(|topic| Some((topic, manual::title(topic)?))).collect()
}

/// Returns whether `help` is the only word that is not an option.
fn is_help(words: &[OsString]) -> bool {
    let mut words = words.iter().filter(|word| !word.as_encoded_bytes().starts_with(b"-"));
    words.next().is_some_and(|word| word == NAME) && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    fn page_of(line: &str) -> Option<String> {
        let matches = parser(Command::new("mfa")).try_get_matches_from(line.split(' ')).ok()?;
        page(&matches, &Command::new("mfa").subcommand(Command::new("import")))
    }

    #[test]
    fn a_topic_wins_over_the_command_of_its_name() {
        let import = page_of("mfa help import").unwrap();
        assert!(import.starts_with("# ") && import.ends_with("\n\noptions: mfa import --help\n"), "{import}");
        assert_eq!(page_of("mfa help aws"), manual::page("aws"));
        for line in
            ["mfa help", "mfa help list", "mfa help aws vault", "mfa import", "mfa help import --help"]
        {
            assert_eq!(page_of(line), None, "{line}");
        }
    }

    #[test]
    fn overview_has_each_command_once_in_40_rows_of_80_columns() {
        let mut program = Cli::program();
        let help = program.render_help().to_string();
        let rows = help.lines().map(|line| line.chars().count().div_ceil(80).max(1)).sum::<usize>();
        assert!(rows <= 40, "{rows} rows:\n{help}");
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        let visible = program.get_subcommands().filter(|command| !command.is_hide_set());
        let mut commands: Vec<&str> = visible.map(Command::get_name).collect();
        grouped.sort_unstable();
        commands.sort_unstable();
        assert_eq!(grouped, commands);
    }

    #[test]
    fn topics_complete_only_after_help() {
        let candidates = |before: &str, word: &str| {
            let before: Vec<OsString> = before.split(' ').map(OsString::from).collect();
            candidates(&before, word.as_ref()).into_iter().map(|(topic, _)| topic).collect::<Vec<_>>()
        };
        assert_eq!(candidates("help", "s"), ["scripting", "security"]);
        assert_eq!(candidates("-q help", "v"), ["vault"]);
        for before in ["vault help", "help vault", "code", ""] {
            assert_eq!(candidates(before, ""), [""; 0], "{before}");
        }
    }
}
