//! Identities: the private keys that the user has named, never those that a vault names.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Context as _, Result};
use crate::platform::env;
use crate::session::Session;
use crate::text::{sanitize, shown_path};
use crate::ui::{self, terminal};
use crate::vault::crypto::{Callbacks, Identities, SecretString};

/// Bytes of a file of keys
const LONGEST: u64 = 1 << 20;

/// Most private keys fit, so that no copy of one is left behind where the text grows
const ROOM: usize = 16 << 10;

impl Session<'_> {
    /// Those of `--identity`, else that of `MFA_IDENTITY`
    pub(super) fn identities(&mut self) -> Result<Option<Identities>> {
        let mut files = self.identity.to_vec();
        if files.is_empty() {
            files.extend(env::var_os(env::IDENTITY).map(PathBuf::from));
        }
        if files.is_empty() {
            return Ok(None);
        }
        let prompts = self.age_prompts();
        let mut identities = Identities::default();
        for file in files {
            let could_not = || format!("could not read the identity '{}'", shown_path(&file));
            let text = text_of_keys(&file).with_context(could_not)?;
            identities.add(&text, &prompts).with_context(could_not)?;
        }
        Ok(Some(identities))
    }

    pub(crate) fn age_prompts(&self) -> AgePrompts {
        AgePrompts { can_prompt: self.ui.can_prompt() }
    }
}

/// The text of a file of keys, private or public, or of stdin
pub(crate) fn text_of_keys(file: &Path) -> Result<Zeroizing<String>> {
    let read = if file.as_os_str() == "-" {
        bounded(io::stdin().lock())
    } else {
        File::open(file).and_then(bounded)
    };
    Ok(read?)
}

/// A file that has no end must not fill the memory
fn bounded(file: impl Read) -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(ROOM));
    file.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other("it is too long for a file of keys"));
    }
    Ok(text)
}

/// Asks for what a key or a plugin needs: a passphrase, a PIN, a touch
#[derive(Debug, Clone, Copy)]
pub(crate) struct AgePrompts {
    can_prompt: bool,
}

impl Callbacks for AgePrompts {
    fn display_message(&self, message: &str) {
        if self.can_prompt {
            ui::stderr(sanitize(message));
        }
    }

    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
        let (yes, no) = (sanitize(yes), no.map_or_else(|| "no".to_owned(), sanitize));
        let answer = self
            .can_prompt
            .then(|| terminal::read_line(&format!("{} [{yes}/{no}] ", sanitize(message))).ok())??;
        Some(answer.trim().eq_ignore_ascii_case(&yes))
    }

    fn request_public_string(&self, description: &str) -> Option<String> {
        self.can_prompt.then(|| terminal::read_line(&format!("{}: ", sanitize(description))).ok())?
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        let typed = self
            .can_prompt
            .then(|| terminal::read_hidden_line(&format!("{}: ", sanitize(description))).ok())??;
        Some(SecretString::from(typed.as_str().to_owned()))
    }
}
