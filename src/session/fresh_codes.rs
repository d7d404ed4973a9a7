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

/// The result of one look at the used codes
#[derive(Debug, PartialEq, Eq)]
enum Attempt {
    /// The step is recorded as used
    Claimed(u64),
    /// The caller waits until this step is the current one
    Wait(u64),
    /// The last used code is far in the future; the caller waits until this step is the current one
    Distrust(u64),
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
        let next = match try_claim(&lock, key, request, *clock, clock.now()?)? {
            Attempt::Claimed(step) => return Ok(step),
            Attempt::Wait(step) => step,
            Attempt::Distrust(step) => {
                warn_about_future(name, session);
                step
            }
        };
        drop(lock);
        let begins = key.code_of_step(next).valid_from;
        session.ui.wait_until(clock, begins, |left| format!("the next unused code comes in {left} s"))?;
    }
}

/// Records a step as used if its code was not used.
fn try_claim(
    lock: &UsedCodesLock<'_>,
    key: &Key,
    request: FreshCodeRequest,
    clock: Clock,
    now: u64,
) -> Result<Attempt> {
    let current = key.code_at(now);
    if current.seconds_left(now) < request.seconds {
        return Ok(Attempt::Wait(current.step + 1));
    }
    let step = current.step + request.steps;
    if is_fixed(clock) && lock.last()?.max(lock.future_step()?) >= Some(step) {
        return Err(already_used());
    }
    match lock.last_within(step, MAX_AHEAD)? {
        Some(_) if is_fixed(clock) => Err(already_used()),
        Some(last) => Ok(Attempt::Wait(last + 1 - request.steps)),
        None if lock.last()? > Some(step) => {
            lock.set(step)?;
            Ok(Attempt::Distrust(current.step + 1))
        }
        None => {
            record_step(lock, step, key)?;
            Ok(Attempt::Claimed(step))
        }
    }
}

/// Records a code that is printed without `--fresh`, if this machine has recorded codes before.
///
/// A user who never asked for fresh codes pays for no file.
pub(crate) fn record_if_tracked(name: &Name, key: &Key, step: u64, session: &mut Session<'_>) {
    let tracked = UsedCodes::existing_for_account(session.vault.path(), name.as_str(), period(key));
    let Some(used_codes) = tracked else { return };
    if used_codes.lacks(step).unwrap_or(false) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Parameters, Secret};

    const NOW: u64 = 1_700_000_000;
    const ONE: FreshCodeRequest = FreshCodeRequest { seconds: 0, steps: 0 };

    fn attempt(used_codes: &UsedCodes, now: u64) -> Attempt {
        let key = Key::new(Secret::from_bytes(vec![1; 20]).unwrap(), Parameters::DEFAULT);
        try_claim(&used_codes.lock().unwrap(), &key, ONE, Clock::System, now).unwrap()
    }

    #[test]
    fn clock_that_goes_back_and_forth_gives_no_code_twice() {
        let folder = tempfile::tempdir().unwrap();
        let used_codes = UsedCodes::in_folder(folder.path(), 30);
        let (step, hour) = (NOW / 30, 120);
        assert_eq!(attempt(&used_codes, NOW), Attempt::Claimed(step));
        assert_eq!(attempt(&used_codes, NOW - 3600), Attempt::Distrust(step - hour + 1));
        // the clock is right again before the wait is over
        assert_eq!(attempt(&used_codes, NOW), Attempt::Wait(step + 1));
        assert_eq!(attempt(&used_codes, NOW + 30), Attempt::Claimed(step + 1));
        let mut claimed = vec![step, step + 1];
        for times in
            [[NOW - 3600, NOW - 3570], [NOW - 1800, NOW + 30], [NOW, NOW - 7200], [NOW - 3570, NOW + 60]]
        {
            let attempts = times.into_iter().chain(times).map(|time| attempt(&used_codes, time));
            claimed.extend(attempts.filter_map(|attempt| match attempt {
                Attempt::Claimed(step) => Some(step),
                _ => None,
            }));
        }
        let unique: std::collections::BTreeSet<_> = claimed.iter().collect();
        assert_eq!(unique.len(), claimed.len(), "{claimed:?}");
        assert!(claimed.contains(&(step + 2)) && claimed.len() > 3, "{claimed:?}");
    }

    #[test]
    fn codes_of_an_hour_ago_stay_used() {
        let folder = tempfile::tempdir().unwrap();
        let used_codes = UsedCodes::in_folder(folder.path(), 30);
        let given = (0..100).map(|step| attempt(&used_codes, NOW + 30 * step)).collect::<Vec<_>>();
        for step in 0..100 {
            let again = attempt(&used_codes, NOW + 30 * step);
            assert!(!matches!(again, Attempt::Claimed(step) if given.contains(&Attempt::Claimed(step))));
        }
    }
}
