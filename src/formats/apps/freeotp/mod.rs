//! Reads the preferences of FreeOTP 1, the encrypted backups of FreeOTP 2, and the JSON of FreeOTP+, which have nearly the
//! same tokens.

mod backup;
mod der;
mod java;
mod plus;
mod preferences;
mod token;

use crate::formats::{Format, FormatError, Probe, Recognised};
use backup::EncryptedBackup;

pub(in crate::formats) use plus::FORMAT as PLUS;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "FreeOTP",
    detect: |probe| probe.starts_with(java::MAGIC) || preferences::hold_tokens(probe),
    read,
};

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if !probe.starts_with(java::MAGIC) {
        return preferences::parse(probe.text().unwrap_or_default()).map(Recognised::Plain);
    }
    let backup = EncryptedBackup::parse(&java::parse_string_map(probe.bytes())?)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| backup.decrypt(password)))
}

#[cfg(test)]
mod tests;
