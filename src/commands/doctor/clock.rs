//! Checks the clock, on request against a time server.

use super::finding::Finding;
use crate::clock::{Clock, sntp};
use crate::error::Result;
use crate::otp::Parameters;
use crate::platform::env;
use crate::session::Session;

/// Milliseconds off from which on the user is warned
const WARNING_LIMIT: u64 = 2000;

/// Half a period, in milliseconds: a clock that is further off gives wrong codes most of the time
const PROBLEM_LIMIT: u64 = Parameters::DEFAULT_PERIOD as u64 * 1000 / 2;

pub(super) fn check(server: Option<&str>) -> Result<Vec<Finding>> {
    let clock = Session::clock(None)?;
    let mut findings = vec![check_date(clock)];
    findings.extend(server.map(|server| compare(server, clock)));
    Ok(findings)
}

fn check_date(clock: Clock) -> Finding {
    if let Clock::Fixed(time) = clock {
        let text = format!("{} is set to {time}: mfa computes codes for that time", env::AT);
        return Finding::warning("clock", text);
    }
    match (clock.now(), clock.date_before_release()) {
        (Err(error), _) => Finding::problem("clock", error.to_string()),
        (_, Some(day)) => Finding::problem("clock", format!("it shows {day}, before this program was made")),
        _ => Finding::ok("clock", "plausible; check it against a server with --ntp HOST"),
    }
}

fn compare(server: &str, clock: Clock) -> Finding {
    let behind = match sntp::behind(server, clock) {
        Ok(behind) => behind,
        Err(error) => return Finding::problem("ntp", error.to_string()),
    };
    let off = behind.unsigned_abs();
    let direction = if behind < 0 { "ahead" } else { "behind" };
    let text = format!("this clock is {}.{:03} s {direction}", off / 1000, off % 1000);
    match off {
        off if off > PROBLEM_LIMIT => Finding::problem("ntp", format!("{text}: its codes are wrong")),
        off if off > WARNING_LIMIT => Finding::warning("ntp", text),
        _ => Finding::ok("ntp", text),
    }
}
