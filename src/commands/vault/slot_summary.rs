//! How key slots appear in messages.

use crate::text::sanitize;
use crate::vault::crypto::{KeySlot, SlotKind};

/// Characters that a label shows from the start and from the end of a public key
const SHOWN: (usize, usize) = (12, 6);

/// Returns the kind of a key slot.
pub(super) fn kind(slot: &KeySlot) -> String {
    match &slot.kind {
        SlotKind::Passphrase => "passphrase".to_owned(),
        SlotKind::Recipients => "public key".to_owned(),
        SlotKind::Unknown(kind) => format!("unknown kind '{}'", sanitize(kind)),
    }
}

/// Returns the kind and the label of a key slot, and whether it is damaged.
pub(in crate::commands) fn summary(slot: &KeySlot) -> String {
    let kind = kind(slot);
    let label = slot.label.as_ref().map(|label| format!(" {}", sanitize(label))).unwrap_or_default();
    let damage = if slot.is_damaged() { ", damaged" } else { "" };
    format!("{kind}{label}{damage}")
}

/// Returns the summaries of several slots, separated by commas.
pub(in crate::commands) fn summaries(slots: &[KeySlot]) -> String {
    slots.iter().map(summary).collect::<Vec<_>>().join(", ")
}

/// Returns the label of a public key: the comment of an SSH key, else the ends of the key.
pub(super) fn label(recipient: &str) -> String {
    let mut words = recipient.splitn(3, char::is_whitespace);
    let (first, key, comment) = (words.next().unwrap_or_default(), words.next(), words.next());
    if let Some(comment) = comment.map(str::trim).filter(|comment| !comment.is_empty()) {
        return sanitize(comment);
    }
    let characters: Vec<char> = sanitize(key.unwrap_or(first)).chars().collect();
    if characters.len() <= SHOWN.0 + SHOWN.1 {
        return "…".to_owned();
    }
    let (start, end) = (&characters[..SHOWN.0], &characters[characters.len() - SHOWN.1..]);
    format!("{}…{}", String::from_iter(start), String::from_iter(end))
}
