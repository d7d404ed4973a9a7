//! Vaults behind links of dot-file managers: the link stays, and mfa replaces its target.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::harness::{Sandbox, VaultKind, over_both, restrict, vault_toml, vector};

over_both![
    link_stays_and_its_target_is_replaced,
    chain_of_links_stays,
    target_of_a_dangling_link_is_created,
    linked_folder_is_followed,
];

fn add(sandbox: &Sandbox) {
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["code", "new"]).run().exits(0).prints("596825\n").in_silence();
}

#[track_caller]
fn assert_link(path: &Path, target: &Path) {
    assert_eq!(path.read_link().expect("it is a link still"), target);
}

fn link_stays_and_its_target_is_replaced(kind: VaultKind) {
    for target in ["dots/real.toml", "./dots/../dots/real.toml"] {
        for absolute in [false, true] {
            let sandbox = kind.sandbox_without_vault();
            std::fs::create_dir(sandbox.path("dots")).unwrap();
            let real = sandbox.write("dots/real.toml", vault_toml(&[("old", "plain")]));
            restrict(&real);
            let target = if absolute { sandbox.path(target) } else { PathBuf::from(target) };
            symlink(&target, sandbox.vault()).unwrap();
            sandbox.encrypt_if_needed(&sandbox.vault());
            add(&sandbox);
            assert_link(&sandbox.vault(), &target);
            assert!(real.symlink_metadata().unwrap().is_file());
            assert!(std::fs::read_to_string(&real).unwrap().contains("[accounts.new]"));
            assert!(sandbox.path("dots/real.toml.bak").is_file());
        }
    }
}

fn chain_of_links_stays(kind: VaultKind) {
    let sandbox = kind.sandbox_without_vault();
    std::fs::create_dir_all(sandbox.path("a/b")).unwrap();
    restrict(&sandbox.write("a/b/real", vault_toml(&[("old", "plain")])));
    symlink("b/real", sandbox.path("a/second")).unwrap();
    symlink("a/second", sandbox.path("first")).unwrap();
    symlink(sandbox.path("first"), sandbox.vault()).unwrap();
    sandbox.encrypt_if_needed(&sandbox.vault());
    add(&sandbox);
    assert_link(&sandbox.path("a/second"), Path::new("b/real"));
    assert_link(&sandbox.path("first"), Path::new("a/second"));
    assert_link(&sandbox.vault(), &sandbox.path("first"));
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("old\nnew\n");
}

fn target_of_a_dangling_link_is_created(kind: VaultKind) {
    for target in ["elsewhere.toml", "new/folder/vault.toml"] {
        let sandbox = kind.sandbox_without_vault();
        symlink(target, sandbox.vault()).unwrap();
        sandbox.mfa(["list"]).run().exits(0).prints("");
        sandbox.encrypt_if_needed(&sandbox.vault());
        add(&sandbox);
        assert_link(&sandbox.vault(), Path::new(target));
        assert!(sandbox.path(target).is_file());
    }
}

fn linked_folder_is_followed(kind: VaultKind) {
    let sandbox = kind.sandbox_without_vault();
    std::fs::create_dir(sandbox.path("real")).unwrap();
    symlink("real", sandbox.path("link")).unwrap();
    sandbox.encrypt_if_needed(&sandbox.path("link/vault.toml"));
    let add = sandbox.mfa(["add", "x"]).env("MFA_VAULT", "link/vault.toml").stdin(vector("plain").uri());
    add.run().exits(0);
    assert!(sandbox.path("real/vault.toml").is_file());
    assert_link(&sandbox.path("link"), Path::new("real"));
}

#[test]
fn circular_links_are_an_error() {
    let sandbox = Sandbox::new();
    symlink("vault.toml", sandbox.path("other")).unwrap();
    symlink("other", sandbox.vault()).unwrap();
    for arguments in [&["list"][..], &["add", "x"]] {
        sandbox.mfa(arguments).stdin(vector("plain").uri()).run().exits(1).prints("").says("vault.toml'");
    }
    assert_link(&sandbox.vault(), Path::new("other"));
}
