//! Codes that nobody was given before: AWS and many others take each code only once.

use crate::clock::Clock;
use crate::error::{CommandError, Result};
use crate::otp::{Key, Name};
use crate::session::Session;
use crate::state::{StateError, UsedCodes};

/// How many steps before their time codes are handed out: one by `--next` or a pair, and as many for a clock that was
/// put right. A code that was handed out for later than that was one of a wrong clock; one of `--at` is noted apart.
const EARLY: u64 = 3;

/// Which of the fresh codes is wanted
#[derive(Debug, Clone, Copy)]
pub(crate) struct FreshCodeRequest {
    /// How long the current code is good at least
    pub(crate) seconds: u64,
    /// How many steps after the current one it is
    pub(crate) steps: u64,
}

/// The steps of an account
fn steps(name: &Name, key: &Key, session: &Session<'_>) -> Result<UsedCodes, StateError> {
    UsedCodes::for_account(session.vault.path(), name.as_str(), period(key))
}

fn period(key: &Key) -> u32 {
    key.parameters().period().unwrap_or_default()
}

/// Waits for a step whose code was not handed out, and takes it: nobody else is given it from then on. Who waits takes
/// nothing meanwhile, so that a wait that is broken off costs no code.
pub(crate) fn claim(
    name: &Name,
    key: &Key,
    wish: FreshCodeRequest,
    clock: &mut Clock,
    session: &mut Session<'_>,
) -> Result<u64> {
    let steps = steps(name, key, session)?;
    loop {
        let turn = steps.lock()?;
        let now = clock.now()?;
        let current = key.code_at(now);
        let step = current.step + wish.steps;
        let is_long_enough = current.seconds_left(now) >= wish.seconds;
        let has_come = |ahead: &u64| matches!(clock, Clock::Fixed(_)) || *ahead <= current.step + EARLY;
        let used = turn.last()?.max(turn.future_step()?.filter(has_come)).filter(|&last| last >= step);
        let first = match used {
            _ if !is_long_enough => current.step + 1,
            None => {
                if is_ahead(step, key) {
                    turn.mark_ahead(step)?;
                } else {
                    turn.mark(step)?;
                }
                return Ok(step);
            }
            Some(_) if matches!(clock, Clock::Fixed(_)) => return Err(used_then()),
            Some(last) if last <= step + EARLY => last + 1 - wish.steps,
            Some(_) => {
                session.ui.warn(
                    format_args!("a code of '{name}' was handed out for a time far ahead: that is forgotten"),
                    Some("was the clock of this machine wrong? 'mfa doctor --ntp HOST' asks a time server"),
                );
                turn.set(step)?;
                current.step + 1
            }
        };
        drop(turn);
        let begins = key.code_of_step(first).valid_from;
        session.ui.wait_until(clock, begins, |left| format!("the next unused code comes in {left} s"))?;
    }
}

fn used_then() -> CommandError {
    CommandError::failed("the code of that time, or a later one, was handed out already")
        .hint("without --at, and without MFA_AT, --fresh waits for the next one")
}

/// Whether a step is of a time that the machine's clock will not show soon: only `--at` names such a one
fn is_ahead(step: u64, key: &Key) -> bool {
    Clock::System.now().is_ok_and(|now| step > key.code_at(now).step + EARLY)
}

/// Notes a code that is handed out without --fresh, where something is remembered of the account: where nothing is,
/// nobody has asked for fresh codes yet, and the usual way to a code shall not cost a file.
pub(crate) fn note(name: &Name, key: &Key, step: u64, session: &mut Session<'_>) {
    let Some(steps) = UsedCodes::existing_for_account(session.vault.path(), name.as_str(), period(key))
    else {
        return;
    };
    if let Ok(Some(last)) = steps.last()
        && last < step
    {
        tell(mark(&steps, step, key).map(|_| ()), session);
    }
}

/// Notes all codes up to a step as handed out, and delivers them; those that could not be delivered are fresh again
pub(crate) fn deliver(
    name: &Name,
    key: &Key,
    step: u64,
    answer: &str,
    session: &mut Session<'_>,
) -> Result<()> {
    let steps = steps(name, key, session);
    let noted = steps.and_then(|steps| Ok((mark(&steps, step, key)?, steps)));
    let delivered = session.ui.stdout(answer.as_bytes());
    match noted {
        Ok((before, steps)) if delivered.is_err() => tell(steps.revert(step, before), session),
        noted => tell(noted.map(|_| ()), session),
    }
    Ok(delivered?)
}

/// Notes a step; the last one before it
fn mark(steps: &UsedCodes, step: u64, key: &Key) -> Result<Option<u64>, StateError> {
    if is_ahead(step, key) {
        let turn = steps.lock()?;
        turn.mark_ahead(step)?;
        return turn.last();
    }
    steps.mark(step)
}

/// A machine that cannot remember still gives codes
fn tell(noted: Result<(), StateError>, session: &mut Session<'_>) {
    if let Err(error) = noted {
        session.ui.verbose(error);
    }
}
