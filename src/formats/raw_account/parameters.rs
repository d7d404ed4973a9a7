//! The parameters of an account, from fields in the spellings of the apps.

use super::account::RawAccount;
use super::error::InvalidAccount;
use crate::otp::{Algorithm, KeyError, Kind, Parameters, Warning};
use crate::text::redact;

impl RawAccount<'_> {
    pub(super) fn parameters(&self, warnings: &mut Vec<Warning>) -> Result<Parameters, InvalidAccount> {
        let kind = self.kind(warnings)?;
        let algorithm = match self.algorithm.text("algorithm")? {
            Some(text) => text.parse()?,
            None => Algorithm::default(),
        };
        if kind == Kind::Steam {
            return Ok(Parameters::from_kind(kind, algorithm, Parameters::STEAM.digits())?);
        }
        let digits = self.digits.number("digits")?.unwrap_or(Parameters::DEFAULT.digits().into());
        let digits = u8::try_from(digits).map_err(|_| KeyError::Digits(digits))?;
        Ok(Parameters::from_kind(kind, algorithm, digits)?)
    }

    fn kind(&self, warnings: &mut Vec<Warning>) -> Result<Kind, InvalidAccount> {
        let text = self.kind.text("type")?.unwrap_or("totp".into());
        match text.to_ascii_lowercase().as_str() {
            "totp" => Ok(Kind::Totp { period: self.period(warnings)? }),
            "hotp" => Ok(Kind::Hotp { counter: self.counter(warnings)? }),
            "steam" => match self.period.number("period")?.unwrap_or_default() {
                0 => Ok(Kind::Steam),
                period if period == u64::from(Parameters::DEFAULT_PERIOD) => Ok(Kind::Steam),
                period => Err(InvalidAccount::SteamPeriod(period)),
            },
            _ => Err(InvalidAccount::Type(redact(&text))),
        }
    }

    fn period(&self, warnings: &mut Vec<Warning>) -> Result<u32, InvalidAccount> {
        match self.period.number("period")? {
            None => Ok(Parameters::DEFAULT_PERIOD),
            Some(0) => {
                warnings.push(Warning::PeriodZero);
                Ok(Parameters::DEFAULT_PERIOD)
            }
            Some(period) => Ok(u32::try_from(period).map_err(|_| KeyError::Period(period))?),
        }
    }

    fn counter(&self, warnings: &mut Vec<Warning>) -> Result<u64, InvalidAccount> {
        let counter = self.counter.number("counter")?;
        if counter.is_none() {
            warnings.push(Warning::MissingCounter);
        }
        Ok(counter.unwrap_or_default())
    }
}
