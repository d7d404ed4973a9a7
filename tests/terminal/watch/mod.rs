//! The live view before a person

mod endings;
mod keys;
mod surroundings;
