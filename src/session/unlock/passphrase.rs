//! Passphrases: out of a file, out of a command, typed.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use crate::error::{CommandError, Context as _, ExitCode, Result};
use crate::platform::env;
use crate::session::Session;
use crate::text::shown_path;

/// Bytes of a passphrase, with the end of its line
const LONGEST: usize = 4096;

/// What the prompt calls it
pub(crate) const LINE: &str = "passphrase of the vault";

/// Where a new passphrase can come from: always, and where it may be the one that unlocks
const INSTEAD: &str = "--new-passphrase-file FILE";
const INSTEAD_TOO: &str = "--new-passphrase-file FILE, or set MFA_PASSPHRASE_FILE or MFA_PASSPHRASE_COMMAND";

/// The passphrase that a file or a command gives, if the user has named one
pub(super) fn given_passphrase() -> Result<Option<Zeroizing<String>>> {
    if let Some(file) = env::var_os(env::PASSPHRASE_FILE) {
        return first_line(Path::new(&file)).map(Some);
    }
    env::var(env::PASSPHRASE_COMMAND)?.map(|command| output_of(&command)).transpose()
}

/// A new passphrase: out of the file that is named, else what would unlock, else typed twice
pub(crate) fn new_passphrase(
    file: Option<&Path>,
    takes_what_unlocks: bool,
    session: &mut Session<'_>,
) -> Result<Zeroizing<String>> {
    let given = match file {
        Some(file) => Some(first_line(file)?),
        None if takes_what_unlocks => given_passphrase()?,
        None => None,
    };
    let passphrase = match given {
        Some(passphrase) => passphrase,
        None => {
            typed_twice("new passphrase", if takes_what_unlocks { INSTEAD_TOO } else { INSTEAD }, session)?
        }
    };
    if passphrase.is_empty() {
        return Err(CommandError::usage("the passphrase is empty"));
    }
    Ok(passphrase)
}

/// A new secret, typed twice alike
pub(crate) fn typed_twice(
    question: &str,
    instead: &str,
    session: &mut Session<'_>,
) -> Result<Zeroizing<String>> {
    let once = session.ui.ask_hidden(question, instead)?;
    if *session.ui.ask_hidden("the same again", instead)? != *once {
        return Err(CommandError::failed("the two differ; nothing was changed"));
    }
    Ok(once)
}

/// Reads the password of another program's file from the first line of a file, or of stdin.
pub(crate) fn read_password(file: &Path) -> Result<Zeroizing<String>> {
    read_secret(file, "password")
}

/// The first line of a file, or of stdin, without its end
fn first_line(file: &Path) -> Result<Zeroizing<String>> {
    read_secret(file, "passphrase")
}

fn read_secret(file: &Path, secret: &'static str) -> Result<Zeroizing<String>> {
    let read = if file.as_os_str() == "-" {
        read_line(std::io::stdin().lock())
    } else {
        File::open(file).and_then(|file| read_line(BufReader::new(file)))
    };
    let text = read.with_context(|| format!("could not read the {secret} from '{}'", shown_path(file)))?;
    Ok(line(&text))
}

/// A file that has no end must not fill the memory
fn read_line(file: impl BufRead) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(LONGEST));
    match file.take(LONGEST as u64).read_line(&mut line)? {
        LONGEST if !line.ends_with('\n') => Err(io::Error::other("its first line is too long for one")),
        _ => Ok(line),
    }
}

/// The first line of what a command of the user prints; it is run as the shell would
fn output_of(command: &str) -> Result<Zeroizing<String>> {
    let output = shell(command).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let variable = env::PASSPHRASE_COMMAND;
    let output = output.with_context(|| format!("could not run the command in {variable}"))?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(CommandError::new(
            ExitCode::Locked,
            format!("the command in {variable} failed: {}", output.status),
        ));
    }
    let text = std::str::from_utf8(&printed)
        .map_err(|_| CommandError::usage(format!("{variable} printed no text")))?;
    Ok(line(text))
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command);
    shell
}

/// `cmd` takes all between the outer quotes as it stands; quotes of the command's own that were escaped for it would
/// reach the program with their backslashes
#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    std::os::windows::process::CommandExt::raw_arg(&mut shell, format!("/D /S /C \"{command}\""));
    shell
}

fn line(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
}
