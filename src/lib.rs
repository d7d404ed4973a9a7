//! `mfa`: a command-line authenticator.
#![allow(dead_code)]
mod otp;
mod vault;
