//! The AWS story: the real `aws` command, real shells, and a loopback IAM and STS that checks the codes it is given.
//!
//! What is real: the `aws` command with its files, quoting and refusals; bash, dash, zsh and fish; `zbarimg` and
//! `oathtool`, which judge what `mfa` printed. No test asks `mfa` whether `mfa` was right.
//!
//! What is ours: the service (`iam.py`). Its protocol, error codes and the rules that AWS documents are AWS's (two
//! consecutive codes, an old pair is taken and puts the device out of sync, a code is good once); the widths of its
//! windows are assumptions, named in `device.py`. That the real service takes the previous and the current code is known
//! from public tests against it; that it takes the current and the next at once is not, and so `--past` exists, and is
//! tried here against a service that takes no code from the future.
//!
//! Both clocks stand still: the service's by a request of the test, the program's by `MFA_AT`. One test lets them run.

mod account_names;
mod encrypted_vault;
mod enrolment;
mod leftover_devices;
mod next_pair;
mod readme;
mod refusals;
mod sessions;
