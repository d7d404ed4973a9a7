//! `mfa` on a terminal: on a pseudo-terminal, alone and inside the shells that people use.

mod clipboard;
mod completions;
mod countdown;
mod export_qr;
mod foreign_text;
mod hidden_prompt;
mod passphrase;
mod pasted_input;
mod readme_picture;
mod screenshot;
mod script;
mod shells;
mod watch;
