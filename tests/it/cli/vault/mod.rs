//! `mfa vault`

mod decrypt;
mod encrypt;
mod keys;
mod merge;
mod passwd;
mod rekey;
mod verify;
