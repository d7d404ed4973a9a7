//! Limitations of other apps, because of which an export loses data.

/// A limitation of another app that affects an account
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExportLimitation {
    /// The app would use the counter as a time
    #[error("{0} does not support counter-based codes (HOTP)")]
    Hotp(&'static str),
    /// 2FAS on iOS uses 30 s instead of an unknown period
    #[error("its period is {0} s, but 2FAS supports only 10, 30, 60 and 90 s")]
    Period(u32),
    /// 2FAS on Android rejects the whole file because of one larger counter
    #[error("its counter is {0}, but 2FAS supports at most {max}", max = i32::MAX)]
    Counter(u64),
    /// 2FAS on iOS skips shorter and longer keys
    #[error("its secret key has {0} characters, but 2FAS supports 4 to 512")]
    SecretLength(usize),
    /// Bitwarden's server rejects the whole file
    #[error("its names or its secret key are too long for Bitwarden")]
    TooLong,
    #[error("{app} supports only one {place} for each account: the file has its tag '{kept}'")]
    Tags { app: &'static str, place: &'static str, kept: String },
    #[error("its period is {0} s, but KeePassXC supports only 1 to 60 s")]
    KeePassXcPeriod(u32),
    #[error("only the first of its tags is exported")]
    FirstTagOnly,
    #[error("its tags are not exported")]
    NoTags,
    #[error("{0} requires an issuer: the file has its name instead")]
    Issuer(&'static str),
    /// The Key URI format forbids a colon, and has no escape for it
    #[error("its issuer or account name has a colon, at which most apps split them")]
    Colon,
    #[error("its note is not exported: Bitwarden supports at most 7439 bytes")]
    NoteLength,
    #[error("its note is not exported: {0} does not support notes")]
    Note(&'static str),
    #[error("{0} does not support the ARN of its MFA device")]
    Serial(&'static str),
}
