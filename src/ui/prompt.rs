//! Questions to the user.

use zeroize::Zeroizing;

use crate::error::{CommandError, Result};
use crate::text::sanitize;
use crate::ui::Ui;
use crate::ui::terminal::{self, TerminalError};

impl Ui {
    /// Prompts for a secret without echo.
    ///
    /// `question` is a noun phrase without an article, such as `new passphrase`. `hint` names the way without a prompt.
    ///
    /// # Errors
    /// Returns a usage error with `hint` if no prompt is possible, or an error if the prompt is interrupted or gets no input.
    pub(crate) fn ask_hidden(&mut self, question: &str, hint: &str) -> Result<Zeroizing<String>> {
        if let Some(obstacle) = self.prompt_obstacle() {
            let message = format!("cannot prompt for the {question}: {obstacle}");
            return Err(CommandError::usage(message).hint(hint));
        }
        Ok(terminal::read_hidden_line(&format!("{question}: "))?)
    }

    /// Prompts for a line with echo.
    ///
    /// # Errors
    /// Returns an error if the prompt is interrupted or gets no input.
    #[expect(clippy::unused_self, reason = "the caller must hold the streams")]
    pub(crate) fn ask(&mut self, question: &str) -> Result<String, TerminalError> {
        terminal::read_line(&format!("{question}: "))
    }

    /// Asks the user to type `word` and returns whether the answer matches. Returns `false` if no prompt is possible.
    ///
    /// # Errors
    /// Returns an error if the prompt is interrupted or gets no input.
    pub(crate) fn confirm_by_typing(&mut self, purpose: &str, word: &str) -> Result<bool, TerminalError> {
        Ok(self.can_prompt() && terminal::read_line(&format!("type '{word}' to {purpose}: "))?.trim() == word)
    }

    /// Asks a yes-or-no question; the default is no. `hint` names the way without a prompt.
    ///
    /// # Errors
    /// Returns a usage error with `hint` if no prompt is possible, or an error if the prompt is interrupted or gets no input.
    pub(crate) fn confirm(&mut self, question: &str, hint: &str) -> Result<bool> {
        if let Some(obstacle) = self.prompt_obstacle() {
            let message = format!("cannot ask for confirmation: {obstacle}");
            return Err(CommandError::usage(message).hint(hint));
        }
        let answer = terminal::read_line(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Lists numbered choices and returns the index of the one that the user types, as a number or in full.
    ///
    /// Returns `None` if the answer is neither.
    ///
    /// # Errors
    /// Returns an error if the prompt is interrupted or gets no input.
    pub(crate) fn choose(&mut self, choices: &[String]) -> Result<Option<usize>, TerminalError> {
        for (number, choice) in (1..).zip(choices) {
            self.stderr(&format!("{number:>3}  {}\n", sanitize(choice)));
        }
        let answer = terminal::read_line("number: ")?;
        let answer = answer.trim();
        let numbered = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let named = || choices.iter().position(|choice| choice == answer);
        Ok(numbered.filter(|&index| index < choices.len()).or_else(named))
    }
}
