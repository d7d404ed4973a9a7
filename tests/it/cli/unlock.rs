//! `mfa unlock` with the kernel's keyring. Each vault has its own id, and is locked at the end of its test.

use std::time::{Duration, Instant};

use crate::harness::{Outcome, Sandbox, alice, public_key};

const CODE: &str = "713653\n";

/// An unlocked vault. Drop locks it, even if the test fails.
pub(super) struct UnlockedVault(pub(super) Sandbox);

impl UnlockedVault {
    pub(super) fn with(arguments: &[&str]) -> Self {
        let open = Self(alice());
        open.0.mfa([&["unlock"], arguments].concat()).run().exits(0).prints("").says("unlocked for");
        open
    }

    /// Runs `mfa code` without a credential.
    pub(super) fn code(&self) -> Outcome {
        self.0.mfa(["code", "alice"]).locked().run()
    }
}

impl Drop for UnlockedVault {
    fn drop(&mut self) {
        let _ = self.0.mfa(["lock", "-q"]).locked().run_unchecked();
    }
}

#[test]
fn unlocked_vault_needs_no_credential_until_it_is_locked() {
    let open = UnlockedVault::with(&[]);
    open.code().exits(0).prints(CODE).in_silence();
    open.0.mfa(["add", "x"]).locked().stdin("JBSWY3DPEHPK3PXP").run().exits(0);
    open.0.mfa(["list", "--codes"]).locked().run().exits(0).in_silence();
    // mfa does not read a given credential then
    open.0.mfa(["code", "alice"]).env("MFA_IDENTITY", "missing").run().exits(0).prints(CODE);
    open.0.mfa(["lock"]).locked().run().exits(0).prints("").says("locked");
    open.code().exits(6).prints("");
    open.0.mfa(["lock"]).locked().run().exits(0).says("already locked");
}

#[test]
fn unlock_prints_the_time_as_it_was_given() {
    for (given, said) in [("30m", "30m"), ("1h30m", "1h 30m"), ("90s", "1m 30s"), ("8h", "8h")] {
        let open = UnlockedVault(alice());
        let run = open.0.mfa(["unlock", "--for", given]).run().exits(0);
        let time = run.stderr.replace("unlocked for ", "");
        assert_eq!(time.trim_end(), said);
    }
    let sandbox = alice();
    for wrong in ["", "0s", "-1h", "x", "1", "0.5s", "99999999999999999999h"] {
        sandbox.mfa(["unlock", &format!("--for={wrong}")]).run().exits(2).prints("");
    }
    sandbox.mfa(["code", "alice"]).locked().run().exits(6);
}

#[test]
fn unlock_without_a_credential_fails_as_locked() {
    let sandbox = alice();
    sandbox.mfa(["unlock"]).locked().run().exits(6).prints("").says("locked");
    sandbox.mfa(["code", "alice"]).locked().run().exits(6);
}

#[test]
fn cached_key_goes_when_the_vault_is_decrypted() {
    let key = public_key();
    for change in [&["vault", "rekey", "-r", &key][..], &["vault", "decrypt", "-y"]] {
        let open = UnlockedVault::with(&[]);
        let sealed = open.0.vault_bytes().unwrap();
        open.0.mfa(change).run().exits(0);
        open.0.write_vault(&sealed);
        let run = open.code().prints("");
        // the pinned state tells a vault that was rekeyed, before its key is needed
        assert_eq!(run.status.code(), Some(if change[1] == "rekey" { 1 } else { 6 }));
    }
}

#[test]
fn tampering_is_reported_with_a_cached_key() {
    let open = UnlockedVault::with(&[]);
    let text = open.0.vault_text();
    open.0.write_vault(text.replacen("generation = 1", "generation = 2", 1).as_bytes());
    open.code().exits(1).prints("").says("was tampered with");
    open.0.write_vault(text.replace("[accounts.alice]", "[accounts.alice]\nperiod = 60").as_bytes());
    open.code().exits(1).prints("").hints("vault verify");
}

#[test]
fn kernel_drops_the_key_after_the_timeout() {
    let open = UnlockedVault::with(&["--for", "2s"]);
    let deadline = Instant::now() + Duration::from_secs(30);
    while open.code().status.code() != Some(6) {
        assert!(Instant::now() < deadline, "still open");
    }
    open.code().exits(6).prints("").says("the vault is locked");
}

#[test]
fn unlocked_vault_is_prolonged_without_a_credential() {
    let open = UnlockedVault::with(&["--for", "1m"]);
    open.0.mfa(["unlock", "--for", "2h"]).locked().run().exits(0).says("unlocked for 2h");
    let until = |json: &str| -> u64 {
        let digits = json.split("\"unlocked_until\":").nth(1).expect("a time").split(',').next();
        digits.and_then(|digits| digits.parse().ok()).expect("seconds")
    };
    let now = std::time::UNIX_EPOCH.elapsed().expect("a clock").as_secs();
    let status = open.0.mfa(["status", "-j"]).locked().run().exits(0).text();
    assert!((now + 7000..now + 7300).contains(&until(&status)), "{now} {status}");
}
