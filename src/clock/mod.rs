//! The time. No other room reads the system clock, so that tests can fix it.

pub(crate) mod sntp;

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::error::{CommandError, ExitCode};
use crate::text::redact;

/// The release day of this version, in Unix seconds: 2026-11-21. A right clock shows no earlier time. Set by hand for each
/// release, so that the same source gives the same program.
const RELEASED: u64 = 1_795_219_200;

/// Returns the release day, as RFC 3339 writes it.
pub(crate) fn release_day() -> String {
    day(RELEASED).expect("the release day is in this century")
}

/// Returns the day of a time in Unix seconds, as RFC 3339 writes it.
pub(crate) fn day(time: u64) -> Option<String> {
    let time = Timestamp::from_second(i64::try_from(time).ok()?).ok()?;
    Some(time.strftime("%Y-%m-%d").to_string())
}

/// The clock that codes are computed for
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The system clock
    System,
    /// A fixed time, in Unix seconds
    Fixed(u64),
}

/// Why a clock gives no time
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClockError {
    #[error("invalid time '{0}': use Unix seconds, RFC 3339, or +30s and -30s from now")]
    Unreadable(String),
    #[error("the time is before 1970, and codes begin there")]
    BeforeEpoch,
}

/// Rounds down to whole seconds, so that half a second before 1970 is before 1970.
fn whole_seconds(time: Timestamp) -> i64 {
    time.as_second() - i64::from(time.subsec_nanosecond() < 0)
}

impl Clock {
    /// Parses a fixed time: Unix seconds, RFC 3339, or an offset from now (`+30s`).
    ///
    /// # Errors
    /// `Unreadable` if the text is not a time; `BeforeEpoch` if it is a time before 1970.
    pub(crate) fn at(text: &str) -> Result<Self, ClockError> {
        let unreadable = || ClockError::Unreadable(redact(text));
        let seconds = match offset(text) {
            Some(offset) => i64::try_from(system_now()?).ok().and_then(|now| now.checked_add(offset)),
            None if text.starts_with('+') => None,
            None => text.parse().ok().or_else(|| text.parse().ok().map(whole_seconds)),
        };
        let seconds = seconds.ok_or_else(unreadable)?;
        u64::try_from(seconds).map(Self::Fixed).map_err(|_| ClockError::BeforeEpoch)
    }

    /// Returns the time in Unix seconds.
    ///
    /// # Errors
    /// `BeforeEpoch` if the system clock is that wrong.
    pub(crate) fn now(self) -> Result<u64, ClockError> {
        match self {
            Self::System => system_now(),
            Self::Fixed(time) => Ok(time),
        }
    }

    /// Returns the time since 1970 at the full resolution of the clock.
    ///
    /// # Errors
    /// `BeforeEpoch` if the system clock is that wrong.
    pub(crate) fn now_precise(self) -> Result<Duration, ClockError> {
        match self {
            Self::System => since_epoch().ok_or(ClockError::BeforeEpoch),
            Self::Fixed(time) => Ok(Duration::from_secs(time)),
        }
    }

    /// Returns the day that the system clock shows, if it is before the release day, so that the clock must be wrong.
    pub(crate) fn date_before_release(self) -> Option<String> {
        day(self.now().ok().filter(|&now| self == Self::System && now < RELEASED)?)
    }

    /// Waits until the clock reaches `time`, in Unix seconds.
    ///
    /// Calls `pause` with the seconds left and the longest time to sleep, again and again. A fixed clock moves to `time` at
    /// once.
    ///
    /// # Errors
    /// `BeforeEpoch` if the system clock is that wrong; the errors of `pause`.
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

/// Parses `+30s` or `-30s` to seconds.
fn offset(text: &str) -> Option<i64> {
    let signed = text.strip_suffix('s')?;
    let digits = signed.strip_prefix(['+', '-'])?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| signed.parse().ok())?
}

fn system_now() -> Result<u64, ClockError> {
    Ok(since_epoch().ok_or(ClockError::BeforeEpoch)?.as_secs())
}

/// Returns the time until the system clock shows the next second.
pub(crate) fn to_next_second() -> Duration {
    let fraction = since_epoch().map_or(0, |time| time.subsec_nanos());
    Duration::from_nanos(u64::from(1_000_000_000 - fraction))
}

#[expect(clippy::disallowed_methods, reason = "this room alone reads the system clock")]
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
    fn clock_parses_seconds_and_rfc_3339() {
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
    fn clock_parses_offsets_from_now() {
        let now = Clock::System.now().unwrap();
        for (text, offset) in [("+30s", 30_i64), ("-90s", -90), ("+0s", 0)] {
            let Ok(Clock::Fixed(time)) = Clock::at(text) else { panic!("{text}") };
            let expected = now.checked_add_signed(offset).unwrap();
            assert!((expected..expected + 5).contains(&time), "{text}");
        }
    }

    #[test]
    fn clock_rejects_invalid_times_and_times_before_1970() {
        for text in ["", "now", "12:00", "2005-03-18", "+s", "30s", "1e9", "+-3s", "+30"] {
            assert_eq!(Clock::at(text), Err(ClockError::Unreadable(text.to_owned())), "{text}");
        }
        for text in ["-1", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.5Z", "-99999999999s"] {
            assert_eq!(Clock::at(text), Err(ClockError::BeforeEpoch), "{text}");
        }
    }

    #[test]
    fn release_day_is_within_the_last_year() {
        let age = Clock::System.now().unwrap().checked_sub(RELEASED);
        assert!(age.is_some_and(|age| age < 366 * 86_400), "renew it: {age:?} s");
    }

    #[test]
    fn fixed_clock_is_never_before_the_release() {
        assert_eq!(release_day(), "2026-11-21");
        assert_eq!(Clock::Fixed(0).date_before_release(), None);
        assert_eq!(Clock::System.date_before_release(), None);
    }

    #[test]
    fn fixed_clock_waits_for_nothing() {
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
