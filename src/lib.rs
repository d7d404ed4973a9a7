//! `mfa`: a command-line authenticator.
#![doc(hidden)]
