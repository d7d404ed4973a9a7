//! Prints the differences between two copies of a vault, a line each.

use std::collections::HashSet;

use crate::commands::vault::summaries;
use crate::otp::Account;
use crate::session::Session;
use crate::text::sanitize;
use crate::vault::merge::{AccountMerge, Conflict, Difference, Field, Renumbered, SlotChanges};

/// Prints all differences.
pub(super) fn print_differences(merges: &[AccountMerge], session: &mut Session<'_>) {
    let here: HashSet<&str> =
        merges.iter().filter_map(|merge| Some(merge.here.as_ref()?.name.as_str())).collect();
    for merge in merges {
        for difference in &merge.differences {
            let mut line = line(merge, *difference);
            if *difference == Difference::Added && here.contains(&*name(merge)) {
                line += "; this vault has another account of that name";
            }
            session.ui.status(line);
        }
    }
}

fn line(merge: &AccountMerge, difference: Difference) -> String {
    let name = name(merge);
    match difference {
        Difference::Added => format!("+ {name}: only in the other copy"),
        Difference::Removed => format!("- {name}: removed in the other copy"),
        Difference::OnlyHere => format!("  {name}: only in this vault (new here, or removed there)"),
        Difference::Taken(field) => format!("~ {name}: {}", both(merge, field, "taken")),
        Difference::Kept(field) => format!("  {name}: {}", both(merge, field, "kept")),
        Difference::CounterAdvanced => {
            let counter = merge.result.as_ref().and_then(|account| account.key.counter());
            format!("~ {name}: its counter is higher in the other copy: {}", counter.unwrap_or_default())
        }
        Difference::Conflict(conflict) => conflict_line(merge, conflict),
    }
}

/// Returns `1 conflict`, `2 conflicts` and so on.
pub(super) fn format_conflicts(count: usize) -> String {
    if count == 1 { "1 conflict".to_owned() } else { format!("{count} conflicts") }
}

/// Returns the line of a conflict.
pub(super) fn conflict_line(merge: &AccountMerge, conflict: Conflict) -> String {
    let name = name(merge);
    match conflict {
        Conflict::Field(field) => format!("! {name}: {}", both(merge, field, "")),
        Conflict::RemovedHere => format!("! {name}: removed here, changed there"),
        Conflict::RemovedThere => format!("! {name}: changed here, removed there"),
    }
}

/// Returns `issuer 'Example' here, 'Exampel' there`, with the outcome. A note is not shown.
fn both(merge: &AccountMerge, field: Field, outcome: &str) -> String {
    let value = |account: &Option<Account>| {
        let shown = account.as_ref().map(|account| sanitize(&field.shown(account))).unwrap_or_default();
        if shown.is_empty() { "none".to_owned() } else { format!("'{shown}'") }
    };
    let outcome = match (outcome, field) {
        ("", _) => String::new(),
        // the result may have the tags of both
        ("taken", Field::Tags) => format!(": now {}", value(&merge.result)),
        ("taken", _) => ": the other is taken".to_owned(),
        _ => ": this one stays".to_owned(),
    };
    if field == Field::Note {
        let has_note = |account: &Option<Account>| account.as_ref().is_some_and(|a| !a.note.is_empty());
        return match (has_note(&merge.here), has_note(&merge.there)) {
            (true, true) => format!("note differs{outcome}"),
            (true, false) => format!("note only here{outcome}"),
            _ => format!("note only there{outcome}"),
        };
    }
    format!("{} {} here, {} there{outcome}", field.as_str(), value(&merge.here), value(&merge.there))
}

/// Returns the name in this vault, or else in the other copy.
fn name(merge: &AccountMerge) -> String {
    merge.here.as_ref().or(merge.there.as_ref()).map(|account| account.name.to_string()).unwrap_or_default()
}

pub(super) fn print_renumbered(renumbered: &[Renumbered], session: &mut Session<'_>) {
    for Renumbered { wanted, name } in renumbered {
        session.ui.status(format_args!("'{wanted}' is another account in this vault: stored as '{name}'"));
    }
}

pub(super) fn print_slots(slots: &SlotChanges, session: &mut Session<'_>) {
    for (slots, sign, change) in [(&slots.added, '+', "added"), (&slots.removed, '-', "removed")] {
        if !slots.is_empty() {
            session
                .ui
                .status(format_args!("{sign} key slots that the other copy {change}: {}", summaries(slots)));
        }
    }
    if !slots.only_there.is_empty() {
        session.ui.warn(
            format_args!("only the other copy opens with: {}", summaries(&slots.only_there)),
            Some("add it here with 'mfa vault keys add'"),
        );
    }
}
