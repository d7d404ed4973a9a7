//! Why another app does not get all of an account.

/// What another app has no place for
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ExportLimitation {
    /// The app would take the counter for a time
    #[error("{0} does not know codes that move on with use (HOTP)")]
    Hotp(&'static str),
    /// On iOS 2FAS takes 30 s for what it does not know
    #[error("its period is {0} s, and 2FAS knows 10, 30, 60 and 90 s only")]
    Period(u32),
    /// On Android one counter above refuses the file
    #[error("its counter is {0}, and 2FAS counts to {max} only", max = i32::MAX)]
    Counter(u64),
    /// On iOS 2FAS passes over shorter and longer keys
    #[error("its secret key has {0} characters, and 2FAS takes 4 to 512")]
    SecretLength(usize),
    /// Bitwarden's server refuses the file
    #[error("its names or its secret key are longer than Bitwarden takes")]
    TooLong,
    #[error("{app} puts an account into one {place} only: of its tags the file has '{kept}'")]
    Tags { app: &'static str, place: &'static str, kept: String },
    #[error("its period is {0} s, and KeePassXC knows 1 to 60 s only")]
    KeePassXcPeriod(u32),
    #[error("its tags are not in there, but for the first")]
    FirstTagOnly,
    #[error("its tags are not in there")]
    NoTags,
    #[error("{0} needs an issuer: the file has its name for one")]
    Issuer(&'static str),
    /// The Key URI format allows none, and does not say how to write one
    #[error("its issuer or account name holds a colon, where most apps cut them")]
    Colon,
    #[error("{0} has no place for the ARN of its MFA device")]
    Serial(&'static str),
}
