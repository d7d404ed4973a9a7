//! X11: the content lives with its owner, which hands it to whoever asks (ICCCM 2, "Peer-to-Peer Communication by Means
//! of Selections").

mod client;
mod owner;
mod reader;

pub(super) use owner::Owner;
pub(super) use reader::{picture, text};
