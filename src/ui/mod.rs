//! The only place that prints, prompts or draws
pub(crate) mod terminal;
