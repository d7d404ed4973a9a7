//! `mfa`: a command-line authenticator.
#![doc(hidden)]

#[doc(hidden)]
pub mod qr;
