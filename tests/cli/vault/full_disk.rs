//! A full disk, as `ulimit` makes one: the vault is the old one, whole.

use crate::kind::{Kind, over_both};
use crate::sandbox::Sandbox;
use crate::vectors::vector;

over_both![a_full_disk_is_a_clear_error_and_changes_nothing];

fn a_full_disk_is_a_clear_error_and_changes_nothing(kind: Kind) {
    // of files: the blocks that `ulimit -f` counts are of 512 bytes here and of 1024 there
    let filler = format!("# {}\n", "x".repeat(100)).repeat(40);
    let start = crate::sandbox::vault_of(&[("alice", "plain")]) + &filler;
    for limit in 0..16 {
        let sandbox = kind.sandbox_with(&start);
        let before = sandbox.vault_text();
        let issuer = "y".repeat(6000);
        let add = sandbox.mfa(["add", "big", "-", "-i", &issuer]).stdin(&vector("aws").secret);
        let run = add.after(&format!("ulimit -f {limit}")).run();
        if run.status.code() == Some(0) {
            sandbox.mfa(["code", "big"]).run().exits(0).prints("596825\n");
            assert!(limit >= 10, "{limit}");
            continue;
        }
        run.exits(1).prints("").says("could not write the vault").says_not("stored");
        assert_eq!(sandbox.vault_text(), before, "under {limit}");
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        let names = sandbox.files_of_the_vault();
        assert!(names.len() <= 3, "half a file was left: {names:?}");
    }
}

#[test]
fn a_first_vault_on_a_full_disk_is_no_empty_one() {
    let sandbox = Sandbox::new();
    let add = sandbox.mfa(["add", "x", "-"]).stdin(&vector("aws").secret).after("ulimit -f 0");
    add.run().exits(1).says("could not write the vault").says_not("stored");
    assert_eq!(sandbox.vault_bytes(), None);
}
