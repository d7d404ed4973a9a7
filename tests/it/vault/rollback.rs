//! Another vault in the place of the pinned one: an older copy, a vault with another key, a plain-text vault.

#[cfg(unix)]
use crate::harness::restrict;
use crate::harness::{Sandbox, VaultKind, alice, public_key, vault_of, vector};

/// Keeps a vault as it was, changes it, and puts the older one back
fn put_back() -> Sandbox {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.write_vault(&older);
    sandbox
}

/// Windows remembers in no folder that a variable names
#[cfg(unix)]
#[test]
fn where_nothing_can_be_noted_nothing_is_changed_that_would_be_refused_then() {
    let sandbox = alice();
    sandbox.mfa(["code", "alice"]).run().exits(0);
    let state = sandbox.state();
    let is_record = |path: &&std::path::PathBuf| path.extension() == Some("json".as_ref());
    let record = state.iter().map(|(path, ..)| path).find(is_record).unwrap();
    let lock = record.with_file_name("lock");
    let _ = std::fs::remove_file(&lock);
    std::fs::create_dir(&lock).unwrap();
    let before = sandbox.vault_bytes();
    sandbox
        .mfa(["rekey", "-r", &public_key()])
        .run()
        .exits(1)
        .says("could not record the next state of the vault");
    sandbox.mfa(["decrypt", "-y"]).run().exits(1).says("could not record the next state of the vault");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["code", "alice"]).run().exits(0).in_silence();
    // another vault in its place is not said to be taken
    let other = VaultKind::Sealed.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write_vault(other.vault_text().as_bytes());
    let run = sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(1).says("could not");
    drop(run.says_not("as it stands"));
}

#[test]
fn an_older_copy_is_told_and_takes_no_change() {
    let sandbox = put_back();
    let before = sandbox.vault_bytes();
    for more in [&[][..], &["-q"]] {
        let run = sandbox.mfa([&["code", "alice"], more].concat()).run().exits(0).prints("713653\n");
        run.says("warning: ").says("is older than expected: generation 1, last seen 2").hints("--accept");
    }
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(1).says("is older than expected");
    sandbox.mfa(["decrypt", "-y"]).run().exits(1);
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox
        .mfa(["verify-vault"])
        .run()
        .exits(1)
        .prints("the vault is older than expected: generation 1, last seen 2\n");
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
}

#[test]
fn another_vault_in_its_place_gives_nothing() {
    let sandbox = alice();
    // made by somebody who knows the public key, as everybody may
    let strange = VaultKind::Sealed.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write_vault(&strange.vault_bytes().unwrap());
    let before = sandbox.vault_bytes();
    for arguments in [
        &["code", "alice"][..],
        &["next-pair", "alice"],
        &["list", "--codes"],
        &["add", "x"],
        &["unlock"],
        &["slots", "add", "--key-store"],
        &["export-qr", "alice", "-o", "-"],
        &["rekey", "-r", &public_key()],
        &["decrypt", "-y"],
    ] {
        let run = sandbox.mfa(arguments).stdin(vector("plain").uri()).run();
        run.exits(1).prints("").says("is not the one seen before").hints("verify-vault");
        assert!(sandbox.vault_bytes() == before, "{arguments:?}");
    }
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("alice\n");
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn a_plain_vault_in_its_place_takes_no_new_secret() {
    let sandbox = alice();
    let plain = vault_of(&[("alice", "plain")]);
    sandbox.write_vault(plain.as_bytes());
    let run = sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run();
    run.exits(1)
        .says("is not encrypted, but it was when this machine last saw it")
        .hints("verify-vault --accept");
    assert_eq!(sandbox.vault_text(), plain);
    sandbox.mfa(["verify-vault"]).run().exits(1);
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    assert_eq!(sandbox.vault_text(), plain);
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["verify-vault"]).run().exits(0);
    sandbox.encrypt().run().exits(0);
    sandbox.mfa(["code", "x"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn a_vault_that_was_sealed_anew_elsewhere_is_taken_once_it_was_looked_at() {
    let here = alice();
    let elsewhere = Sandbox::new().with_identity();
    elsewhere.write_vault(&here.vault_bytes().unwrap());
    elsewhere.mfa(["rekey", "-r", &public_key()]).run().exits(0);
    here.write_vault(&elsewhere.vault_bytes().unwrap());
    here.mfa(["code", "alice"]).run().exits(1).says("or has another key");
    here.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    here.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

#[cfg(unix)]
#[test]
fn a_link_in_its_place_makes_no_other_vault_of_it() {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    let plain = vault_of(&[("alice", "plain")]);
    for (other, says) in
        [(&older[..], "is older than expected"), (plain.as_bytes(), "is not encrypted, but it was")]
    {
        restrict(&sandbox.write("other.toml", other));
        std::fs::remove_file(sandbox.vault()).unwrap();
        std::os::unix::fs::symlink("other.toml", sandbox.vault()).unwrap();
        sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(1).says(says);
        sandbox.mfa(["verify-vault"]).run().exits(1);
    }
}

/// As a manager of dot-files does
#[cfg(unix)]
#[test]
fn the_vault_itself_behind_a_link_raises_no_doubt() {
    let sandbox = alice();
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    std::fs::rename(sandbox.vault(), sandbox.path("moved.toml")).unwrap();
    std::os::unix::fs::symlink("moved.toml", sandbox.vault()).unwrap();
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["verify-vault"]).run().exits(0);
    sandbox.mfa(["code", "new"]).env("MFA_VAULT", sandbox.path("moved.toml")).run().exits(0).in_silence();
}

#[test]
fn an_older_copy_that_is_accepted_leaves_none_between_it_and_now() {
    let sandbox = alice();
    let older: Vec<Vec<u8>> = (0..3)
        .map(|number| {
            let copy = sandbox.vault_bytes().unwrap();
            sandbox.mfa(["edit", "alice", "--tag", &number.to_string()]).run().exits(0);
            copy
        })
        .collect();
    sandbox.write_vault(&older[0]);
    sandbox
        .mfa(["verify-vault", "--accept", "-y"])
        .run()
        .exits(0)
        .prints("the vault is older than expected: generation 1, last seen 4\n");
    for copy in &older {
        let accepted = sandbox.vault_bytes().unwrap();
        sandbox.write_vault(copy);
        sandbox.mfa(["verify-vault"]).run().exits(1);
        sandbox.write_vault(&accepted);
        sandbox.mfa(["verify-vault"]).run().exits(0);
    }
}

#[test]
fn a_sealed_vault_that_has_gone_is_not_begun_anew_as_a_plain_one() {
    let sandbox = alice();
    std::fs::remove_file(sandbox.vault()).unwrap();
    sandbox
        .mfa(["add", "new"])
        .stdin(vector("aws").uri())
        .run()
        .exits(1)
        .says("is not encrypted, but it was");
    sandbox.write_vault(vault_of(&[("alice", "plain")]).as_bytes());
    sandbox.encrypt().run().exits(1).says("is not encrypted, but it was").hints("--accept");
    std::fs::remove_file(sandbox.vault()).unwrap();
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
}
