//! Usage errors of clap, which repeat arguments: without secrets, and safe for the terminal.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::text::{has_unsafe, may_hold_secret, redact, redact_word, sanitize, sanitize_styled};

/// The longest argument, in bytes, that a usage error repeats whole
const MAX_REPEATED: usize = 100;

/// Renders an error of clap: redacts arguments that may be secrets, and shortens long ones.
pub(super) fn render(mut error: clap::Error, arguments: &[OsString]) -> StyledStr {
    let mut replaced = clean_context(&mut error);
    for argument in arguments {
        let argument = argument.to_string_lossy();
        let behind_equals = argument.split_once('=').map(|(_, value)| value);
        for value in [Some(&*argument), behind_equals].into_iter().flatten() {
            if value.len() > MAX_REPEATED || may_hold_secret(value) || has_unsafe(value) {
                replaced.push((value.to_owned(), redact(value)));
            }
        }
    }
    // A part must not be replaced inside of the whole.
    replaced.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    let rendered = error.render().ansi().to_string();
    let clean = replaced.iter().fold(rendered, |rendered, (text, clean)| rendered.replace(text, clean));
    StyledStr::from(sanitize_styled(&clean).replacen("tip:", "hint:", 1))
}

/// Replaces the arguments that the error holds, and returns those that changed, each with its replacement: clap has put
/// them into its suggestions already.
fn clean_context(error: &mut clap::Error) -> Vec<(String, String)> {
    let kind = error.kind();
    let mut replaced = Vec::new();
    let texts: Vec<(ContextKind, String)> = error
        .context()
        .filter_map(|(context, value)| match value {
            ContextValue::String(text) if !text.is_empty() => Some((context, text.clone())),
            _ => None,
        })
        .collect();
    for (context, text) in texts {
        let is_surplus = is_surplus(kind, context, &text);
        let clean = if is_surplus { "…".to_owned() } else { clean_argument(kind, context, &text) };
        if clean != text {
            error.insert(context, ContextValue::String(clean.clone()));
            // A surplus argument may be a word of the message itself, and is no part of a suggestion.
            if !is_surplus {
                replaced.push((text, clean));
            }
        }
    }
    replaced
}

/// Returns whether the command takes no such argument: it may be a passphrase, as in `--passphrase=…`, or a part of a
/// secret key that was pasted with its blanks.
fn is_surplus(kind: ErrorKind, context: ContextKind, text: &str) -> bool {
    match (kind, context) {
        (ErrorKind::UnknownArgument, ContextKind::InvalidArg) => !text.starts_with('-'),
        (ErrorKind::TooManyValues, ContextKind::InvalidValue) => true,
        _ => false,
    }
}

fn clean_argument(kind: ErrorKind, context: ContextKind, text: &str) -> String {
    match (kind, context) {
        (ErrorKind::UnknownArgument, ContextKind::InvalidArg) | (_, ContextKind::InvalidSubcommand) => {
            redact_word(text)
        }
        // A key in lower case has one run of letters, which no number, time or choice has.
        (_, ContextKind::InvalidValue) if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            redact_word(text)
        }
        (_, ContextKind::InvalidValue) if text.len() > MAX_REPEATED || may_hold_secret(text) => redact(text),
        _ => sanitize(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;

    /// Returns the text of a usage error, whose lines are arguments.
    fn usage_error(arguments: &[&str]) -> String {
        let arguments: Vec<OsString> = ["mfa"].iter().chain(arguments).map(OsString::from).collect();
        let stop = Cli::read(&arguments).unwrap_err();
        assert!(stop.is_error, "{arguments:?}");
        stop.text.ansi().to_string()
    }

    #[test]
    fn usage_error_redacts_only_the_surplus_argument() {
        for word in ["", "e", "mfa", "error", "argument", "'"] {
            let arguments = ["mfa", "code", "x", word].map(OsString::from);
            let text = Cli::read(&arguments).unwrap_err().text.to_string();
            let hidden = if word.is_empty() { "" } else { "…" };
            let start = format!("error: unexpected argument '{hidden}' found\n\nUsage: mfa code");
            assert!(text.starts_with(&start) && text.ends_with('\n'), "{word:?}: {text}");
        }
    }

    #[test]
    fn usage_error_never_repeats_a_secret() {
        for line in [
            "add a b otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
            "add a b JBSWY3DPEHPK3PXP",
            "add a b jbswy3dpehpk3pxp",
            "add a --secret=JBSWY3DPEHPK3PXP",
            "add a --JBSWY3DPEHPK3PXP=a",
            "add --digits JBSWY3DPEHPK3PXP",
            "add --digits=JBSWY3DPEHPK3PXP",
            "code a --digits JBSWY3DPEHPK3PXP",
            "code --JBSWY3DPEHPK3PXP",
            "code -mJBSWY3DPEHPK3PXP a",
            "help JBSWY3DPEHPK3PXP",
            "--JBSWY3DPEHPK3PXP",
            "JBSWY3DPEHPK3PXP",
        ] {
            for line in [line.to_owned(), line.replace("JBSWY3DPEHPK3PXP", "kxnqpwzrtlmvcbhg")] {
                let text = usage_error(&line.split(' ').collect::<Vec<_>>()).to_lowercase();
                assert!(!text.contains("jbswy3dp") && !text.contains("kxnqpwzr"), "{line}: {text}");
            }
        }
    }

    #[test]
    fn usage_error_never_repeats_a_passphrase() {
        for arguments in [
            &["vault", "encrypt", "--passphrase=hunter2"][..],
            &["vault", "encrypt", "hunter2"],
            &["unlock", "hunter2", "horse"],
            &["--quiet=hunter2", "list"],
            &["hunter2 horse"],
        ] {
            assert!(!usage_error(arguments).contains("hunter2"), "{arguments:?}");
        }
    }

    #[test]
    fn usage_error_is_safe_for_the_terminal() {
        let safe = |text: &str| !has_unsafe(&strip_styles(text));
        for foreign in
            ["\u{1b}[31mx", "\u{1b}]0;x\u{7}", "x\u{202e}y", "x\u{200b}", "\u{ad}x", "\u{9b}1m", "x\ny"]
        {
            for arguments in [
                &["add", "a", "--issuer", foreign][..],
                &["add", "a", &format!("-i{foreign}")],
                &["add", "a", &format!("--issuer={foreign}")],
                &["add", "--digits", foreign],
                &["add", "--type", foreign],
                &["code", "a", "-m", foreign],
                &["code", "a", &format!("--{foreign}")],
                &["code", "a", &format!("-{foreign}")],
                &["code", "a", &format!("--{foreign}=7")],
                &["--color", foreign, "list"],
                &["help", foreign],
                &["list", "a", foreign],
                &[foreign],
                &[&format!("--{foreign}")],
            ] {
                let text = usage_error(arguments);
                assert!(safe(&text) && !text.contains(foreign), "{arguments:?}: {text:?}");
            }
        }
        let named = [OsString::from("/bin/m\u{1b}fa"), OsString::from("--x")];
        let text = Cli::read(&named).unwrap_err().text.ansi().to_string();
        assert!(safe(&text), "{text:?}");
    }

    /// Removes the styles of clap itself, and the line ends.
    fn strip_styles(text: &str) -> String {
        let styles = ["0m", "1m", "2m", "4m", "31m", "32m", "33m", "1m\u{1b}[31m", "1m\u{1b}[4m"];
        let text =
            styles.iter().fold(text.to_owned(), |text, style| text.replace(&format!("\u{1b}[{style}"), ""));
        text.replace('\n', "")
    }
}
