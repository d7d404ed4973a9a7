//! A full disk, made by `ulimit` or a small `tmpfs`: the old vault stays whole.

use crate::harness::{Sandbox, VaultKind, over_all, tool_output, vault_toml, vector};

over_all![full_disk_is_an_error_and_changes_nothing];

fn full_disk_is_an_error_and_changes_nothing(kind: VaultKind) {
    // files as input, because the blocks of `ulimit -f` have 512 bytes in some shells and 1024 in others
    let filler = format!("# {}\n", "x".repeat(100)).repeat(40);
    let start = vault_toml(&[("alice", "plain")]) + &filler;
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
        let run = run.exits(1).prints("").says_not("stored");
        let is_said = ["could not write the vault", "could not record the next state of the vault"];
        assert!(is_said.iter().any(|said| run.stderr.contains(said)), "{}", run.stderr);
        assert_eq!(sandbox.vault_text(), before, "under {limit}");
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        let names = sandbox.vault_files();
        assert!(names.len() <= 3, "half a file was left: {names:?}");
    }
}

#[test]
fn full_disk_leaves_no_empty_new_vault() {
    let sandbox = Sandbox::new();
    let add = sandbox.mfa(["add", "x", "-"]).stdin(&vector("aws").secret).after("ulimit -f 0");
    add.run().exits(1).says("could not write the vault").says_not("stored");
    assert_eq!(sandbox.vault_bytes(), None);
}

#[test]
#[ignore = "needs a tmpfs, which only root may mount"]
fn full_tmpfs_leaves_the_vault_unchanged() {
    let sandbox = Sandbox::new();
    let disk = sandbox.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let path = disk.to_str().unwrap();
    tool_output("mount", &["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", path]);
    let result = std::panic::catch_unwind(|| fill_disk(&sandbox));
    tool_output("umount", &[path]);
    result.unwrap();
}

fn fill_disk(sandbox: &Sandbox) {
    let vault = sandbox.path("disk/vault.toml");
    let add = |number: u32| {
        let issuer = "x".repeat(900);
        let arguments = ["add".to_owned(), format!("a{number}"), "-i".to_owned(), issuer];
        sandbox.mfa(arguments).env("MFA_VAULT", &vault).stdin(&vector("plain").secret).run()
    };
    let mut before = Vec::new();
    for number in 0..100 {
        let run = add(number);
        if run.status.code() == Some(0) {
            before = std::fs::read(&vault).expect("there is a vault");
            continue;
        }
        run.exits(1).says("could not write the vault").says_not("stored");
        assert_eq!(std::fs::read(&vault).expect("there is a vault"), before);
        sandbox.mfa(["code", "a0"]).env("MFA_VAULT", &vault).run().exits(0).prints("713653\n");
        return;
    }
    panic!("the disk never got full");
}
