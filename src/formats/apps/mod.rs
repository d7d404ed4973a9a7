//! One file or folder for each app whose exports mfa reads or writes.

pub(super) mod aegis;
pub(super) mod and_otp;
pub(super) mod authy;
pub(super) mod aws;
pub(super) mod bitwarden;
pub(super) mod browser_extension;
pub(super) mod cloak;
pub(super) mod cotp;
pub(super) mod cxf;
pub(super) mod duo;
pub(super) mod ente;
pub(super) mod freeotp;
pub(super) mod gauth;
pub(super) mod google;
pub(super) mod keepass;
pub(super) mod lastpass;
pub(super) mod mfa;
pub(super) mod onepassword;
pub(super) mod password_store;
pub(super) mod proton;
pub(super) mod raivo;
pub(super) mod rsc_2fa;
pub(super) mod stratum;
pub(super) mod totp_cli;
pub(super) mod two_fas;
pub(super) mod unsupported_databases;
