//! The modes of the terminal during a prompt, and the guard that restores the previous ones.

use std::io;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::device::Tty;

/// The handling of typed characters by the terminal
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echo {
    /// Shows nothing and passes on every byte. The terminal's own line mode silently drops the bytes beyond a limit, 4095 on Linux.
    Off,
    /// Shows the characters and edits the line itself
    On,
}

/// The flags that show whether another process changed the modes
const OWN_FLAGS: LocalModes = LocalModes::ECHO.union(LocalModes::ICANON);

/// A guard that sets the modes of the terminal until it is dropped
pub(super) struct Modes<'a> {
    tty: &'a Tty,
    before: Termios,
    ours: Termios,
}

impl<'a> Modes<'a> {
    /// Saves the current modes and sets new ones. Keeps typed-ahead input.
    pub(super) fn set(tty: &'a Tty, echo: Echo) -> Result<Self, TerminalError> {
        let before = tcgetattr(tty).map_err(io::Error::from)?;
        let ours = prompt_modes(&before, echo);
        let modes = Self { tty, before, ours };
        tcsetattr(tty, OptionalActions::Now, &modes.ours).map_err(io::Error::from)?;
        Ok(modes)
    }

    /// Returns whether the modes are still those of this guard: a shell may change them while this process is stopped.
    fn are_in_force(&self) -> bool {
        tcgetattr(self.tty).is_ok_and(|now| own_flags(&now) == own_flags(&self.ours))
    }

    /// Returns the byte of an editing key, as the previous modes define it.
    pub(super) fn key(&self, index: SpecialCodeIndex) -> Option<u8> {
        // Systems write 0 or 255 for "no key".
        Some(self.before.special_codes[index]).filter(|&code| code != 0 && code != u8::MAX)
    }
}

impl Drop for Modes<'_> {
    fn drop(&mut self) {
        // Another job owns the terminal, or a shell set other modes: leave them.
        if !self.tty.belongs_to_another_job() && self.are_in_force() {
            let _ = tcsetattr(self.tty, OptionalActions::Now, &self.before);
        }
    }
}

fn own_flags(modes: &Termios) -> LocalModes {
    modes.local_modes & OWN_FLAGS
}

fn prompt_modes(before: &Termios, echo: Echo) -> Termios {
    let mut modes = before.clone();
    modes.local_modes.insert(LocalModes::ISIG);
    modes.input_modes.insert(InputModes::ICRNL);
    modes.input_modes.remove(InputModes::INLCR | InputModes::IGNCR);
    match echo {
        Echo::On => modes.local_modes.insert(OWN_FLAGS),
        Echo::Off => {
            modes.local_modes.remove(OWN_FLAGS);
            modes.special_codes[SpecialCodeIndex::VMIN] = 1;
            modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        }
    }
    modes
}
