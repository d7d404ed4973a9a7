//! What a person sees who answers `mfa` on a terminal: on a pseudo-terminal, alone and inside the shells
#![cfg(unix)]

mod clipboard;
mod completion;
mod countdown;
mod pasted;
mod picture;
mod prompt;
mod screen;
mod script;
mod session;
mod shell;
mod shells;
mod svg;
mod unlocking;
mod watch;
mod watched;
mod xterm;
