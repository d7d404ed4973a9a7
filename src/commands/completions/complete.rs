//! The candidates for the word at the cursor.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Args, Command};
use clap_complete::CompletionCandidate;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, complete};

use crate::aws::config;
use crate::commands::account_json::summary;
use crate::commands::help;
use crate::error::Result;
use crate::keyring::cache;
use crate::otp::Algorithm;
use crate::session::Session;
use crate::text::sanitize;
use crate::vault::{Entry, VaultFile};

/// The arguments that are names of accounts, by command
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

/// The value names of arguments that are files
const FILES: [&str; 3] = ["FILE", "SOURCE", "DIR"];

/// The answer that makes the shell complete file names itself
const FILES_WANTED: &str = "\tfiles\n";

/// The candidate that stands for all files; no other ends with this byte
const ANY_FILE: &str = "\0";

/// Print the candidates for the word at the cursor, one a line, with their descriptions
#[derive(Debug, Args)]
pub(crate) struct Complete {
    /// The typed part of the word at the cursor
    #[arg(long, default_value = "")]
    word: OsString,
    /// The words between the program and the cursor
    #[arg(last = true)]
    before: Vec<OsString>,
}

impl Complete {
    /// Prints only candidates, and never prompts: the user is typing.
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let vault = named_vault(&self.before).unwrap_or_else(|| session.vault.clone());
        let mut program = with_candidates((session.program)(), &vault);
        let program_name = OsString::from(program.get_name());
        let words: Vec<OsString> =
            [program_name].into_iter().chain(self.before.clone()).chain([self.word.clone()]).collect();
        let at = words.len() - 1;
        let mut found = complete(&mut program, words, at, None).unwrap_or_default();
        add_topics(&mut found, &self.before, &self.word);
        Ok(session.ui.stdout(self.render(&found).as_bytes())?)
    }

    /// Renders the candidates. Options appear only after a dash: they would hide the other candidates.
    fn render(&self, found: &[CompletionCandidate]) -> String {
        let is_option = |word: &OsStr| word.as_encoded_bytes().starts_with(b"-");
        let is_file = |found: &&CompletionCandidate| {
            found.get_value().as_encoded_bytes().ends_with(ANY_FILE.as_bytes())
        };
        let begins_option = is_option(&self.word) && found.iter().any(|found| !is_file(&found));
        if found.iter().any(|found| is_file(&found)) && !begins_option {
            return FILES_WANTED.to_owned();
        }
        let visible = found.iter().filter(|found| !is_file(found));
        let visible = visible.filter(|found| is_option(&self.word) || !is_option(found.get_value()));
        let lines = visible.map(|candidate| {
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

/// Returns the vault that the command line names.
fn named_vault(words: &[OsString]) -> Option<VaultFile> {
    let separate = words.windows(2).rev().find(|pair| pair[0] == "--vault").map(|pair| pair[1].clone());
    let joined = || {
        let value = |word: &OsString| Some(word.to_str()?.strip_prefix("--vault=")?.into());
        words.iter().rev().find_map(value)
    };
    VaultFile::locate(Some(separate.or_else(joined)?.into())).ok()
}

/// Adds the candidates of each argument to the program's commands.
fn with_candidates(program: Command, vault: &VaultFile) -> Command {
    NAMES.into_iter().fold(with_files(program), |program, (command, argument)| {
        program.mut_subcommand(command, |command| {
            // `mut_arg` would move the argument behind the others.
            command.mut_args(|other| {
                if other.get_id() == argument { with_accounts(other, vault.clone()) } else { other }
            })
        })
    })
}

fn with_accounts(argument: Arg, vault: VaultFile) -> Arg {
    argument.add(ArgValueCandidates::new(move || accounts(&vault)))
}

/// Adds the candidates of files, AWS profiles and algorithms, also to the subcommands.
fn with_files(command: Command) -> Command {
    // The first argument of `add` is the source if it is the only one.
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

/// Returns the names that a locked vault shows, or hidden names if the vault is unlocked.
fn accounts(vault: &VaultFile) -> Vec<CompletionCandidate> {
    let Ok(mut loaded) = vault.load() else { return Vec::new() };
    if let Some(id) = loaded.vault.header().filter(|header| header.hides_names).map(|header| header.id)
        && let Ok(Some(key)) = cache::get(&id.to_base64())
    {
        loaded.vault.reveal_names(&key);
    }
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
