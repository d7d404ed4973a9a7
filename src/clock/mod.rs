//! The only reader of the time.

use crate::error::{CommandError, ExitCode};

pub(crate) mod sntp;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// When this version was made, in Unix seconds: 2026-11-21. No clock that is right shows an earlier time. Renewed by
/// hand with each release, so that the same source gives the same program.
const RELEASED: u64 = 1_795_219_200;

/// The day of it
pub(crate) fn release_day() -> String {
    day(RELEASED).expect("it is a day of this century")
}

/// A day as RFC 3339 writes it
fn day(time: u64) -> Option<String> {
    let time = Timestamp::from_second(i64::try_from(time).ok()?).ok()?;
    Some(time.strftime("%Y-%m-%d").to_string())
}

/// The time that codes are computed for
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The machine's own
    System,
    /// Always this time, in Unix seconds
    Fixed(u64),
}

/// Why there is no time
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClockError {
    #[error("the time '{0}' is none: Unix seconds, RFC 3339, or +30s and -30s from now")]
    Unreadable(String),
    #[error("the time lies before 1970, where there are no codes")]
    BeforeEpoch,
}

/// Rounded down, as the machine's clock is: half a second before 1970 is before it
fn whole_seconds(time: Timestamp) -> i64 {
    time.as_second() - i64::from(time.subsec_nanosecond() < 0)
}

impl Clock {
    /// A clock that stands at a time as the user writes it: Unix seconds, RFC 3339, or an offset from now (`+30s`).
    ///
    /// # Errors
    /// A text that is no time, or one before the epoch.
    pub(crate) fn at(text: &str) -> Result<Self, ClockError> {
        let unreadable = || ClockError::Unreadable(crate::text::redact(text));
        let seconds = match offset(text) {
            Some(offset) => i64::try_from(system_now()?).ok().and_then(|now| now.checked_add(offset)),
            None if text.starts_with('+') => None,
            None => text.parse().ok().or_else(|| text.parse().ok().map(whole_seconds)),
        };
        let seconds = seconds.ok_or_else(unreadable)?;
        u64::try_from(seconds).map(Self::Fixed).map_err(|_| ClockError::BeforeEpoch)
    }

    /// Unix seconds.
    ///
    /// # Errors
    /// `BeforeEpoch` where the machine's clock is that wrong.
    pub(crate) fn now(self) -> Result<u64, ClockError> {
        match self {
            Self::System => system_now(),
            Self::Fixed(time) => Ok(time),
        }
    }

    /// Since the epoch, as finely as it is known.
    ///
    /// # Errors
    /// As those of `now`.
    pub(crate) fn now_precise(self) -> Result<Duration, ClockError> {
        match self {
            Self::System => since_epoch().ok_or(ClockError::BeforeEpoch),
            Self::Fixed(time) => Ok(Duration::from_secs(time)),
        }
    }

    /// The day that the machine's clock shows, where that is before this program was made: it must be wrong
    pub(crate) fn date_before_release(self) -> Option<String> {
        day(self.now().ok().filter(|&now| self == Self::System && now < RELEASED)?)
    }

    /// Waits until the clock reaches `time`, in Unix seconds: `pause` hears how many are left, and waits for no longer
    /// than it is told. A fixed clock is there at once, and stands at that time from then on.
    ///
    /// # Errors
    /// Those of `now` and of `pause`.
    pub(crate) fn wait_until<E: From<ClockError>>(
        &mut self,
        time: u64,
        mut pause: impl FnMut(u64, Duration) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Self::Fixed(now) = self {
            *now = time.max(*now);
            return Ok(());
        }
        loop {
            let now = self.now()?;
            if now >= time {
                return Ok(());
            }
            pause(time - now, to_next_second())?;
        }
    }
}

/// `+30s` or `-30s`, in seconds
fn offset(text: &str) -> Option<i64> {
    let signed = text.strip_suffix('s')?;
    let digits = signed.strip_prefix(['+', '-'])?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| signed.parse().ok())?
}

fn system_now() -> Result<u64, ClockError> {
    Ok(since_epoch().ok_or(ClockError::BeforeEpoch)?.as_secs())
}

/// How long until the machine's clock shows another second
pub(crate) fn to_next_second() -> Duration {
    let fraction = since_epoch().map_or(0, |time| time.subsec_nanos());
    Duration::from_nanos(u64::from(1_000_000_000 - fraction))
}

#[expect(clippy::disallowed_methods, reason = "this is the one reader of the time")]
fn since_epoch() -> Option<Duration> {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()
}

impl From<ClockError> for CommandError {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::BeforeEpoch => {
                Self::wrap(ExitCode::Failed, error).hint("set the clock of this machine")
            }
            ClockError::Unreadable(_) => Self::wrap(ExitCode::Failed, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_three_ways() {
        for (text, seconds) in [
            ("0", 0),
            ("1111111109", 1_111_111_109),
            ("20000000000", 20_000_000_000),
            ("2005-03-18T01:58:29Z", 1_111_111_109),
            ("2005-03-18T03:58:29+02:00", 1_111_111_109),
            ("2005-03-18 01:58:29.9Z", 1_111_111_109),
            ("2106-02-07T06:28:16Z", 4_294_967_296),
        ] {
            assert_eq!(Clock::at(text), Ok(Clock::Fixed(seconds)), "{text}");
        }
    }

    #[test]
    fn an_offset_counts_from_now() {
        let now = Clock::System.now().unwrap();
        for (text, offset) in [("+30s", 30_i64), ("-90s", -90), ("+0s", 0)] {
            let Ok(Clock::Fixed(time)) = Clock::at(text) else { panic!("{text}") };
            let expected = now.checked_add_signed(offset).unwrap();
            assert!((expected..expected + 5).contains(&time), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_and_what_lies_before_1970_is_refused() {
        for text in ["", "now", "12:00", "2005-03-18", "+s", "30s", "1e9", "+-3s", "+30"] {
            assert_eq!(Clock::at(text), Err(ClockError::Unreadable(text.to_owned())), "{text}");
        }
        for text in ["-1", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.5Z", "-99999999999s"] {
            assert_eq!(Clock::at(text), Err(ClockError::BeforeEpoch), "{text}");
        }
    }

    #[test]
    fn the_release_is_no_older_than_a_year_and_not_to_come() {
        let age = Clock::System.now().unwrap().checked_sub(RELEASED);
        assert!(age.is_some_and(|age| age < 366 * 86_400), "renew it: {age:?} s");
    }

    #[test]
    fn only_the_machines_clock_can_be_wrong() {
        assert_eq!(release_day(), "2026-11-21");
        assert_eq!(Clock::Fixed(0).date_before_release(), None);
        assert_eq!(Clock::System.date_before_release(), None);
    }

    #[test]
    fn a_fixed_clock_waits_for_nothing() {
        let mut clock = Clock::Fixed(100);
        clock.wait_until::<ClockError>(120, |_, _| unreachable!()).unwrap();
        assert_eq!(clock, Clock::Fixed(120));
    }

    #[test]
    fn times_are_read_in_every_form_of_rfc_3339() {
        for text in [
            "2005-03-18T01:58:29Z",
            "2005-03-17T20:58:29-05:00",
            "2005-03-18T01:58:29.999Z",
            "2005-03-18t01:58:29z",
        ] {
            assert_eq!(Clock::at(text), Ok(Clock::Fixed(1_111_111_109)), "{text}");
        }
        assert_eq!(Clock::at("2603-10-11T11:33:20Z"), Ok(Clock::Fixed(20_000_000_000)));
        for text in ["0x10", "5 9", "soon"] {
            assert!(Clock::at(text).is_err(), "{text}");
        }
    }
}
