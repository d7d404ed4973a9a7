//! `mfa completions`, and the hidden command that its scripts run at each Tab.
//!
//! The scripts only know how to answer their shell. The program computes the candidates from the definition of its own
//! commands, so that both always have the same version.

mod complete;

use clap::{Args, ValueEnum};

use crate::error::Result;
use crate::session::Session;

pub(crate) use complete::Complete;

/// The command that installs the script, by shell
const INSTALL: &str = "\
Once and for all:
  bash        echo 'source <(mfa completions bash)' >> ~/.bashrc
  zsh         echo 'source <(mfa completions zsh)' >> ~/.zshrc      (behind compinit)
  fish        mfa completions fish > ~/.config/fish/completions/mfa.fish
  PowerShell  Add-Content $PROFILE 'mfa completions powershell | Out-String | Invoke-Expression'
  elvish      echo 'eval (mfa completions elvish | slurp)' >> ~/.config/elvish/rc.elv";

/// Print the script that completes words in a shell
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
