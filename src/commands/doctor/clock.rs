//! The clock, and, asked for, what a time server says of it.

use crate::clock::{Clock, sntp};
use crate::commands::doctor::Finding;
use crate::error::Result;
use crate::otp::Parameters;
use crate::platform::env;
use crate::session::Session;

/// Milliseconds from which on a clock should be looked after
const NOTABLE: u64 = 2000;

/// Half a period, in milliseconds: a clock that is further off gives wrong codes most of the time
const TOO_MUCH: u64 = Parameters::DEFAULT_PERIOD as u64 * 1000 / 2;

pub(super) fn check(server: Option<&str>) -> Result<Vec<Finding>> {
    let clock = Session::clock(None)?;
    let mut findings = vec![own(clock)];
    findings.extend(server.map(|server| compared(server, clock)));
    Ok(findings)
}

fn own(clock: Clock) -> Finding {
    if let Clock::Fixed(time) = clock {
        let text = format!("{} stands at {time}: codes are those of that time", env::AT);
        return Finding::warning("clock", text);
    }
    match (clock.now(), clock.date_before_release()) {
        (Err(error), _) => Finding::problem("clock", error.to_string()),
        (_, Some(day)) => Finding::problem("clock", format!("it shows {day}, before this program was made")),
        _ => Finding::ok("clock", "it shows a time that can be; '--ntp HOST' asks whether it is right"),
    }
}

fn compared(server: &str, clock: Clock) -> Finding {
    let behind = match sntp::behind(server, clock) {
        Ok(behind) => behind,
        Err(error) => return Finding::problem("ntp", error.to_string()),
    };
    let off = behind.unsigned_abs();
    let direction = if behind < 0 { "ahead" } else { "behind" };
    let text = format!("this clock is {}.{:03} s {direction}", off / 1000, off % 1000);
    match off {
        off if off > TOO_MUCH => Finding::problem("ntp", format!("{text}: its codes are wrong")),
        off if off > NOTABLE => Finding::warning("ntp", text),
        _ => Finding::ok("ntp", text),
    }
}
