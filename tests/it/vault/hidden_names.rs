//! Vaults encrypted as a whole file: the names are hidden too.

use crate::harness::{CAT, Sandbox, public_key, vault_toml, vector};

const ACCOUNTS: [(&str, &str); 2] = [("alice", "plain"), ("root", "aws")];

/// Returns a whole-file encrypted vault for the key of the sandbox.
fn whole_file_sandbox() -> Sandbox {
    let sandbox = Sandbox::new().with_identity();
    sandbox.write_vault(vault_toml(&ACCOUNTS).as_bytes());
    sandbox
        .encrypt_whole_file()
        .run()
        .exits(0)
        .prints("")
        .says("encrypted the vault as a whole, with 2 accounts");
    sandbox
}

#[test]
fn whole_file_vault_is_unreadable_and_works_with_its_key() {
    let sandbox = whole_file_sandbox();
    for file in ["vault.toml", "vault.toml.bak"] {
        let text = std::fs::read_to_string(sandbox.path(file)).unwrap();
        assert!(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"), "{text}");
    }
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "new"]).stdin(vector("sha512").uri()).run().exits(0);
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("alice\nroot\nnew\n").in_silence();
    sandbox.mfa(["verify-vault"]).run().exits(0);
    assert!(sandbox.vault_text().starts_with("-----BEGIN AGE"));
    sandbox.mfa(["decrypt", "-y"]).run().exits(0);
    let text = sandbox.vault_text();
    assert!(text.starts_with(&vault_toml(&ACCOUNTS)) && !text.contains("[vault]"), "{text}");
}

#[test]
fn names_are_locked_without_the_key() {
    let sandbox = whole_file_sandbox();
    let before = sandbox.state();
    for arguments in [
        &["list"][..],
        &["list", "--names"],
        &["code", "alice"],
        &["add", "x"],
        &["decrypt", "-y"],
        &["slots"],
        &["verify-vault"],
    ] {
        let run = sandbox.mfa(arguments).locked().stdin(vector("plain").uri()).run();
        run.exits(6).prints("").says("locked").hints("--identity");
    }
    let words = sandbox.write("words", "any");
    sandbox
        .mfa(["list"])
        .locked()
        .env("MFA_PASSPHRASE_FILE", &words)
        .run()
        .exits(6)
        .says("needs an identity");
    std::fs::remove_file(words).unwrap();
    assert_eq!(sandbox.state(), before);
}

#[test]
fn commands_for_key_slots_are_rejected() {
    let sandbox = whole_file_sandbox();
    let before = sandbox.vault_bytes();
    let new = sandbox.write("new", "new words");
    let key = public_key();
    let new = new.to_str().unwrap();
    for (arguments, code, message) in [
        (&["unlock"][..], 1, "cannot be kept unlocked"),
        (&["slots"], 1, "has no key slots"),
        (&["slots", "add", "-r", &key], 1, "has no key slots"),
        (&["rekey", "-r", &key], 2, "has no data key"),
        (&["passwd", "--new-passphrase-file", new], 1, "for public keys"),
    ] {
        sandbox.mfa(arguments).run().exits(code).prints("").says(message);
    }
    sandbox.mfa(["lock"]).locked().run().exits(0).says("already locked");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn passphrase_works_and_can_be_changed() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let (old, new) = (sandbox.write("old", "old words"), sandbox.write("new", "new words"));
    let with = |arguments: &[&str], words| sandbox.mfa(arguments).env("MFA_PASSPHRASE_FILE", words).run();
    with(&["encrypt", "--opaque"], &old).exits(0);
    with(&["code", "alice"], &old).exits(0).prints("713653\n").in_silence();
    with(&["code", "alice"], &new).exits(6).prints("").says("wrong passphrase");
    // 'mfa unlock' does not work for this kind of vault
    let locked =
        sandbox.mfa(["code", "alice"]).run().exits(6).says("the vault is locked").says_not("mfa unlock");
    locked.hints("MFA_PASSPHRASE_FILE");
    with(&["passwd", "--new-passphrase-file", "new"], &old).exits(0).says("changed the passphrase");
    with(&["code", "alice"], &old).exits(6).prints("");
    with(&["code", "root"], &new).exits(0).prints("596825\n");
    sandbox.mfa(["list"]).env("MFA_PASSPHRASE_COMMAND", format!("{CAT} new")).run().exits(0);
}

#[test]
fn flipped_bit_is_damage() {
    let sandbox = whole_file_sandbox();
    let whole = sandbox.vault_text();
    let lines: Vec<&str> = whole.lines().collect();
    for at in (1..lines.len() - 1).step_by(2) {
        let mut damaged: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        // the last line may be shorter
        let place = 7.min(damaged[at].len() / 2);
        let other = if damaged[at].as_bytes()[place] == b'A' { "B" } else { "A" };
        damaged[at].replace_range(place..=place, other);
        sandbox.write_vault((damaged.join("\n") + "\n").as_bytes());
        let run = sandbox.mfa(["code", "alice"]).run();
        // age skips a damaged stanza if it may be another recipient's
        assert!(matches!(run.status.code(), Some(1 | 6)), "line {at}: {}", run.stderr);
        drop(run.prints(""));
    }
    sandbox.write_vault(&whole.as_bytes()[..whole.len() / 2]);
    sandbox.mfa(["code", "alice"]).run().exits(1).prints("").says("is damaged");
    sandbox.mfa(["add", "x"]).stdin(vector("plain").uri()).run().exits(1);
    assert_eq!(sandbox.vault_bytes().unwrap().len(), whole.len() / 2);
}

#[test]
fn whole_file_vault_cannot_mix_credentials_or_use_the_keyring() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let before = sandbox.state();
    let key = public_key();
    for more in [&["-r", &key, "--passphrase"][..], &["--key-store"]] {
        sandbox.mfa([&["encrypt", "--opaque"], more].concat()).run().exits(2);
    }
    assert_eq!(sandbox.state(), before);
}

#[cfg(unix)]
#[test]
fn whole_file_vault_is_read_from_a_pipe_once() {
    let sandbox = whole_file_sandbox();
    let feeding = "mkfifo p; cat vault.toml > p & MFA_VAULT=p; export MFA_VAULT";
    sandbox.mfa(["code", "alice"]).after(feeding).run().exits(0).prints("713653\n");
}
