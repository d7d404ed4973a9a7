//! What may be left after a fault, and what may not.

use std::process::Output;

use crate::harness::faults::change::{Change, Typed};
use crate::harness::faults::place::{CAROL, Place};
use crate::harness::faults::points::Fault;
use crate::harness::faults::state::{State, exposed, temporaries};
use crate::harness::faults::trace::Call;
use crate::harness::run_with_stdin;

/// The error says what is wrong.
pub(crate) fn judged(change: &Change, fault: Fault, call: &Call, output: &Output) -> Result<(), String> {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let place = &change.place;
    is_decent(change, fault, call, output).map_err(|problem| format!("{problem}: {told}"))?;
    let open = exposed(place);
    ensure(open.is_empty(), || open.join(", "))?;
    // one beside the vault, and one beside its backup or what is remembered
    let left = temporaries(place);
    ensure(left.len() <= if fault == Fault::Killed { 2 } else { 0 }, || format!("left: {left:?}"))?;
    let state = State::of(place)?;
    let is_new = done(change, &state)?;
    ensure(is_new || !output.status.success(), || format!("success was told of nothing: {told}"))?;
    ensure(is_new || output.stdout.is_empty(), || "an answer was given of what is not there".to_owned())?;
    backup_is_kept(change, &state, is_new, fault, call)?;
    goes_on(change, &state, is_new)
}

fn ensure(is_so: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(problem()) }
}

/// How the process has ended, and what it has told
fn is_decent(change: &Change, fault: Fault, call: &Call, output: &Output) -> Result<(), String> {
    let Fault::Fails(error) = fault else { return Ok(()) };
    let told = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().ok_or("died")?;
    ensure(code != 101 && !told.contains("panicked"), || "panicked".to_owned())?;
    let secrets = [
        crate::harness::faults::place::ALICE,
        crate::harness::faults::place::BOB,
        crate::harness::faults::place::COUNT,
        CAROL,
    ];
    ensure(!secrets.iter().any(|(secret, _)| told.contains(secret)), || "tells a secret".to_owned())?;
    let speaks = call.line.starts_with("write(2<");
    ensure(code == 0 || speaks || told.contains("error: "), || "fails without a word".to_owned())?;
    ensure(code != 0 || output.stdout == change.answer, || "not the whole answer".to_owned())?;
    ensure(code == 0 || error != "EINTR", || "a signal that ends nothing has ended it".to_owned())?;
    let folder = change.place.path("vault").display().to_string();
    let writes = ["write", "fsync", "renameat", "renameat2", "rename"].contains(&call.name.as_str());
    let is_lost = writes && call.line.contains(&folder) && error != "EINTR";
    ensure(code != 0 || !is_lost, || "it is not on the disk, and success was told".to_owned())
}

/// Whether the change is there, wholly; the error tells what is neither the old nor the new
fn done(change: &Change, state: &State) -> Result<bool, String> {
    let Change { old, new, .. } = change;
    if change.typed.is("--fresh") {
        let neither = || format!("neither the old nor the new: {:?}", state.steps);
        ensure(state.is_as(old) && (state.steps == old.steps || state.steps == new.steps), neither)?;
        return Ok(state.steps == new.steps);
    }
    let neither = || format!("neither the old nor the new: {:?} {}", state.vault, state.codes);
    ensure(state.is_as(old) || state.is_as(new), neither)?;
    Ok(state.is_as(new))
}

/// The backup is that of before, or the vault of before, or, where that must not stay, the new vault
fn backup_is_kept(
    change: &Change,
    state: &State,
    is_new: bool,
    fault: Fault,
    call: &Call,
) -> Result<(), String> {
    let (backup, lost) = (&state.backup, || format!("the backup is lost: {:?}", state.backup));
    let Change { old, new, .. } = change;
    if change.typed.is("undo") {
        // what was to be put back, and what was to be taken back
        return ensure(backup == if is_new { &old.vault } else { &old.backup }, lost);
    }
    ensure([&old.backup, &old.vault, &new.vault].contains(&backup), lost)?;
    // a full disk fails what is written, and nothing is renamed before all is
    let is_full = fault == Fault::Fails("ENOSPC") && call.name == "write" && !is_new;
    ensure(!is_full || *backup == old.backup, lost)
}

/// The same once more, then another change, which sweeps away what was left
fn goes_on(change: &Change, state: &State, is_new: bool) -> Result<(), String> {
    let Change { typed, place, new, .. } = change;
    if typed.is("rename") && is_new {
        // the code of the time 29 was handed out under the old name
        let fresh = run_with_stdin(place.mfa(&["code", "alicia", "--fresh"]).env("MFA_AT", "29"), "");
        ensure(fresh.stdout.is_empty(), || "a code is handed out twice".to_owned())?;
    }
    let again = typed.run(place);
    let told = || format!("then: {} {}", again.status, String::from_utf8_lossy(&again.stderr));
    ensure(again.status.code() == Some(if is_new { typed.again } else { 0 }), told)?;
    let after = State::of(place)?;
    let moves_on = typed.is("undo") || typed.is("count");
    ensure(if is_new && moves_on { !after.is_as(state) } else { after.is_as(new) }, told)?;
    sweeps(typed, place)
}

fn sweeps(typed: &Typed, place: &Place) -> Result<(), String> {
    let later = run_with_stdin(&mut place.mfa(&["add", "later", "-"]), CAROL.0);
    ensure(later.status.success(), || format!("later: {}", String::from_utf8_lossy(&later.stderr)))?;
    if typed.is("--fresh") || typed.is("rename") {
        let name = if typed.is("rename") { "alicia" } else { "alice" };
        let fresh = run_with_stdin(place.mfa(&["code", name, "--fresh"]).env("MFA_AT", "89"), "");
        ensure(fresh.status.success(), || format!("later: {}", String::from_utf8_lossy(&fresh.stderr)))?;
    }
    let left = temporaries(place);
    ensure(left.is_empty(), || format!("left for good: {left:?}"))
}
