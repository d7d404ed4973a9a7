//! The profiles of the AWS configuration, and the MFA device of each.
//!
//! The rules are those of the `aws` command: the credentials file overrides the configuration file, and a profile does not inherit
//! the device of its `source_profile`.

mod ini;

use std::io;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

use crate::error::{CommandError, ExitCode, cause};
use crate::name_match::similar_names;
use crate::otp::{MfaArn, NotAnMfaArn};
use crate::platform::env;
use crate::text::{redact, sanitize, shown_path};
use ini::{Section, parse_sections};

/// The variable with the path of each file, and its name in `~/.aws`
const CONFIG: (&str, &str) = ("AWS_CONFIG_FILE", "config");
const CREDENTIALS: (&str, &str) = ("AWS_SHARED_CREDENTIALS_FILE", "credentials");

/// The profile whose section has no prefix `profile`
const DEFAULT_PROFILE: &str = "default";

/// Why a profile has no usable MFA device
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfileError {
    #[error("no AWS configuration: no home folder")]
    NoHome,
    #[error("no AWS configuration '{}'", shown_path(.0))]
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
    /// Returns advice for the user, if there is any.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome | Self::NoFile(_) => Some("set AWS_CONFIG_FILE to its path".to_owned()),
            Self::NoProfile { similar, .. } if !similar.is_empty() => {
                Some(format!("did you mean {}?", similar.join(", ")))
            }
            Self::NoSerial { source_with_one: Some(source), .. } => {
                Some(format!("use its source_profile: --profile {}", sanitize(source)))
            }
            Self::NoSerial { .. } => {
                Some("add to the profile: mfa_serial = arn:aws:iam::123456789012:mfa/NAME".to_owned())
            }
            Self::NotAnArn { .. } => {
                Some("a hardware device has no account here; give the name of an account instead".to_owned())
            }
            Self::Read { .. } | Self::NoProfile { .. } => None,
        }
    }
}

/// Returns the virtual MFA device of a profile.
///
/// # Errors
/// Returns an error if the configuration cannot be read, or if the profile is missing or has no virtual MFA device.
pub(crate) fn mfa_serial(name: &str) -> Result<MfaArn, ProfileError> {
    let (profiles, path) = read_profiles()?;
    if !profiles.iter().any(|profile| profile.name == name) {
        let similar = similar_names(name, profiles.iter().map(|profile| profile.name.as_str()));
        return Err(ProfileError::NoProfile { name: name.to_owned(), path, similar });
    }
    let name = name.to_owned();
    let Some(serial) = last_value(&profiles, &name, "mfa_serial") else {
        let source = last_value(&profiles, &name, "source_profile");
        let source_with_one = source.filter(|source| last_value(&profiles, source, "mfa_serial").is_some());
        return Err(ProfileError::NoSerial { name, source_with_one: source_with_one.map(str::to_owned) });
    };
    let serial = serial.to_owned();
    serial.parse().map_err(|NotAnMfaArn| ProfileError::NotAnArn { name, serial })
}

/// Returns the sorted names of all profiles; no names if the configuration cannot be read.
pub(crate) fn profile_names() -> Vec<String> {
    let profiles = read_profiles().map(|(profiles, _)| profiles).unwrap_or_default();
    let mut names: Vec<String> = profiles.into_iter().map(|profile| profile.name).collect();
    names.sort();
    names.dedup();
    names
}

/// Returns the last value of a key. The credentials file follows the configuration file.
fn last_value<'a>(profiles: &'a [Section], name: &str, key: &str) -> Option<&'a str> {
    profiles.iter().rev().filter(|profile| profile.name == name).find_map(|profile| profile.value(key))
}

/// Reads the profiles of both files. Returns them with the path of the configuration file.
fn read_profiles() -> Result<(Vec<Section>, PathBuf), ProfileError> {
    let config = locate(CONFIG)?;
    let configured = read_file(&config)?;
    let credentials = read_file(&locate(CREDENTIALS)?)?;
    if configured.is_none() && credentials.is_none() {
        return Err(ProfileError::NoFile(config));
    }
    let configured = parse_sections(&configured.unwrap_or_default()).into_iter().filter_map(into_profile);
    let credentials = parse_sections(&credentials.unwrap_or_default());
    Ok((configured.chain(credentials).collect(), config))
}

/// Turns a section `[default]`, `[profile x]` or `[profile "x y"]` into a profile. Drops other sections.
fn into_profile(section: Section) -> Option<Section> {
    if section.name == DEFAULT_PROFILE {
        return Some(section);
    }
    let words = shlex::split(&section.name)?;
    let [prefix, name] = &words[..] else { return None };
    (prefix == "profile").then(|| Section { name: name.clone(), values: section.values })
}

/// Returns the path of a file: the value of its variable, otherwise the path in the home folder.
fn locate((variable, name): (&str, &str)) -> Result<PathBuf, ProfileError> {
    let home = || BaseDirs::new().map(|base| base.home_dir().to_owned()).ok_or(ProfileError::NoHome);
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(home()?.join(".aws").join(name));
    };
    match path.strip_prefix("~") {
        Ok(inside) => Ok(home()?.join(inside)),
        Err(_) => Ok(path),
    }
}

/// Reads a file. Returns `None` if it does not exist.
fn read_file(path: &Path) -> Result<Option<String>, ProfileError> {
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
