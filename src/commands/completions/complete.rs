//! The candidates for the word at the cursor.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Args, Command};
use clap_complete::CompletionCandidate;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, complete};

use crate::aws::config;
use crate::commands::account_json::summary;
use crate::commands::help;
use crate::error::Result;
use crate::otp::Algorithm;
use crate::session::Session;
use crate::text::sanitize;
use crate::vault::{Entry, VaultFile};

/// Where the name of an account is expected: the command and its argument
const NAMES: [(&str, &str); 11] = [
    ("code", "name"),
    ("next-pair", "name"),
    ("show", "name"),
    ("verify", "name"),
    ("export-qr", "name"),
    ("edit", "name"),
    ("rename", "name"),
    ("remove", "names"),
    ("export", "names"),
    ("list", "filter"),
    ("watch", "filter"),
];

/// What the arguments that name files are called in the help
const FILES: [&str; 3] = ["FILE", "SOURCE", "DIR"];

/// In the place of candidates: the shell knows best how to complete a file
const FILES_WANTED: &str = "\tfiles\n";

/// The candidate that stands for all files; no other ends so
const ANY_FILE: &str = "\0";

/// Tell a shell what can stand at the cursor, a candidate and its description a line
#[derive(Debug, Args)]
pub(crate) struct Complete {
    /// The word at the cursor, as far as it is typed
    #[arg(long, default_value = "")]
    word: OsString,
    /// The words between the program and the cursor
    #[arg(last = true)]
    before: Vec<OsString>,
}

impl Complete {
    /// Nothing is ever asked or told here: whoever presses Tab wants to go on typing.
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let vault = named_vault(&self.before).unwrap_or_else(|| session.vault.clone());
        let mut program = prepared((session.program)(), &vault);
        let program_name = OsString::from(program.get_name());
        let words: Vec<OsString> =
            [program_name].into_iter().chain(self.before.clone()).chain([self.word.clone()]).collect();
        let at = words.len() - 1;
        let mut found = complete(&mut program, words, at, None).unwrap_or_default();
        add_topics(&mut found, &self.before, &self.word);
        Ok(session.ui.stdout(self.told(&found).as_bytes())?)
    }

    /// Options only where one is begun: behind a name they would hide what comes next
    fn told(&self, found: &[CompletionCandidate]) -> String {
        let is_option = |word: &OsStr| word.as_encoded_bytes().starts_with(b"-");
        let is_file = |found: &&CompletionCandidate| {
            found.get_value().as_encoded_bytes().ends_with(ANY_FILE.as_bytes())
        };
        let begins_option = is_option(&self.word) && found.iter().any(|found| !is_file(&found));
        if found.iter().any(|found| is_file(&found)) && !begins_option {
            return FILES_WANTED.to_owned();
        }
        let wanted = found.iter().filter(|found| !is_file(found));
        let wanted = wanted.filter(|found| is_option(&self.word) || !is_option(found.get_value()));
        let lines = wanted.map(|candidate| {
            let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help.lines().next().unwrap_or_default();
            format!("{}\t{}\n", candidate.get_value().to_string_lossy(), sanitize(help))
        });
        lines.collect::<Vec<_>>().concat()
    }
}

/// Adds the topics of the manual after `help`; a topic replaces the command of its name.
fn add_topics(found: &mut Vec<CompletionCandidate>, before: &[OsString], word: &OsStr) {
    for (topic, title) in help::candidates(before, word) {
        found.retain(|candidate| candidate.get_value() != topic);
        found.push(CompletionCandidate::new(topic).help(Some(title.into())));
    }
}

/// The vault that the line names
fn named_vault(words: &[OsString]) -> Option<VaultFile> {
    let behind = words.windows(2).rev().find(|pair| pair[0] == "--vault").map(|pair| pair[1].clone());
    let joint = || {
        let value = |word: &OsString| Some(word.to_str()?.strip_prefix("--vault=")?.into());
        words.iter().rev().find_map(value)
    };
    VaultFile::locate(Some(behind.or_else(joint)?.into())).ok()
}

/// The program's commands, with what can stand in the place of their arguments
fn prepared(program: Command, vault: &VaultFile) -> Command {
    NAMES.into_iter().fold(with_files(program), |program, (command, argument)| {
        program.mut_subcommand(command, |command| {
            // not `mut_arg`, which would put the argument behind the others
            command.mut_args(
                |other| if other.get_id() == argument { named(other, vault.clone()) } else { other },
            )
        })
    })
}

fn named(argument: Arg, vault: VaultFile) -> Arg {
    argument.add(ArgValueCandidates::new(move || accounts(&vault)))
}

/// Every argument that names a file, here and in the commands below, and every profile of AWS
fn with_files(command: Command) -> Command {
    // its first argument may be the source, if it is the only one
    let is_add = command.get_name() == "add";
    let command = command.mut_args(|argument| match argument.get_id().as_str() {
        "profile" => argument.add(ArgValueCandidates::new(profiles)),
        "algorithm" => argument.add(ArgValueCandidates::new(algorithms)),
        name if is_file(&argument) || (is_add && name == "name") => {
            argument.add(ArgValueCompleter::new(file))
        }
        _ => argument,
    });
    command.mut_subcommands(with_files)
}

fn is_file(argument: &Arg) -> bool {
    if !argument.get_action().takes_values() {
        return false;
    }
    match argument.get_value_names() {
        Some(names) => names.iter().any(|name| FILES.contains(&name.as_str())),
        None => FILES.contains(&argument.get_id().as_str().to_uppercase().as_str()),
    }
}

fn file(_: &OsStr) -> Vec<CompletionCandidate> {
    vec![CompletionCandidate::new(ANY_FILE)]
}

/// The names that can be had without unlocking anything
fn accounts(vault: &VaultFile) -> Vec<CompletionCandidate> {
    let Ok(loaded) = vault.load(None) else { return Vec::new() };
    let candidate =
        |entry: &Entry| CompletionCandidate::new(entry.name.as_str()).help(Some(summary(entry).into()));
    loaded.vault.entries().map(candidate).collect()
}

fn algorithms() -> Vec<CompletionCandidate> {
    let all = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
    all.into_iter().map(|algorithm| CompletionCandidate::new(algorithm.as_str())).collect()
}

fn profiles() -> Vec<CompletionCandidate> {
    config::profile_names().into_iter().map(CompletionCandidate::new).collect()
}
