//! Another vault instead of the pinned one: an older copy, a vault with another key, a plain-text vault.

#[cfg(unix)]
use crate::harness::restrict;
use crate::harness::{Sandbox, VaultKind, alice, public_key, vault_toml, vector};

/// Returns a vault that was changed and then rolled back to its older copy.
fn rolled_back_sandbox() -> Sandbox {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.write_vault(&older);
    sandbox
}

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn change_fails_if_its_pin_cannot_be_written() {
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
        .mfa(["vault", "rekey", "-r", &public_key()])
        .run()
        .exits(1)
        .says("could not record the next state of the vault");
    sandbox
        .mfa(["vault", "decrypt", "-y"])
        .run()
        .exits(1)
        .says("could not record the next state of the vault");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["code", "alice"]).run().exits(0);
    // mfa must not report that it accepted the other vault
    let other = VaultKind::Encrypted.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write_vault(other.vault_text().as_bytes());
    let run = sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(1).says("could not");
    drop(run.says_not("as it stands"));
}

#[test]
fn older_copy_is_reported_and_cannot_be_changed() {
    let sandbox = rolled_back_sandbox();
    let before = sandbox.vault_bytes();
    for more in [&[][..], &["-q"]] {
        let run = sandbox.mfa([&["code", "alice"], more].concat()).run().exits(0).prints("713653\n");
        run.says("warning: ").says("is older than expected: generation 1, last seen 2").hints("--accept");
    }
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(1).says("is older than expected");
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(1);
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox
        .mfa(["vault", "verify"])
        .run()
        .exits(1)
        .prints("the vault is older than expected: generation 1, last seen 2\n");
    sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
}

#[test]
fn other_vault_at_the_same_path_gives_no_code() {
    let sandbox = alice();
    // written by an attacker who has the public key, which is not secret
    let strange = VaultKind::Encrypted.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write_vault(&strange.vault_bytes().unwrap());
    let before = sandbox.vault_bytes();
    for arguments in [
        &["code", "alice"][..],
        &["next-pair", "alice"],
        &["list", "--codes"],
        &["add", "x"],
        &["unlock"],
        &["vault", "keys", "add", "--key-store"],
        &["export-qr", "alice", "-o", "-"],
        &["vault", "rekey", "-r", &public_key()],
        &["vault", "decrypt", "-y"],
    ] {
        let run = sandbox.mfa(arguments).stdin(vector("plain").uri()).run();
        run.exits(1).prints("").says("is not the one seen before").hints("vault verify");
        assert!(sandbox.vault_bytes() == before, "{arguments:?}");
    }
    sandbox.mfa(["list", "--names"]).run().exits(1).prints("").says("is not the one seen before");
    sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn plain_vault_at_the_same_path_takes_no_new_secret() {
    let sandbox = alice();
    let plain = vault_toml(&[("alice", "plain")]);
    sandbox.write_vault(plain.as_bytes());
    let run = sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run();
    run.exits(1)
        .says("is not encrypted, but it was when this machine last saw it")
        .hints("vault verify --accept");
    assert_eq!(sandbox.vault_text(), plain);
    sandbox.mfa(["vault", "verify"]).run().exits(1);
    sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    assert_eq!(sandbox.vault_text(), plain);
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["vault", "verify"]).run().exits(0);
    sandbox.encrypt().run().exits(0);
    sandbox.mfa(["code", "x"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn vault_rekeyed_elsewhere_is_accepted_after_a_check() {
    let here = alice();
    let elsewhere = Sandbox::new().with_identity();
    elsewhere.write_vault(&here.vault_bytes().unwrap());
    elsewhere.mfa(["vault", "rekey", "-r", &public_key()]).run().exits(0);
    here.write_vault(&elsewhere.vault_bytes().unwrap());
    here.mfa(["code", "alice"]).run().exits(1).says("its id or key differs");
    here.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    here.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

#[cfg(unix)]
#[test]
fn link_to_another_vault_is_rejected() {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    let plain = vault_toml(&[("alice", "plain")]);
    for (other, says) in
        [(&older[..], "is older than expected"), (plain.as_bytes(), "is not encrypted, but it was")]
    {
        restrict(&sandbox.write("other.toml", other));
        std::fs::remove_file(sandbox.vault()).unwrap();
        std::os::unix::fs::symlink("other.toml", sandbox.vault()).unwrap();
        sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(1).says(says);
        sandbox.mfa(["vault", "verify"]).run().exits(1);
    }
}

/// Dot-file managers replace a file by such a link.
#[cfg(unix)]
#[test]
fn link_to_the_moved_vault_is_accepted() {
    let sandbox = alice();
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    std::fs::rename(sandbox.vault(), sandbox.path("moved.toml")).unwrap();
    std::os::unix::fs::symlink("moved.toml", sandbox.vault()).unwrap();
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["vault", "verify"]).run().exits(0);
    sandbox.mfa(["code", "new"]).env("MFA_VAULT", sandbox.path("moved.toml")).run().exits(0).in_silence();
}

#[test]
fn accepting_an_older_copy_rejects_all_former_copies() {
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
        .mfa(["vault", "verify", "--accept", "-y"])
        .run()
        .exits(0)
        .prints("the vault is older than expected: generation 1, last seen 4\n");
    for copy in &older {
        let accepted = sandbox.vault_bytes().unwrap();
        sandbox.write_vault(copy);
        sandbox.mfa(["vault", "verify"]).run().exits(1);
        sandbox.write_vault(&accepted);
        sandbox.mfa(["vault", "verify"]).run().exits(0);
    }
}

#[test]
fn missing_encrypted_vault_is_not_replaced_by_a_plain_one() {
    let sandbox = alice();
    std::fs::remove_file(sandbox.vault()).unwrap();
    sandbox
        .mfa(["add", "new"])
        .stdin(vector("aws").uri())
        .run()
        .exits(1)
        .says("is not encrypted, but it was");
    sandbox.write_vault(vault_toml(&[("alice", "plain")]).as_bytes());
    sandbox.encrypt().run().exits(1).says("is not encrypted, but it was").hints("--accept");
    std::fs::remove_file(sandbox.vault()).unwrap();
    sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
}
