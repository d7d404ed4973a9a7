//! Questions to the user, asked only where somebody is there to answer.

use zeroize::Zeroizing;

use crate::error::{CommandError, Result};
use crate::text::sanitize;
use crate::ui::Ui;
use crate::ui::terminal::{self, TerminalError};

impl Ui {
    /// Asks for a secret without showing what is typed; `instead` says what to do where nobody can be asked.
    ///
    /// # Errors
    /// A usage error where nobody can be asked; an interrupted prompt.
    pub(crate) fn ask_hidden(&mut self, question: &str, instead: &str) -> Result<Zeroizing<String>> {
        self.need_prompt(question, instead)?;
        Ok(terminal::hidden_line(&format!("{question}: "))?)
    }

    /// Asks for a line that may be seen.
    ///
    /// # Errors
    /// An interrupted prompt.
    #[expect(clippy::unused_self, reason = "whoever asks must hold the streams")]
    pub(crate) fn ask(&mut self, question: &str) -> Result<String, TerminalError> {
        terminal::line(&format!("{question}: "))
    }

    /// Asks for a word to be typed as it stands: whether that was done. Where nobody can be asked it was not.
    ///
    /// # Errors
    /// An interrupted prompt.
    pub(crate) fn confirm_by_typing(&mut self, purpose: &str, word: &str) -> Result<bool, TerminalError> {
        Ok(self.can_prompt() && terminal::line(&format!("type '{word}' to {purpose}: "))?.trim() == word)
    }

    /// Asks for yes or no; `instead` says what to do where nobody can be asked.
    ///
    /// # Errors
    /// A usage error where nobody can be asked; an interrupted prompt.
    pub(crate) fn confirm(&mut self, question: &str, instead: &str) -> Result<bool> {
        self.need_prompt(question, instead)?;
        let answer = terminal::line(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Shows numbered choices and asks for one, by number or as it stands; gives its index, none where the answer is
    /// neither.
    ///
    /// # Errors
    /// An interrupted prompt.
    pub(crate) fn choose(&mut self, choices: &[String]) -> Result<Option<usize>, TerminalError> {
        for (number, choice) in (1..).zip(choices) {
            self.stderr(format_args!("{number:>3}  {}\n", sanitize(choice)));
        }
        let answer = terminal::line("number: ")?;
        let answer = answer.trim();
        let numbered = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let named = || choices.iter().position(|choice| choice == answer);
        Ok(numbered.filter(|&index| index < choices.len()).or_else(named))
    }

    fn need_prompt(&self, question: &str, instead: &str) -> Result<()> {
        if self.can_prompt() {
            return Ok(());
        }
        Err(CommandError::usage(format!("input is needed, and nobody can be asked for it: {question}"))
            .hint(instead))
    }
}
