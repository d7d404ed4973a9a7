//! An error as the user sees it: one line, a hint, an exit code.

use crate::aws::config::ProfileError;
use crate::clock::ClockError;
use crate::desktop::clipboard::ClipboardError;
use crate::error::{Exit, Failure};
use crate::otp::{MfaArn, NameError};
use crate::source::SourceError;
use crate::state::StateError;
use crate::ui::terminal::TerminalError;
use crate::ui::{OutputError, Ui};
use crate::vault::{FileError, FindError, NameTaken};

/// How the process ends
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Code(u8),
    /// As any program that has been interrupted: by that signal
    Signal(i32),
}

impl From<Exit> for End {
    fn from(exit: Exit) -> Self {
        Self::Code(exit as u8)
    }
}

/// Tells the user what went wrong; a reader that has closed the pipe is nothing of that kind.
pub(crate) fn report(error: &anyhow::Error, ui: &mut Ui) -> End {
    if let Some(OutputError::ClosedPipe) = error.downcast_ref() {
        return End::Code(0);
    }
    if let Some(terminal) = error.downcast_ref::<TerminalError>()
        && let Some(signal) = terminal.signal()
    {
        return End::Signal(signal);
    }
    let (exit, hint) = exit_and_hint(error);
    ui.error(format_args!("{error:#}"), hint.as_deref());
    exit.into()
}

fn exit_and_hint(error: &anyhow::Error) -> (Exit, Option<String>) {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        (failure.exit, failure.hint.clone())
    } else if let Some(find) = error.downcast_ref::<FindError>() {
        find_failure(find)
    } else if error.is::<NameTaken>() {
        (Exit::Exists, Some("--force replaces it (the one before stays in the backup)".to_owned()))
    } else if let Some(file) = error.downcast_ref::<FileError>() {
        (Exit::Failed, file.hint())
    } else if let Some(source) = error.downcast_ref::<SourceError>() {
        (source.exit(), source.hint().map(str::to_owned))
    } else if let Some(profile) = error.downcast_ref::<ProfileError>() {
        (Exit::Failed, profile.hint())
    } else if let Some(state) = error.downcast_ref::<StateError>() {
        (Exit::Failed, state.hint())
    } else if let Some(clipboard) = error.downcast_ref::<ClipboardError>() {
        (clipboard.exit(), clipboard.hint().map(str::to_owned))
    } else if let Some(TerminalError::Missing) = error.downcast_ref() {
        (Exit::Usage, None)
    } else if let Some(ClockError::BeforeEpoch) = error.downcast_ref() {
        (Exit::Failed, Some("set the clock of this machine".to_owned()))
    } else {
        (Exit::Failed, None)
    }
}

fn find_failure(error: &FindError) -> (Exit, Option<String>) {
    match error {
        FindError::Empty => (Exit::Usage, Some(NameError::HINT.to_owned())),
        FindError::None { query, similar } if similar.is_empty() => {
            let is_device = query.parse::<MfaArn>().is_ok();
            let hint = if is_device {
                "'mfa edit NAME --serial ARN' says whose device that is"
            } else {
                "'mfa list' shows the accounts"
            };
            (Exit::NoAccount, Some(hint.to_owned()))
        }
        FindError::None { similar, .. } => {
            (Exit::NoAccount, Some(format!("did you mean {}?", similar.join(", "))))
        }
        FindError::Several { .. } => (Exit::Ambiguous, Some("say the name of one of them".to_owned())),
        FindError::Damaged { .. } => (Exit::Failed, Some("mend its record in the vault file".to_owned())),
    }
}
