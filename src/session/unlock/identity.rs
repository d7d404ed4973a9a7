//! Identities: the private keys that the user names, never those that a vault names.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Context as _, Result};
use crate::platform::env;
use crate::session::Session;
use crate::session::unlock::text_file;
use crate::text::{sanitize, shown_path};
use crate::ui::{self, terminal};
use crate::vault::crypto::{Callbacks, Identities, SecretString};

/// The size limit of a key file, in bytes
const MAX_BYTES: u64 = 1 << 20;

/// The initial capacity for a key file: most fit, so that a growing buffer leaves no copy of a key behind
const CAPACITY: usize = 16 << 10;

impl Session<'_> {
    /// Reads the identities of `--identity`, otherwise that of `MFA_IDENTITY`.
    ///
    /// # Errors
    /// A file cannot be read, or holds no identity.
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
            let text = read_key_file(&file).with_context(could_not)?;
            identities.add(&text, &prompts).with_context(could_not)?;
        }
        Ok(Some(identities))
    }

    /// Returns the prompts for keys and plugins.
    pub(crate) fn age_prompts(&self) -> AgePrompts {
        AgePrompts { can_prompt: self.ui.can_prompt() }
    }
}

/// Reads a file of private or public keys; `-` is stdin.
pub(crate) fn read_key_file(file: &Path) -> Result<Zeroizing<String>> {
    let read = if file.as_os_str() == "-" {
        read_bounded(io::stdin().lock())
    } else {
        File::open(file).and_then(read_bounded)
    };
    Ok(read?)
}

/// Rejects a larger text, so that an endless file cannot fill the memory.
fn read_bounded(file: impl Read) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(CAPACITY));
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("it is larger than {} MiB", MAX_BYTES >> 20)));
    }
    text_file::decode(&bytes)
}

/// Prompts for the passphrase, PIN or touch that a key or a plugin needs
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::unlock::text_file::tests::encodings;

    #[test]
    fn key_file_is_read_from_every_editor() {
        for bytes in encodings("# a key\r\nage1x\r\n") {
            assert_eq!(*read_bounded(&*bytes).unwrap(), "# a key\r\nage1x\r\n", "{bytes:?}");
        }
        assert!(read_bounded(io::repeat(b'x')).is_err());
    }
}
