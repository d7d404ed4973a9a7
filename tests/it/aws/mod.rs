//! The AWS story: the real `aws` command, real shells, and a loopback IAM and STS that checks the codes it receives.
//!
//! Real are the `aws` command with its files, quoting and refusals; bash, dash, zsh and fish; `zbarimg` and `oathtool`,
//! which judge the output of `mfa`. No test asks `mfa` whether `mfa` was right.
//!
//! The service (`iam.py`) is a stand-in. Its protocol, error codes and the rules that AWS documents are AWS's (two
//! consecutive codes; an old pair is accepted and puts the device out of sync; a code works once). The widths of its
//! windows are assumptions, named in `device.py`. Public tests show that the real service accepts the previous and the
//! current code. No test shows that it accepts the current and the next at once: hence `--past`, tested here against a
//! service that accepts no future code.
//!
//! Both clocks stand still: a request of the test sets the service's, `MFA_AT` the program's. One test lets them run.

mod account_names;
mod encrypted_vault;
mod enrolment;
mod leftover_devices;
mod next_pair;
mod readme;
mod refusals;
mod sessions;
