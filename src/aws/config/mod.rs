//! Profiles of AWS's own configuration, and the MFA device that each names.
//!
//! They are read as the `aws` command reads them: the configuration file, the credentials file over it, and no device
//! inherited from a `source_profile`.

mod ini;

use std::io;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

use crate::error::{CommandError, ExitCode, cause};
use crate::name_match::similar_names;
use crate::otp::{MfaArn, NotAnMfaArn};
use crate::platform::env;
use crate::text::{redact, sanitize, shown_path};
use ini::{Section, sections};

const CONFIG: (&str, &str) = ("AWS_CONFIG_FILE", "config");
const CREDENTIALS: (&str, &str) = ("AWS_SHARED_CREDENTIALS_FILE", "credentials");

/// The profile that needs no word before its name
const DEFAULT: &str = "default";

/// Why a profile names no device
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfileError {
    #[error("there is no AWS configuration: no home folder")]
    NoHome,
    #[error("there is no AWS configuration '{}'", shown_path(.0))]
    NoFile(PathBuf),
    #[error("could not read the AWS configuration '{}': {}", shown_path(path), cause(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("no profile '{}' in '{}'", redact(name), shown_path(path))]
    NoProfile { name: String, path: PathBuf, similar: Vec<String> },
    #[error("the profile '{}' has no mfa_serial", redact(name))]
    NoSerial { name: String, source_with_one: Option<String> },
    #[error("the mfa_serial of the profile '{}' is '{}': {NotAnMfaArn}", redact(name), redact(serial))]
    NotAnArn { name: String, serial: String },
}

impl ProfileError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome | Self::NoFile(_) => Some("the variable AWS_CONFIG_FILE names another".to_owned()),
            Self::NoProfile { similar, .. } if !similar.is_empty() => {
                Some(format!("did you mean {}?", similar.join(", ")))
            }
            Self::NoSerial { source_with_one: Some(source), .. } => {
                Some(format!("its source_profile has one: --profile {}", sanitize(source)))
            }
            Self::NoSerial { .. } => {
                Some("mfa_serial = arn:aws:iam::123456789012:mfa/NAME, there".to_owned())
            }
            Self::NotAnArn { .. } => {
                Some("the number of a hardware device names no account; say the account's name".to_owned())
            }
            Self::Read { .. } | Self::NoProfile { .. } => None,
        }
    }
}

/// The device that a profile names.
///
/// # Errors
/// A configuration that cannot be read, or does not name a virtual device there.
pub(crate) fn mfa_serial(name: &str) -> Result<MfaArn, ProfileError> {
    let (profiles, path) = read()?;
    if !profiles.iter().any(|profile| profile.name == name) {
        let similar = similar_names(name, profiles.iter().map(|profile| profile.name.as_str()));
        return Err(ProfileError::NoProfile { name: name.to_owned(), path, similar });
    }
    let name = name.to_owned();
    let Some(serial) = value(&profiles, &name, "mfa_serial") else {
        let source = value(&profiles, &name, "source_profile");
        let source_with_one = source.filter(|source| value(&profiles, source, "mfa_serial").is_some());
        return Err(ProfileError::NoSerial { name, source_with_one: source_with_one.map(str::to_owned) });
    };
    let serial = serial.to_owned();
    serial.parse().map_err(|NotAnMfaArn| ProfileError::NotAnArn { name, serial })
}

/// The names of all profiles; none where the configuration cannot be read
pub(crate) fn names() -> Vec<String> {
    let profiles = read().map(|(profiles, _)| profiles).unwrap_or_default();
    let mut names: Vec<String> = profiles.into_iter().map(|profile| profile.name).collect();
    names.sort();
    names.dedup();
    names
}

/// The last that was said, the credentials file after the configuration
fn value<'a>(profiles: &'a [Section], name: &str, key: &str) -> Option<&'a str> {
    profiles.iter().rev().filter(|profile| profile.name == name).find_map(|profile| profile.value(key))
}

/// The profiles of both files, and where the configuration lies
fn read() -> Result<(Vec<Section>, PathBuf), ProfileError> {
    let config = path(CONFIG)?;
    let configured = file(&config)?;
    let credentials = file(&path(CREDENTIALS)?)?;
    if configured.is_none() && credentials.is_none() {
        return Err(ProfileError::NoFile(config));
    }
    let configured = sections(&configured.unwrap_or_default()).into_iter().filter_map(configured_profile);
    let credentials = sections(&credentials.unwrap_or_default());
    Ok((configured.chain(credentials).collect(), config))
}

/// `[default]`, `[profile x]` or `[profile "x y"]`; other sections of the configuration are no profiles
fn configured_profile(section: Section) -> Option<Section> {
    if section.name == DEFAULT {
        return Some(section);
    }
    let words = shlex::split(&section.name)?;
    let [word, name] = &words[..] else { return None };
    (word == "profile").then(|| Section { name: name.clone(), values: section.values })
}

/// Where a file lies: where its variable says, else in the home folder
fn path((variable, name): (&str, &str)) -> Result<PathBuf, ProfileError> {
    let home = || BaseDirs::new().map(|base| base.home_dir().to_owned()).ok_or(ProfileError::NoHome);
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(home()?.join(".aws").join(name));
    };
    match path.strip_prefix("~") {
        Ok(inside) => Ok(home()?.join(inside)),
        Err(_) => Ok(path),
    }
}

/// The text of a file; none where there is no file
fn file(path: &Path) -> Result<Option<String>, ProfileError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ProfileError::Read { path: path.to_owned(), error }),
    }
}

impl From<ProfileError> for CommandError {
    fn from(error: ProfileError) -> Self {
        let hint = error.hint();
        Self::wrap(ExitCode::Failed, error).hint_if_any(hint)
    }
}
