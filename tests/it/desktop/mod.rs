//! The clipboard and the screen of real desktops without a monitor: an X server, a Wayland compositor, a tmux server.
//!
//! Other programs' tools judge copied codes, and copy or draw the input of `mfa`.

mod copy;
mod paste;
mod portal;
mod screen;
mod silent_server;
mod tmux;
mod wsl;
