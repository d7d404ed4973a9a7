//! `mfa vault keys`

use std::thread::scope;

use crate::harness::{Sandbox, alice, check_ssh_unlocks, public_key, ssh_public_key};

const FILE: &str = "MFA_PASSPHRASE_FILE";

#[test]
fn added_slot_unlocks_and_removed_slot_does_not() {
    let sandbox = alice();
    check_ssh_unlocks(&sandbox, false);
    sandbox
        .mfa(["vault", "keys", "add", "-r", &ssh_public_key()])
        .run()
        .exits(0)
        .says("added key 2 (public key a test key)");
    check_ssh_unlocks(&sandbox, true);
    let list = sandbox.mfa(["vault", "keys"]).locked().run().exits(0).text();
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[0].starts_with("1\tpublic key\tage1"), "{list}");
    assert!(lines[1].starts_with("2\tpublic key\ta test key\t20"), "the comment is that of the key: {list}");
    assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with('\t')), "no key is in use: {list}");
    let in_use = sandbox.mfa(["vault", "keys"]).run().exits(0).in_silence().text();
    assert_eq!(in_use.lines().filter(|line| line.ends_with("\tin use")).count(), 1, "{in_use}");
    assert!(in_use.lines().next().unwrap().ends_with("\tin use"), "{in_use}");
    let json = sandbox.mfa(["vault", "keys", "-j"]).locked().run().exits(0).text();
    assert!(json.contains(r#"{"number":2,"kind":"public key","label":"a test key","added":"20"#), "{json}");
    assert!(json.contains(r#""in_use":null"#), "{json}");
    sandbox
        .mfa(["vault", "keys", "remove", "1", "-y"])
        .run()
        .exits(0)
        .says("is the one that unlocks the vault now")
        .says("removed key 1 (")
        .says("mfa vault rekey");
    sandbox.mfa(["code", "alice"]).run().exits(6).prints("");
    check_ssh_unlocks(&sandbox, true);
}

#[test]
fn removing_one_of_two_equal_slots_is_reported_as_such() {
    let sandbox = alice();
    sandbox.mfa(["vault", "keys", "add", "-r", &ssh_public_key()]).run().exits(0);
    sandbox.mfa(["vault", "keys", "add", "-r", &ssh_public_key()]).run().exits(0);
    let run =
        sandbox.mfa(["vault", "keys", "remove", "2", "-y"]).run().exits(0).says("key 2 has the same label");
    drop(run.says_not("removed key 2"));
    check_ssh_unlocks(&sandbox, true);
}

#[test]
fn recipients_file_without_a_key_is_an_error() {
    let plain = Sandbox::with_accounts(&[("alice", "plain")]);
    let sealed = alice();
    for sandbox in [&plain, &sealed] {
        sandbox.write("words", "correct horse battery staple");
        sandbox.write("keys", "# nobody\n\n");
    }
    for (sandbox, arguments) in [
        (&plain, &["vault", "encrypt", "-R", "keys"][..]),
        (&sealed, &["vault", "keys", "add", "-R", "keys"]),
        (&sealed, &["vault", "rekey", "-R", "keys"]),
    ] {
        let before = sandbox.vault_bytes();
        sandbox.mfa(arguments).env(FILE, "words").run().exits(2).says("no public key in 'keys'");
        assert_eq!(sandbox.vault_bytes(), before, "{arguments:?}");
    }
}

#[test]
fn unknown_slot_and_last_slot_are_not_removed() {
    let sandbox = alice();
    let before = sandbox.vault_bytes();
    for slot in ["0", "2", "-1", "x", "99999999999999999999"] {
        sandbox.mfa(["vault", "keys", "remove", "--", slot]).run().exits(2).says("there is no key slot");
    }
    sandbox.mfa(["vault", "keys", "remove", "1", "-y"]).run().exits(1).says("nothing would open the vault");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn unusable_slot_does_not_count_as_the_last_one() {
    let sandbox = alice();
    sandbox.mfa(["vault", "keys", "add", "-r", &ssh_public_key()]).run().exits(0);
    let text = sandbox.vault_text();
    let at = text.rfind("kind = \"recipients\"").unwrap();
    let later = text[..at].to_owned() + &text[at..].replacen("recipients", "moon", 1);
    sandbox.write_vault(later.as_bytes());
    sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["vault", "keys", "remove", "1", "-y"]).run().exits(1).says("nothing would open the vault");
    sandbox.mfa(["vault", "keys", "remove", "2", "-y"]).run().exits(0).says("unknown kind 'moon'");
}

#[test]
fn slots_added_by_several_processes_are_all_kept() {
    let sandbox = alice();
    scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| sandbox.mfa(["vault", "keys", "add", "-r", &public_key()]).run().exits(0));
        }
    });
    assert_eq!(sandbox.mfa(["vault", "keys"]).run().exits(0).text().lines().count(), 9);
}

#[test]
fn every_public_key_of_a_file_becomes_a_slot() {
    let sandbox = alice();
    sandbox.write("keys", format!("# mine\n{}\n\n{}\n", ssh_public_key(), public_key()));
    sandbox.mfa(["vault", "keys", "add", "-R", "keys"]).run().exits(0);
    assert_eq!(sandbox.mfa(["vault", "keys"]).run().text().lines().count(), 3);
    sandbox.mfa(["vault", "keys", "add", "-R", "missing"]).run().exits(1).says("'missing'");
    sandbox.mfa(["vault", "keys", "add", "-R", "-"]).stdin(public_key()).run().exits(0);
    assert_eq!(sandbox.mfa(["vault", "keys"]).run().text().lines().count(), 4);
    if std::path::Path::new("/dev/zero").exists() {
        sandbox
            .mfa(["vault", "keys", "add", "-R", "/dev/zero"])
            .run()
            .exits(1)
            .says("'/dev/zero'")
            .says("larger than 1 MiB");
    }
}

/// Windows always has a key store.
#[cfg(unix)]
#[test]
fn missing_key_store_is_reported_and_not_pinned() {
    let sandbox = alice();
    let before = sandbox.state();
    let run = sandbox.mfa(["vault", "keys", "add", "--key-store"]).run();
    run.exits(1).says("could not put the key into the key store").says_not("the key is in");
    assert_eq!(sandbox.state(), before);
    assert!(!sandbox.mfa(["vault", "keys"]).run().text().contains("key-store"));
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]).with_identity();
    std::fs::copy(sandbox.vault(), sandbox.path("vault.toml~")).unwrap();
    let before = sandbox.state();
    let run = sandbox.mfa(["vault", "encrypt", "-r", &public_key(), "--key-store"]).run();
    run.exits(1).says("into the key store").says_not("encrypted the secrets").says_not("vault.toml~");
    assert_eq!(sandbox.state(), before, "the vault is plain text as before");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

#[cfg(unix)]
#[test]
fn missing_key_store_leaves_keys_and_data_key_as_they_were() {
    let sandbox = alice();
    let (before, key) = (sandbox.state(), ssh_public_key());
    for command in [&["vault", "rekey"][..], &["vault", "keys", "add"]] {
        let arguments = [command, &["-r", &key, "--key-store"]].concat();
        sandbox.mfa(&arguments).run().exits(1).says("could not put the key into the key store");
        assert_eq!(sandbox.state(), before, "{arguments:?}");
    }
}

#[test]
fn label_names_the_key_that_is_removed() {
    let sandbox = alice();
    for _ in 0..2 {
        let add = ["vault", "keys", "add", "-r", &ssh_public_key(), "--label", "old laptop"];
        sandbox.mfa(add).run().exits(0).says("public key old laptop");
    }
    let before = sandbox.vault_bytes();
    let remove = ["vault", "keys", "remove", "old laptop"];
    sandbox.mfa([&remove[..], &["-y"]].concat()).run().exits(4).says("fits several keys: 2, 3");
    sandbox.mfa(["vault", "keys", "remove", "3"]).run().exits(2).prints("").hints("-y");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["vault", "keys", "remove", "3", "-y"]).run().exits(0);
    sandbox.mfa([&remove[..], &["-y"]].concat()).run().exits(0).says("removed key 2 (public key old laptop)");
}

#[test]
fn label_that_is_no_label_is_a_usage_error() {
    let sandbox = alice();
    let before = sandbox.vault_bytes();
    for label in ["", "2", "key-store", "a\u{1b}[31m", &"x".repeat(65)] {
        let add = ["vault", "keys", "add", "-r", &ssh_public_key(), "--label", label];
        sandbox.mfa(add).run().exits(2).says("a label ");
    }
    let keys = format!("{}\n{}\n", ssh_public_key(), public_key());
    sandbox.write("keys", keys);
    let several = ["vault", "keys", "add", "-R", "keys", "--label", "mine"];
    sandbox.mfa(several).run().exits(2).says("a label describes one key");
    sandbox.mfa(["vault", "keys", "add", "--key-store", "--label", "mine"]).run().exits(2);
    sandbox.mfa(["vault", "keys", "-j", "add", "-r", &public_key()]).run().exits(2);
    assert_eq!(sandbox.vault_bytes(), before);
}
