//! `mfa man`

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

use crate::clock;
use crate::error::{Context as _, Result};
use crate::session::Session;
use crate::text::shown_path;

const EXIT_STATUS: [(&str, &str); 10] = [
    ("0", "Done; also where the reader has closed the pipe."),
    ("1", "Could not be done."),
    ("2", "Wrong usage, or input is needed and there is no terminal."),
    ("3", "No such account."),
    ("4", "The name fits several accounts."),
    ("5", "The account exists already, or the file to be written does."),
    ("6", "The vault is locked, or the passphrase is wrong."),
    ("7", "The code does not match."),
    ("8", "A problem was found."),
    ("130", "Interrupted."),
];

const ENVIRONMENT: [(&str, &str); 7] = [
    ("MFA_VAULT", "The vault file."),
    ("MFA_NO_INPUT", "Never ask, fail instead."),
    ("MFA_AT", "The time to compute for."),
    ("MFA_MIN_REMAINING", "How many seconds a code is good at least."),
    ("MFA_IDENTITY", "A private key that opens an encrypted vault."),
    ("MFA_PASSPHRASE_FILE", "A file whose first line is the passphrase."),
    ("MFA_PASSPHRASE_COMMAND", "A command that prints the passphrase."),
];

/// Write the manual pages, one a command, into a folder, or print that of mfa itself
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder, such as ~/.local/share/man/man1; it is made where it is missing
    dir: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        // the page of 'help' would say nothing
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

/// All commands that are shown, and the files of their pages
fn pages(command: &Command) -> Vec<(String, &Command)> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let below = command.get_subcommands().filter(|below| !below.is_hide_set());
    [(format!("{name}.1"), command)].into_iter().chain(below.flat_map(pages)).collect()
}

/// For everybody to read, as manuals are
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
        list(&mut more, "ENVIRONMENT", &ENVIRONMENT);
        list(&mut more, "EXIT STATUS", &EXIT_STATUS);
    } else {
        more.control("SH", ["SEE ALSO"]).text([bold("mfa"), roman("(1)")]);
    }
    more.to_writer(&mut page)?;
    Ok(tidied(&String::from_utf8_lossy(&page)).into_bytes())
}

/// Without the line breaks beside blank lines, and the blanks at the ends of lines, that `mandoc` warns of
fn tidied(page: &str) -> String {
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

fn list(page: &mut Roff, title: &str, items: &[(&str, &str)]) {
    page.control("SH", [title]);
    for (term, text) in items {
        page.control("TP", []).text([bold(*term)]).text([roman(*text)]);
    }
}
