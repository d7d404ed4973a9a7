//! Passphrases from a file, from a command, or from a prompt.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use crate::error::{CommandError, Context as _, ExitCode, Result};
use crate::platform::env;
use crate::session::Session;
use crate::session::unlock::{ATTEMPTS, text_file};
use crate::text::shown_path;
use crate::vault::crypto::random_bytes;

/// The size limit of a passphrase with its line end, in bytes
const MAX_BYTES: usize = 4096;

/// The hint if there is no prompt for a new passphrase, and if that may be the one that unlocks
const INSTEAD: &str = "--new-passphrase-file FILE";
const INSTEAD_TOO: &str = "--new-passphrase-file FILE, or set MFA_PASSPHRASE_FILE or MFA_PASSPHRASE_COMMAND";

/// Reads the passphrase that a variable names, and returns it with the name of the variable.
///
/// # Errors
/// The file cannot be read, or the command fails.
pub(super) fn configured_passphrase() -> Result<Option<(Zeroizing<String>, &'static str)>> {
    if let Some(file) = env::var_os(env::PASSPHRASE_FILE) {
        return read_first_line(Path::new(&file)).map(|line| Some((line, env::PASSPHRASE_FILE)));
    }
    let Some(command) = env::var(env::PASSPHRASE_COMMAND)? else { return Ok(None) };
    Ok(Some((run_command(&command)?, env::PASSPHRASE_COMMAND)))
}

/// Reads a new passphrase: from `file`, otherwise from the variables if `accepts_configured`, otherwise from the user,
/// who types it twice or has one generated. Warns of a weak one.
///
/// # Errors
/// The passphrase is empty, cannot be read, or was typed in two ways.
pub(crate) fn new_passphrase(
    file: Option<&Path>,
    accepts_configured: bool,
    session: &mut Session<'_>,
) -> Result<Zeroizing<String>> {
    let configured = match file {
        Some(file) => Some(read_first_line(file)?),
        None if accepts_configured => configured_passphrase()?.map(|(passphrase, _)| passphrase),
        None => None,
    };
    let passphrase = match configured {
        Some(passphrase) => passphrase,
        None => prompt_new(if accepts_configured { INSTEAD_TOO } else { INSTEAD }, session)?,
    };
    if passphrase.is_empty() {
        return Err(CommandError::usage("the passphrase is empty"));
    }
    if let Some(reason) = weakness(&passphrase) {
        let hint = "replace it with 'mfa vault passwd', which can generate one";
        session.ui.warn(format_args!("the passphrase is weak: {reason}"), Some(hint));
    }
    Ok(passphrase)
}

/// Asks for a new passphrase, and generates one if the answer is empty.
fn prompt_new(instead: &str, session: &mut Session<'_>) -> Result<Zeroizing<String>> {
    if session.ui.can_prompt() {
        session.ui.status("an empty answer generates a passphrase");
    }
    let typed = prompt_twice("new passphrase", instead, session)?;
    if !typed.is_empty() {
        return Ok(typed);
    }
    let generated = generate();
    session.ui.warn_always(
        format_args!("write this passphrase down: {}", *generated),
        "the vault opens with nothing else, unless it has another key",
    );
    for _ in 0..ATTEMPTS {
        if *session.ui.ask_hidden("type it to confirm that you have it", instead)? == *generated {
            return Ok(generated);
        }
        session.ui.status("that is not the generated passphrase");
    }
    Err(CommandError::failed("the generated passphrase was not confirmed"))
}

/// Returns a random passphrase of 120 bits: six groups of four letters and digits, without those that look alike.
///
/// Not words: a list of thousands of them would be relocated at each start of the program.
fn generate() -> Zeroizing<String> {
    const CHARACTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = Zeroizing::new(random_bytes::<24>());
    let mut text = Zeroizing::new(String::with_capacity(29));
    for (number, byte) in bytes.iter().enumerate() {
        if number > 0 && number % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(CHARACTERS[usize::from(byte % 32)]));
    }
    text
}

/// Returns why a passphrase is weak: NIST SP 800-63B-4 asks for 15 characters if nothing else protects.
fn weakness(passphrase: &str) -> Option<&'static str> {
    let different: HashSet<char> = passphrase.chars().collect();
    if passphrase.chars().count() < 15 {
        Some("it has fewer than 15 characters")
    } else if different.len() < 6 {
        Some("it has fewer than 6 different characters")
    } else {
        None
    }
}

/// Asks for a new passphrase or password, twice unless it is empty, and again if the two do not match.
///
/// # Errors
/// The user cannot be prompted, or typed two that do not match each time.
pub(crate) fn prompt_twice(
    question: &str,
    instead: &str,
    session: &mut Session<'_>,
) -> Result<Zeroizing<String>> {
    let word = if question.contains("password") { "password" } else { "passphrase" };
    let mismatch = format!("the {word}s do not match");
    for attempt in 1.. {
        let typed = session.ui.ask_hidden(question, instead)?;
        if typed.is_empty() || *session.ui.ask_hidden(&format!("repeat {word}"), instead)? == *typed {
            return Ok(typed);
        }
        if attempt == ATTEMPTS {
            break;
        }
        session.ui.status(&mismatch);
    }
    Err(CommandError::failed(mismatch))
}

/// Reads the password of another program's file from the first line of a file; `-` is stdin.
pub(crate) fn read_password(file: &Path) -> Result<Zeroizing<String>> {
    read_secret(file, "password")
}

/// Reads the first line of a file, without its line end; `-` is stdin.
fn read_first_line(file: &Path) -> Result<Zeroizing<String>> {
    read_secret(file, "passphrase")
}

fn read_secret(file: &Path, secret: &'static str) -> Result<Zeroizing<String>> {
    let read = if file.as_os_str() == "-" {
        read_line(io::stdin().lock())
    } else {
        File::open(file).and_then(|file| read_line(BufReader::new(file)))
    };
    let text = read.with_context(|| format!("could not read the {secret} from '{}'", shown_path(file)))?;
    Ok(first_line(&text))
}

/// Reads the first line of a text, or all lines if it is UTF-16, whose line ends no reader of bytes finds.
///
/// Rejects a longer line, so that an endless file cannot fill the memory.
fn read_line(file: impl BufRead) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES));
    let mut file = file.take(MAX_BYTES as u64);
    file.read_until(b'\n', &mut bytes)?;
    if text_file::is_utf_16(&bytes) {
        file.read_to_end(&mut bytes)?;
    }
    let is_full = bytes.len() == MAX_BYTES;
    let too_long = || io::Error::other(format!("its first line is too long, the limit is {MAX_BYTES} bytes"));
    match text_file::decode(&bytes) {
        Ok(text) if is_full && !text.contains('\n') => Err(too_long()),
        // The limit may have cut a character.
        Err(_) if is_full => Err(too_long()),
        read => read,
    }
}

/// Runs the command in the shell and returns the first line of its output.
fn run_command(command: &str) -> Result<Zeroizing<String>> {
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
    let text = text_file::decode(&printed)
        .map_err(|_| CommandError::usage(format!("the output of the command in {variable} is not UTF-8")))?;
    Ok(first_line(&text))
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(command);
    shell
}

// `cmd` takes all between the outer quotes literally. Escaping the command's own quotes would pass the backslashes on.
#[cfg(windows)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    std::os::windows::process::CommandExt::raw_arg(&mut shell, format!("/D /S /C \"{command}\""));
    shell
}

fn first_line(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::unlock::text_file::tests::encodings;

    #[test]
    fn passphrase_is_the_first_line_from_every_editor() {
        for text in ["pässwörd Ċ", "pässwörd Ċ\n", "pässwörd Ċ\r\n", "pässwörd Ċ\r\nmore\n"] {
            for bytes in encodings(text) {
                assert_eq!(*first_line(&read_line(&*bytes).unwrap()), "pässwörd Ċ", "{bytes:?}");
            }
        }
    }

    #[test]
    fn passphrase_file_without_a_line_end_is_bounded() {
        for bytes in encodings(&"x".repeat(MAX_BYTES)) {
            let error = read_line(&*bytes).unwrap_err();
            assert_eq!(error.to_string(), "its first line is too long, the limit is 4096 bytes");
        }
        assert!(read_line(&b"a\xff\n"[..]).is_err());
    }

    #[test]
    fn generated_passphrase_is_not_weak_and_never_the_same() {
        let [one, other] = [generate(), generate()];
        assert_ne!(one, other);
        let groups: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!((groups, weakness(&one)), (vec![4; 6], None));
        for weak in ["", "correct horse", "aaaaaaaaaaaaaaaaaaaaaaaaa", "pässwörd"] {
            assert!(weakness(weak).is_some(), "{weak}");
        }
        assert_eq!(weakness("correct horse battery"), None);
    }
}
