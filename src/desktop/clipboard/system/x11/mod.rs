//! The clipboard of X11: the owner of a selection sends the content to each program that requests it (ICCCM 2, "Peer-to-Peer
//! Communication by Means of Selections").

mod client;
mod owner;
mod reader;

pub(super) use owner::SelectionOwner;
pub(super) use reader::{read_picture, read_text};
