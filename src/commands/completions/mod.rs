//! `mfa completions`, and what its scripts ask for at each Tab.
//!
//! The scripts know nothing but how their shell is told; what can stand at the cursor says the program itself, out of
//! the definition of its commands, so that both are always of one version.

mod complete;

use clap::{Args, ValueEnum};

use crate::error::Result;
use crate::session::Session;

pub(crate) use complete::Complete;

/// Where each shell wants the script
const INSTALL: &str = "\
Once and for all:
  bash        echo 'source <(mfa completions bash)' >> ~/.bashrc
  zsh         echo 'source <(mfa completions zsh)' >> ~/.zshrc      (behind compinit)
  fish        mfa completions fish > ~/.config/fish/completions/mfa.fish
  PowerShell  Add-Content $PROFILE 'mfa completions powershell | Out-String | Invoke-Expression'
  elvish      echo 'eval (mfa completions elvish | slurp)' >> ~/.config/elvish/rc.elv";

/// Print the script by which a shell completes commands, options and account names
#[derive(Debug, Args)]
#[command(after_help = INSTALL)]
pub(crate) struct Completions {
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

impl Completions {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let script = match self.shell {
            Shell::Bash => include_str!("mfa.bash"),
            Shell::Zsh => include_str!("mfa.zsh"),
            Shell::Fish => include_str!("mfa.fish"),
            Shell::Powershell => include_str!("mfa.ps1"),
            Shell::Elvish => include_str!("mfa.elv"),
        };
        Ok(session.ui.stdout(script.as_bytes())?)
    }
}
