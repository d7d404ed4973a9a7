//! Codes that were not used before: AWS and many other services accept each code only once.

use crate::clock::Clock;
use crate::error::{CommandError, Result};
use crate::otp::{Key, Name};
use crate::session::Session;
use crate::state::{StateError, UsedCodes, UsedCodesLock};

/// The steps that a used code may be ahead of the clock: one for `--next` or a pair, the rest for a clock that was set
/// back. A code further ahead comes from a wrong clock, or from `--at`, which is recorded apart.
const MAX_AHEAD: u64 = 3;

/// The options for a fresh code
#[derive(Debug, Clone, Copy)]
pub(crate) struct FreshCodeRequest {
    /// The seconds for which the current code must remain valid
    pub(crate) seconds: u64,
    /// The number of steps after the current one
    pub(crate) steps: u64,
}

/// Waits for a step whose code was not used, records it as used, and returns it.
///
/// Records nothing while it waits, so that an interrupted wait costs no code.
///
/// # Errors
/// The used codes cannot be read or written; a fixed clock whose code was used; an interrupted wait.
pub(crate) fn claim(
    name: &Name,
    key: &Key,
    request: FreshCodeRequest,
    clock: &mut Clock,
    session: &mut Session<'_>,
) -> Result<u64> {
    let used_codes = used_codes(name, key, session)?;
    loop {
        let lock = used_codes.lock()?;
        let now = clock.now()?;
        let current = key.code_at(now);
        let step = current.step + request.steps;
        let next = if current.seconds_left(now) < request.seconds {
            current.step + 1
        } else {
            match last_used(&lock, current.step, *clock)?.filter(|&last| last >= step) {
                None => {
                    record_step(&lock, step, key)?;
                    return Ok(step);
                }
                Some(_) if is_fixed(*clock) => return Err(already_used()),
                Some(last) if last <= step + MAX_AHEAD => last + 1 - request.steps,
                Some(_) => {
                    warn_about_future(name, session);
                    lock.set(step)?;
                    current.step + 1
                }
            }
        };
        drop(lock);
        let begins = key.code_of_step(next).valid_from;
        session.ui.wait_until(clock, begins, |left| format!("the next unused code comes in {left} s"))?;
    }
}

/// Records a code that is printed without `--fresh`, if this machine has recorded codes before.
///
/// A user who never asked for fresh codes pays for no file.
pub(crate) fn record_if_tracked(name: &Name, key: &Key, step: u64, session: &mut Session<'_>) {
    let tracked = UsedCodes::existing_for_account(session.vault.path(), name.as_str(), period(key));
    let Some(used_codes) = tracked else { return };
    if let Ok(Some(last)) = used_codes.last()
        && last < step
    {
        warn_not_recorded(record(&used_codes, step, key), session);
    }
}

/// Records all codes up to a step as used, and prints `answer`. Restores the record if the answer cannot be printed.
///
/// # Errors
/// The answer cannot be printed.
pub(crate) fn print(
    name: &Name,
    key: &Key,
    step: u64,
    answer: &str,
    session: &mut Session<'_>,
) -> Result<()> {
    let used_codes = used_codes(name, key, session);
    let recorded = used_codes.and_then(|used_codes| Ok((record(&used_codes, step, key)?, used_codes)));
    let printed = session.ui.stdout(answer.as_bytes());
    match recorded {
        Ok((before, used_codes)) if printed.is_err() => {
            warn_not_recorded(used_codes.revert(step, before), session);
        }
        recorded => warn_not_recorded(recorded, session),
    }
    Ok(printed?)
}

fn used_codes(name: &Name, key: &Key, session: &Session<'_>) -> Result<UsedCodes, StateError> {
    UsedCodes::for_account(session.vault.path(), name.as_str(), period(key))
}

fn period(key: &Key) -> u32 {
    key.parameters().period().unwrap_or_default()
}

/// Returns the last used step that counts at the time of the clock.
fn last_used(lock: &UsedCodesLock<'_>, current: u64, clock: Clock) -> Result<Option<u64>, StateError> {
    let counts = |future: &u64| is_fixed(clock) || *future <= current + MAX_AHEAD;
    Ok(lock.last()?.max(lock.future_step()?.filter(counts)))
}

/// Records a step as used. Returns the last one before.
fn record(used_codes: &UsedCodes, step: u64, key: &Key) -> Result<Option<u64>, StateError> {
    if !is_in_future(step, key) {
        return used_codes.mark(step);
    }
    let lock = used_codes.lock()?;
    lock.mark_ahead(step)?;
    lock.last()
}

fn record_step(lock: &UsedCodesLock<'_>, step: u64, key: &Key) -> Result<(), StateError> {
    if is_in_future(step, key) { lock.mark_ahead(step) } else { lock.mark(step) }
}

fn is_fixed(clock: Clock) -> bool {
    matches!(clock, Clock::Fixed(_))
}

/// Returns whether the machine's clock will not reach a step soon: only `--at` and `MFA_AT` name such a step.
fn is_in_future(step: u64, key: &Key) -> bool {
    Clock::System.now().is_ok_and(|now| step > key.code_at(now).step + MAX_AHEAD)
}

fn already_used() -> CommandError {
    CommandError::failed("the code of that time, or a later one, was used already")
        .hint("without --at and MFA_AT, --fresh waits for the next one")
}

fn warn_about_future(name: &Name, session: &mut Session<'_>) {
    session.ui.warn(
        format_args!("ignoring a used code of '{name}' that is far in the future"),
        Some("was the clock of this machine wrong? run 'mfa doctor --ntp HOST'"),
    );
}

/// Reports that the state folder cannot be written. The code is valid all the same.
fn warn_not_recorded<T>(recorded: Result<T, StateError>, session: &mut Session<'_>) {
    if let Err(error) = recorded {
        session.ui.verbose(error);
    }
}
