//! A scene on the console's alternate screen. Reading single keys takes `unsafe`, so crossterm does it.

use std::io::{self, Write};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, poll, read};
use crossterm::execute;
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode, size,
};

use crate::ui::live::{Action, Key, Live};
use crate::ui::terminal::TerminalError;
use crate::ui::terminal::deferred_stderr::DeferredStderr;

/// Shows a scene until it leaves.
pub(crate) fn show_live(live: &mut Live<'_>) -> Result<(), TerminalError> {
    let console = Console::enter()?;
    loop {
        console.write(&live.paint(size().ok()))?;
        if !poll(live.time_to_next_frame())? {
            continue;
        }
        match read()? {
            Event::Resize(..) => live.invalidate(),
            Event::Key(event) if is_interrupt(event) => return Err(TerminalError::Interrupted),
            Event::Key(event) => {
                if parse_key(event).is_some_and(|key| live.press(key) == Action::Leave) {
                    return Ok(());
                }
            }
            _ => {}
        }
    }
}

/// A guard that reports every key and shows the alternate screen until it is dropped
struct Console {
    /// Prints the deferred messages after the screen is left: fields are dropped after `drop`
    _deferred: DeferredStderr,
}

impl Console {
    fn enter() -> io::Result<Self> {
        let console = Self { _deferred: DeferredStderr::new() };
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, Hide, DisableLineWrap)?;
        Ok(console)
    }

    #[expect(clippy::unused_self, reason = "the caller must have entered the screen")]
    fn write(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), EnableLineWrap, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// Returns whether the key is Ctrl-C, which is no signal in raw mode.
fn is_interrupt(event: KeyEvent) -> bool {
    event.code == KeyCode::Char('c') && event.modifiers.contains(KeyModifiers::CONTROL)
}

fn parse_key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    // AltGr reports both modifiers, and types letters.
    let control =
        event.modifiers.contains(KeyModifiers::CONTROL) && !event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        KeyCode::Char('l') if control => Key::Redraw,
        KeyCode::Char('n') if control => Key::Down,
        KeyCode::Char('p') if control => Key::Up,
        KeyCode::Char('u') if control => Key::EraseLine,
        KeyCode::Char('w') if control => Key::EraseWord,
        KeyCode::Char(letter) if !control => Key::Char(letter),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        _ => return None,
    })
}
