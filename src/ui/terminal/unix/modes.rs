//! The modes of the terminal while a question stands, and the guard that puts the earlier ones back

use std::io;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::device::Tty;

/// What the terminal does with what is typed
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echo {
    /// Shows nothing and hands over every byte: in the terminal's own line mode a line has an end, 4095 bytes on Linux, and what is
    /// beyond is lost without a word.
    Off,
    /// Shows it, and edits the line itself
    On,
}

/// The modes that tell whether ours are still in force
const OWN_FLAGS: LocalModes = LocalModes::ECHO.union(LocalModes::ICANON);

pub(super) struct Modes<'a> {
    tty: &'a Tty,
    before: Termios,
    ours: Termios,
}

impl<'a> Modes<'a> {
    /// Notes the modes as they are now and sets ours. What was typed ahead is kept.
    pub(super) fn set(tty: &'a Tty, echo: Echo) -> Result<Self, TerminalError> {
        let before = tcgetattr(tty).map_err(io::Error::from)?;
        let ours = changed(&before, echo);
        let modes = Self { tty, before, ours };
        tcsetattr(tty, OptionalActions::Now, &modes.ours).map_err(io::Error::from)?;
        Ok(modes)
    }

    /// Whether nobody has set other modes since: a shell may, when this process was stopped without having been asked.
    fn are_in_force(&self) -> bool {
        tcgetattr(self.tty).is_ok_and(|now| telling(&now) == telling(&self.ours))
    }

    /// A key as it was set before, such as the one that erases a character
    pub(super) fn key(&self, index: SpecialCodeIndex) -> Option<u8> {
        // 0 and 255 are what systems write for "no key"
        Some(self.before.special_codes[index]).filter(|&code| code != 0 && code != u8::MAX)
    }
}

impl Drop for Modes<'_> {
    fn drop(&mut self) {
        // modes that are no longer ours, and the terminal of another job, are not ours to change
        if !self.tty.is_another_jobs() && self.are_in_force() {
            let _ = tcsetattr(self.tty, OptionalActions::Now, &self.before);
        }
    }
}

fn telling(modes: &Termios) -> LocalModes {
    modes.local_modes & OWN_FLAGS
}

fn changed(before: &Termios, echo: Echo) -> Termios {
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
