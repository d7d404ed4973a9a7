//! The clipboard and the screen of real desktops without a monitor: an X server, a Wayland compositor, a tmux server.
//!
//! What is copied is judged by the tools that others paste with; what is to be found was drawn or copied by theirs.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by a panic, in what its tests share too"
)]

mod copying;
mod desktop;
mod page;
mod pasting;
mod portal;
mod running;
mod screen;
mod silence;
mod tmux;
mod wsl;
