//! `mfa lock`

use super::unlock::UnlockedVault;

#[test]
fn damaged_or_missing_vault_can_be_locked() {
    for damage in ["", "version = 3\n", "-----BEGIN AGE ENCRYPTED FILE-----\n"] {
        let open = UnlockedVault::with(&[]);
        let sealed = open.0.vault_bytes().unwrap();
        open.0.write_vault(damage.as_bytes());
        open.0.mfa(["lock"]).locked().run().exits(0).says("locked");
        open.0.write_vault(&sealed);
        open.code().exits(6);
    }
    let open = UnlockedVault::with(&[]);
    std::fs::remove_file(open.0.vault()).unwrap();
    open.0.mfa(["lock"]).locked().run().exits(0).says("locked");
}
