//! Vaults that dot-file managers have linked: the link stays, its target is replaced.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::harness::{Sandbox, VaultKind, over_both, restrict, vault_of, vector};

over_both![
    a_link_stays_and_its_target_is_replaced,
    a_chain_of_links_stays,
    the_target_of_a_dangling_link_is_made,
    a_linked_folder_is_the_folder,
];

fn add(sandbox: &Sandbox) {
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["code", "new"]).run().exits(0).prints("596825\n").in_silence();
}

#[track_caller]
fn is_link(path: &Path, target: &Path) {
    assert_eq!(path.read_link().expect("it is a link still"), target);
}

fn a_link_stays_and_its_target_is_replaced(kind: VaultKind) {
    for target in ["dots/real.toml", "./dots/../dots/real.toml"] {
        for absolute in [false, true] {
            let sandbox = kind.bare();
            std::fs::create_dir(sandbox.path("dots")).unwrap();
            let real = sandbox.write("dots/real.toml", vault_of(&[("old", "plain")]));
            restrict(&real);
            let target = if absolute { sandbox.path(target) } else { PathBuf::from(target) };
            symlink(&target, sandbox.vault()).unwrap();
            sandbox.begin(&sandbox.vault());
            add(&sandbox);
            is_link(&sandbox.vault(), &target);
            assert!(real.symlink_metadata().unwrap().is_file());
            assert!(std::fs::read_to_string(&real).unwrap().contains("[accounts.new]"));
            assert!(sandbox.path("dots/real.toml.bak").is_file());
        }
    }
}

fn a_chain_of_links_stays(kind: VaultKind) {
    let sandbox = kind.bare();
    std::fs::create_dir_all(sandbox.path("a/b")).unwrap();
    restrict(&sandbox.write("a/b/real", vault_of(&[("old", "plain")])));
    symlink("b/real", sandbox.path("a/second")).unwrap();
    symlink("a/second", sandbox.path("first")).unwrap();
    symlink(sandbox.path("first"), sandbox.vault()).unwrap();
    sandbox.begin(&sandbox.vault());
    add(&sandbox);
    is_link(&sandbox.path("a/second"), Path::new("b/real"));
    is_link(&sandbox.path("first"), Path::new("a/second"));
    is_link(&sandbox.vault(), &sandbox.path("first"));
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("old\nnew\n");
}

fn the_target_of_a_dangling_link_is_made(kind: VaultKind) {
    for target in ["elsewhere.toml", "new/folder/vault.toml"] {
        let sandbox = kind.bare();
        symlink(target, sandbox.vault()).unwrap();
        sandbox.mfa(["list"]).run().exits(0).prints("");
        sandbox.begin(&sandbox.vault());
        add(&sandbox);
        is_link(&sandbox.vault(), Path::new(target));
        assert!(sandbox.path(target).is_file());
    }
}

fn a_linked_folder_is_the_folder(kind: VaultKind) {
    let sandbox = kind.bare();
    std::fs::create_dir(sandbox.path("real")).unwrap();
    symlink("real", sandbox.path("link")).unwrap();
    sandbox.begin(&sandbox.path("link/vault.toml"));
    let add = sandbox.mfa(["add", "x"]).env("MFA_VAULT", "link/vault.toml").stdin(vector("plain").uri());
    add.run().exits(0);
    assert!(sandbox.path("real/vault.toml").is_file());
    is_link(&sandbox.path("link"), Path::new("real"));
}

#[test]
fn links_in_a_circle_are_an_error() {
    let sandbox = Sandbox::new();
    symlink("vault.toml", sandbox.path("other")).unwrap();
    symlink("other", sandbox.vault()).unwrap();
    for arguments in [&["list"][..], &["add", "x"]] {
        sandbox.mfa(arguments).stdin(vector("plain").uri()).run().exits(1).prints("").says("vault.toml'");
    }
    is_link(&sandbox.vault(), Path::new("other"));
}
