//! Foreign text: sanitised for the terminal, and redacted where it may hold a secret.

mod redact;
mod sanitize;

pub(crate) use redact::{
    argument, is_secret_key, may_hold_secret, redact, redact_near, redact_word, shown_path,
};
pub(crate) use sanitize::{has_unsafe, is_invisible, plain_label, sanitize, sanitize_lines, sanitize_styled};
