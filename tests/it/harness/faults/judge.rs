//! The rules for the state after a fault.

use std::process::Output;

use crate::harness::faults::change::{Change, CommandLine};
use crate::harness::faults::place::{CAROL, Place};
use crate::harness::faults::points::Fault;
use crate::harness::faults::state::{State, exposed_files, temporary_files};
use crate::harness::faults::trace::Call;
use crate::harness::run_with_stdin;

/// Returns an error that describes the first broken rule.
pub(crate) fn check_result(
    change: &Change,
    fault: Fault,
    call: &Call,
    output: &Output,
) -> Result<(), String> {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let place = &change.place;
    check_exit(change, fault, call, output).map_err(|problem| format!("{problem}: {stderr}"))?;
    let open = exposed_files(place);
    ensure(open.is_empty(), || open.join(", "))?;
    // one beside the vault, and one beside its backup or in the state folder
    let left = temporary_files(place);
    ensure(left.len() <= if fault == Fault::Killed { 2 } else { 0 }, || format!("left: {left:?}"))?;
    let state = State::read(place)?;
    let is_new = is_done(change, &state)?;
    ensure(is_new || !output.status.success(), || {
        format!("success was reported without a change: {stderr}")
    })?;
    ensure(is_new || output.stdout.is_empty(), || "output was printed without a change".to_owned())?;
    check_backup(change, &state, is_new, fault, call)?;
    check_next_run(change, &state, is_new)
}

fn ensure(is_so: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(problem()) }
}

/// Checks how the process has ended, and its messages.
fn check_exit(change: &Change, fault: Fault, call: &Call, output: &Output) -> Result<(), String> {
    let Fault::Fails(error) = fault else { return Ok(()) };
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().ok_or("died")?;
    ensure(code != 101 && !stderr.contains("panicked"), || "panicked".to_owned())?;
    let secrets = [
        crate::harness::faults::place::ALICE,
        crate::harness::faults::place::BOB,
        crate::harness::faults::place::COUNT,
        CAROL,
    ];
    ensure(!secrets.iter().any(|(secret, _)| stderr.contains(secret)), || "prints a secret".to_owned())?;
    let speaks = call.line.starts_with("write(2<");
    ensure(code == 0 || speaks || stderr.contains("error: "), || {
        "fails without an error message".to_owned()
    })?;
    ensure(code != 0 || output.stdout == change.answer, || "not the whole output".to_owned())?;
    ensure(code == 0 || error != "EINTR", || "a signal without an end has ended it".to_owned())?;
    let folder = change.place.path("vault").display().to_string();
    let writes = ["write", "fsync", "renameat", "renameat2", "rename"].contains(&call.name.as_str());
    let is_lost = writes && call.line.contains(&folder) && error != "EINTR";
    ensure(code != 0 || !is_lost, || "success was reported, but the change is not on the disk".to_owned())
}

/// Returns whether the change is done. Fails if the state is neither the old nor the new one.
fn is_done(change: &Change, state: &State) -> Result<bool, String> {
    let Change { old, new, .. } = change;
    if change.typed.is("--fresh") {
        let neither = || format!("neither the old nor the new: {:?}", state.steps);
        ensure(state.matches(old) && (state.steps == old.steps || state.steps == new.steps), neither)?;
        return Ok(state.steps == new.steps);
    }
    if change.typed.is("export") {
        let neither = || format!("neither the old nor the new: {}", state.exported);
        ensure(state.matches(old), neither)?;
        ensure(state.exported == old.exported || state.exported == new.exported, neither)?;
        return Ok(state.exported == new.exported);
    }
    let neither = || format!("neither the old nor the new: {:?} {}", state.vault, state.codes);
    ensure(state.matches(old) || state.matches(new), neither)?;
    Ok(state.matches(new))
}

/// Checks the backup: the former backup, the former vault, or, after `encrypt`, the new vault.
fn check_backup(
    change: &Change,
    state: &State,
    is_new: bool,
    fault: Fault,
    call: &Call,
) -> Result<(), String> {
    let (backup, lost) = (&state.backup, || format!("the backup is lost: {:?}", state.backup));
    let Change { old, new, .. } = change;
    if change.typed.is("undo") {
        // undo swaps the vault and the backup
        return ensure(backup == if is_new { &old.vault } else { &old.backup }, lost);
    }
    ensure([&old.backup, &old.vault, &new.vault].contains(&backup), lost)?;
    // a full disk fails writes, and no rename comes before all writes
    let is_full = fault == Fault::Fails("ENOSPC") && call.name == "write" && !is_new;
    ensure(!is_full || *backup == old.backup, lost)
}

/// Runs the change again, then another change, which must remove temporary files.
fn check_next_run(change: &Change, state: &State, is_new: bool) -> Result<(), String> {
    let Change { typed, place, new, .. } = change;
    if typed.is("rename") && is_new {
        // the code of the time 29 was used under the old name
        let fresh = run_with_stdin(place.mfa(&["code", "alicia", "--fresh"]).env("MFA_AT", "29"), "");
        ensure(fresh.stdout.is_empty(), || "a code was printed twice".to_owned())?;
    }
    let again = typed.run(place);
    let problem = || format!("then: {} {}", again.status, String::from_utf8_lossy(&again.stderr));
    ensure(again.status.code() == Some(if is_new { typed.again } else { 0 }), problem)?;
    let after = State::read(place)?;
    let moves_on = typed.is("undo") || typed.is("count");
    ensure(if is_new && moves_on { !after.matches(state) } else { after.matches(new) }, problem)?;
    ensure(!typed.is("export") || after.exported == new.exported, problem)?;
    check_cleanup(typed, place)
}

fn check_cleanup(typed: &CommandLine, place: &Place) -> Result<(), String> {
    let later = run_with_stdin(&mut place.mfa(&["add", "later", "-"]), CAROL.0);
    ensure(later.status.success(), || format!("later: {}", String::from_utf8_lossy(&later.stderr)))?;
    if typed.is("--fresh") || typed.is("rename") {
        let name = if typed.is("rename") { "alicia" } else { "alice" };
        let fresh = run_with_stdin(place.mfa(&["code", name, "--fresh"]).env("MFA_AT", "89"), "");
        ensure(fresh.status.success(), || format!("later: {}", String::from_utf8_lossy(&fresh.stderr)))?;
    }
    let left = temporary_files(place);
    ensure(left.is_empty(), || format!("left behind: {left:?}"))
}
