//! The RFC 6238 core: secrets, keys, codes, accounts and otpauth URIs. It uses no clock, file or terminal.

mod account;
mod arn;
mod key;
mod name;
mod note;
mod parameters;
mod secret;
mod uri;

pub(crate) use account::{Account, Enrolment, Label, clean_tags};
pub(crate) use arn::{MfaArn, NotAnMfaArn};
pub(crate) use key::{Code, Key};
pub(crate) use name::{Name, NameError};
pub(crate) use note::{MAX_NOTE_BYTES, Note, NoteTooLong};
pub(crate) use parameters::{Algorithm, KeyError, Kind, Parameters};
pub(crate) use secret::{Secret, SecretError};
pub(crate) use uri::{OtpauthUri, UriError, Warning, looks_like_uri};
