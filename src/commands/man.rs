//! `mfa man`

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

use crate::clock;
use crate::error::{Context as _, Result, exit_codes};
use crate::platform::env::VARIABLES;
use crate::session::Session;
use crate::text::shown_path;

/// Write the man pages into a folder, or print that of mfa
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder, such as ~/.local/share/man/man1; created if it is missing
    dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        // The page of 'help' would be empty.
        let mut program = (session.program)().disable_help_subcommand(true);
        program.build();
        let Some(folder) = &self.dir else {
            return Ok(session.ui.stdout(&page(&program)?)?);
        };
        let pages = pages(&program);
        for (name, command) in &pages {
            write(folder, name, &page(command)?)
                .with_context(|| format!("could not write '{}'", shown_path(&folder.join(name))))?;
        }
        session.ui.status(format_args!("wrote {} pages into '{}'", pages.len(), shown_path(folder)));
        Ok(())
    }
}

/// Returns each visible command with the file name of its page.
fn pages(command: &Command) -> Vec<(String, &Command)> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    [(format!("{name}.1"), command)].into_iter().chain(below.flat_map(pages)).collect()
}

/// Writes a page that all users can read, as man pages are.
fn write(folder: &Path, name: &str, page: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(name), page)
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    Page::new(command.clone())
        .title(name.to_uppercase())
        .date(clock::release_day())
        .source(concat!("mfa ", env!("CARGO_PKG_VERSION")))
        .manual("mfa manual")
        .render(&mut page)?;
    let mut more = Roff::new();
    if command.has_subcommands() {
        list(&mut more, "ENVIRONMENT", VARIABLES);
        list(&mut more, "EXIT STATUS", exit_codes().into_iter().map(|(code, text)| (code.to_string(), text)));
    } else {
        more.control("SH", ["SEE ALSO"]).text([bold("mfa"), roman("(1)")]);
    }
    more.to_writer(&mut page)?;
    Ok(tidy(&String::from_utf8_lossy(&page)).into_bytes())
}

/// Removes line breaks next to blank lines, and trailing blanks: `mandoc` warns about both.
fn tidy(page: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in page.lines().map(str::trim_end) {
        match (lines.last(), line) {
            (Some(&""), ".br") => continue,
            (Some(&".br"), "") => drop(lines.pop()),
            _ => {}
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

fn list<'a>(page: &mut Roff, title: &str, items: impl IntoIterator<Item = (impl Into<String>, &'a str)>) {
    page.control("SH", [title]);
    for (term, text) in items {
        page.control("TP", []).text([bold(term)]).text([roman(text)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manual;

    /// Returns the rows of a table of the page `scripting`, without code marks.
    fn rows(heading: &str) -> Vec<(String, String)> {
        let page = manual::page("scripting").unwrap();
        let table = page.split(heading).nth(1).unwrap().split("\n\n").next().unwrap();
        let row = |line: &str| {
            let (term, meaning) = line.trim_matches(['|', ' ']).split_once(" | ")?;
            Some((term.replace('`', ""), meaning.replace('`', "")))
        };
        table.lines().filter_map(row).collect()
    }

    #[test]
    fn the_scripting_page_lists_every_exit_code() {
        let listed = rows("| exit | meaning |\n|---|---|\n");
        let codes = exit_codes().into_iter();
        let codes = codes.map(|(code, meaning)| (code.to_string(), meaning.to_owned()));
        assert_eq!(listed, codes.collect::<Vec<_>>());
    }

    #[test]
    fn the_scripting_page_lists_every_variable() {
        let listed = rows("| variable | meaning |\n|---|---|\n");
        let variables = VARIABLES.into_iter();
        let variables = variables.map(|(name, meaning)| (name.to_owned(), meaning.to_owned()));
        assert_eq!(listed, variables.collect::<Vec<_>>());
    }
}
