//! The clipboard and the screen of real desktops without a monitor: an X server, a Wayland compositor, a tmux server.
//!
//! What is copied is judged by the tools that others paste with; what is to be found was drawn or copied by theirs.

mod copy;
mod paste;
mod portal;
mod screen;
mod silent_server;
mod tmux;
mod wsl;
