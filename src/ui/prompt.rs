//! Questions to the user, asked only where somebody is there to answer.

use zeroize::Zeroizing;

use super::Ui;
use super::terminal::{self, TerminalError};
use crate::failure::Failure;
use crate::text::clean;

impl Ui {
    /// Asks for a secret without showing what is typed; `instead` says what to do where nobody can be asked.
    ///
    /// # Errors
    /// A usage error where nobody can be asked; an interrupted prompt.
    pub(crate) fn ask_hidden(&mut self, question: &str, instead: &str) -> anyhow::Result<Zeroizing<String>> {
        self.need_prompt(question, instead)?;
        Ok(terminal::hidden_line(&format!("{question}: "))?)
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
    pub(crate) fn confirm(&mut self, question: &str, instead: &str) -> anyhow::Result<bool> {
        self.need_prompt(question, instead)?;
        let answer = terminal::line(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Shows numbered choices and asks for one; gives its index, none where the answer is no number of the list.
    ///
    /// # Errors
    /// An interrupted prompt.
    pub(crate) fn choose(&mut self, choices: &[String]) -> Result<Option<usize>, TerminalError> {
        for (number, choice) in (1..).zip(choices) {
            self.tell(format_args!("{number:>3}  {}\n", clean(choice)));
        }
        let answer = terminal::line("number: ")?;
        Ok(answer
            .trim()
            .parse::<usize>()
            .ok()
            .filter(|number| (1..=choices.len()).contains(number))
            .map(|n| n - 1))
    }

    fn need_prompt(&self, question: &str, instead: &str) -> Result<(), Failure> {
        if self.can_prompt() {
            return Ok(());
        }
        Err(Failure::usage(format!("input is needed, and there is no terminal to ask for it: {question}"))
            .hint(instead))
    }
}
