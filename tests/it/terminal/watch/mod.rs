//! The live view on a terminal.

mod keys;
mod signals;
mod surroundings;
