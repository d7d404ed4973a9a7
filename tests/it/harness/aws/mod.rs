//! The AWS account of the tests: a loopback IAM and STS, and the home of a user who runs `aws` and `mfa` in a shell.

mod iam;
mod shell;
mod world;

pub(crate) use shell::Shell;
pub(crate) use world::{SERIAL, ScriptResult, World};
