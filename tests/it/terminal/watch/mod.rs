//! The live view before a person

mod keys;
mod signals;
mod surroundings;
