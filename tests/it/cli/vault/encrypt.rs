//! `mfa vault encrypt`

use std::thread::scope;

use crate::harness::{Sandbox, VaultKind, alice, fixture, public_key, rfc_secret, vault_toml, vector};

const SECRETS: [(&str, &str); 2] = [("alice", "plain"), ("root", "aws")];

/// Returns a plain-text vault, with the key to encrypt it for.
fn plain() -> Sandbox {
    let sandbox = Sandbox::new().with_identity();
    sandbox.write_vault(vault_toml(&SECRETS).as_bytes());
    sandbox
}

#[test]
fn encrypt_keeps_the_codes_and_reports_the_result() {
    let sandbox = plain();
    let run = sandbox.encrypt().run().exits(0).prints("");
    run.says("encrypted the secrets of 2 accounts, for: public key age1");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["code", "root"]).run().exits(0).prints("596825\n").in_silence();
    sandbox.mfa(["next-pair", "root", "-F", "line"]).run().exits(0).in_silence();
}

#[test]
fn passphrase_from_file_or_command_encrypts_and_unlocks() {
    let sandbox = Sandbox::with_accounts(&SECRETS[..1]);
    let words = sandbox.write("words", "correct horse\nsecond line\n");
    sandbox
        .mfa(["vault", "encrypt"])
        .env("MFA_PASSPHRASE_FILE", &words)
        .run()
        .exits(0)
        .says("for: passphrase");
    let code = || sandbox.mfa(["code", "alice"]);
    code().env("MFA_PASSPHRASE_COMMAND", "echo correct horse").run().exits(0).prints("713653\n");
    code().env("MFA_PASSPHRASE_COMMAND", "echo wrong").run().exits(6).prints("").says("wrong passphrase");
    sandbox
        .mfa(["vault", "encrypt"])
        .env("MFA_PASSPHRASE_FILE", &words)
        .run()
        .exits(1)
        .says("already encrypted");
}

#[test]
fn encrypt_without_a_terminal_needs_a_key_argument() {
    for arguments in [&["vault", "encrypt"][..], &["vault", "encrypt", "--passphrase"]] {
        let sandbox = plain();
        let before = sandbox.state();
        sandbox.mfa(arguments).run().exits(2).prints("").hints("--new-passphrase-file");
        assert_eq!(sandbox.state(), before);
    }
    let sandbox = plain();
    let empty = sandbox.write("empty", "\n");
    sandbox
        .mfa(["vault", "encrypt"])
        .env("MFA_PASSPHRASE_FILE", empty)
        .run()
        .exits(2)
        .says("passphrase is empty");
    assert!(sandbox.vault_text().contains(&vector("plain").secret));
}

#[test]
fn invalid_public_key_is_rejected_and_not_repeated() {
    let key = std::fs::read_to_string(fixture("sealed/age-key.txt")).unwrap();
    let private = key.lines().last().unwrap().to_owned();
    for wrong in ["", "age1nonsense", "correct horse battery staple", "ssh-ed25519 AAAA me@here", &private] {
        let sandbox = plain();
        let before = sandbox.state();
        let run = sandbox.mfa(["vault", "encrypt", "-r", wrong]).run().exits(2).prints("");
        for part in wrong.split(' ').filter(|part| part.len() > 6 && *part != "ssh-ed25519") {
            let end = &part[part.len() - 6..];
            assert!(!run.stderr.contains(end), "{}", run.stderr);
        }
        assert_eq!(sandbox.state(), before);
    }
}

#[test]
fn missing_vault_becomes_an_empty_encrypted_one() {
    let sandbox = Sandbox::new().with_identity();
    sandbox.encrypt().run().exits(0).says("0 accounts");
    sandbox.mfa(["list"]).run().exits(0).prints("");
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
    assert!(!sandbox.vault_text().contains(&vector("aws").secret));
    sandbox.mfa(["code", "x"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn one_of_several_processes_encrypts_and_the_others_fail() {
    let sandbox = plain();
    let codes: Vec<_> = scope(|scope| {
        let runs: Vec<_> =
            (0..8).map(|_| scope.spawn(|| sandbox.encrypt().run().status.code().unwrap())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == 1).count(), 7, "{codes:?}");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

#[test]
fn accounts_added_during_encryption_are_kept() {
    for _ in 0..5 {
        let sandbox = plain();
        let added: Vec<String> = scope(|scope| {
            let add = |number: usize| {
                let name = format!("n{number}");
                let run = sandbox.mfa(["add", &name, "-"]).stdin(&vector("plain").secret).run();
                (run.status.code() == Some(0)).then_some(name)
            };
            let adds: Vec<_> = (0..6).map(|number| scope.spawn(move || add(number))).collect();
            sandbox.encrypt().run().exits(0);
            adds.into_iter().filter_map(|add| add.join().unwrap()).collect()
        });
        for name in added {
            sandbox.mfa(["code", "-e", &name]).run().exits(0).prints("713653\n").in_silence();
        }
        assert!(!sandbox.vault_text().contains(&vector("plain").secret));
    }
}

#[test]
fn encrypt_rejects_a_record_that_it_cannot_parse() {
    for record in
        ["secret = \"1\"", "secret = \"JBSWY3DP\"\ndigits = 9", "issuer = \"x\"", "type = \"yaotp\""]
    {
        let sandbox = plain();
        let text = format!("{}[accounts.bad]\n{record}\n", vault_toml(&SECRETS));
        sandbox.write_vault(text.as_bytes());
        sandbox.encrypt().run().exits(1).says("the account 'bad' cannot be encrypted").says("nothing was");
        assert_eq!(sandbox.vault_text(), text);
    }
}

#[test]
fn encrypt_reports_lines_with_another_copy_of_a_secret() {
    let secret = &vector("plain").secret;
    let lower = secret.to_lowercase();
    let bytes = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    for text in [
        secret.clone(),
        lower.clone(),
        format!("secret = \"{lower}\""),
        format!("otpauth://totp/x?secret={secret}&issuer=y"),
        lower.as_bytes().chunks(4).map(|part| str::from_utf8(part).unwrap()).collect::<Vec<_>>().join(" "),
        secret.as_bytes().chunks(4).map(|part| str::from_utf8(part).unwrap()).collect::<Vec<_>>().join("-"),
        data_encoding::HEXLOWER.encode(&bytes),
    ] {
        let sandbox = plain();
        let whole = format!("version = 1\n\n# {text}\n{}", vector("plain").record("alice"));
        sandbox.write_vault(whole.as_bytes());
        let run = sandbox.encrypt().run().exits(1);
        run.says("would still hold a secret as plain text: line")
            .hints("remove the secret from that comment");
        assert_eq!(sandbox.vault_text(), whole);
        assert!(!sandbox.path("vault.toml.bak").exists());
    }
}

#[test]
fn encrypt_keeps_comments_beside_a_secret() {
    let secret = rfc_secret(20);
    let before = format!(
        "# mine\nversion = 1 # one\n\n[accounts.rfc] # two\n# three\n  secret = '{secret}' # four\nissuer = \"A\" # five\n"
    );
    let sandbox = Sandbox::new().with_identity();
    sandbox.write_vault(before.as_bytes());
    sandbox.encrypt().run().exits(0);
    let sealed = sandbox.vault_text();
    for comment in
        ["# mine\n", "# one\n", "# two\n", "# three\n  sealed = ", "# four\n", "issuer = \"A\" # five\n"]
    {
        assert!(sealed.contains(comment), "{comment}\n{sealed}");
    }
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    assert_eq!(sandbox.vault_text(), before.replace('\'', "\""));
}

#[test]
fn vault_with_further_secrets_is_not_a_redundant_copy() {
    let key = public_key();
    let record = |more: &str| format!("version = 1\n[accounts.h]\nsecret = \"{}\"\n{more}", rfc_secret(20));
    let ours = record("type = \"hotp\"\ncounter = 5\ntags = [\"a\"]\n");
    for (theirs, is_copy) in [
        (record("type = \"hotp\"\ncounter = 4\n"), true),
        (record("type = \"hotp\"\ncounter = 6\n"), false),
        (record(""), false),
        (record("type = \"hotp\"\ncounter = 5\ndigits = 8\n"), false),
        (record("type = \"hotp\"\ncounter = 5\nissuer = \"Bank\"\n"), false),
        (record("type = \"hotp\"\ncounter = 5\ntags = [\"b\"]\n"), false),
    ] {
        let sandbox = Sandbox::new().with_identity();
        sandbox.write_vault(ours.as_bytes());
        let copy = sandbox.write("vault-copy.toml", &theirs);
        let run = sandbox.mfa(["vault", "encrypt", "-r", &key, "--remove-copies"]).run().exits(0);
        assert_eq!(run.stderr.contains("removed"), is_copy, "{theirs}{}", run.stderr);
        assert_eq!(copy.exists(), !is_copy, "{theirs}");
        drop(run.says_not("still holds"));
    }
    // a vault in use has a lock file
    let sandbox = Sandbox::new().with_identity();
    sandbox.write_vault(ours.as_bytes());
    let copy = sandbox.write("vault-work.toml", &ours);
    sandbox.write("vault-work.toml.lock", "");
    sandbox
        .mfa(["vault", "encrypt", "-r", &key, "--remove-copies"])
        .run()
        .exits(0)
        .says("is not only a copy");
    assert!(copy.exists());
}

#[test]
fn plain_copies_are_listed_and_removed_on_request() {
    let sandbox = plain();
    for name in ["vault.toml~", "vault.toml.old", "my-vault-copy.toml"] {
        std::fs::copy(sandbox.vault(), sandbox.path(name)).unwrap();
    }
    // the first is another vault, the second not a vault, the third the backup of an editor
    sandbox.write("vault-work.toml", vault_toml(&[("work", "sha512")]));
    sandbox.write("vault.txt", "my vault");
    sandbox.write("vault.swp", format!("\0\0{}\0", vector("aws").secret));
    let run = sandbox.encrypt().run().exits(0);
    for name in ["vault.toml~'", "vault.toml.old'", "my-vault-copy.toml'"] {
        assert!(run.stderr.contains(&format!("{name} still holds secrets")), "{}", run.stderr);
    }
    let run = run.says("vault-work.toml' holds secrets as plain text, and is not only a copy");
    run.says("vault.swp' holds").says_not("vault.txt").says("--remove-copies");
    assert!(sandbox.path("vault.toml~").exists());

    sandbox.mfa(["vault", "encrypt", "--remove-copies"]).run().exits(0).says("removed ").says_not("error");
    for (name, stays) in [
        ("vault.toml~", false),
        ("vault.toml.old", false),
        ("my-vault-copy.toml", false),
        ("vault-work.toml", true),
        ("vault.txt", true),
        ("vault.swp", true),
    ] {
        assert_eq!(sandbox.path(name).exists(), stays, "{name}");
    }
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

#[test]
fn backup_is_not_a_plain_copy() {
    let sandbox = plain();
    sandbox.mfa(["add", "new"]).stdin(vector("sha512").uri()).run().exits(0);
    assert!(std::fs::read_to_string(sandbox.path("vault.toml.bak")).unwrap().contains("secret"));
    sandbox.encrypt().run().exits(0).says_not("plain text");
    assert_eq!(std::fs::read(sandbox.path("vault.toml.bak")).ok(), sandbox.vault_bytes());
}

#[cfg(unix)]
#[test]
fn plain_copies_are_found_in_both_folders_of_a_linked_vault() {
    let sandbox = Sandbox::new().with_identity();
    std::fs::create_dir(sandbox.path("dots")).unwrap();
    for file in ["dots/real.toml", "dots/real.toml.1", "vault.toml.2"] {
        crate::harness::restrict(&sandbox.write(file, vault_toml(&SECRETS)));
    }
    std::os::unix::fs::symlink("dots/real.toml", sandbox.vault()).unwrap();
    std::os::unix::fs::symlink("dots/real.toml.1", sandbox.path("vault.toml.3")).unwrap();
    let arguments = ["vault", "encrypt", "-r", &public_key(), "--remove-copies"];
    sandbox.mfa(arguments).run().exits(0).says("removed ").says("vault.toml.3' holds secrets");
    assert_eq!(sandbox.vault().read_link().unwrap(), std::path::Path::new("dots/real.toml"));
    for (file, there) in [("dots/real.toml", true), ("dots/real.toml.1", false), ("vault.toml.2", false)] {
        assert_eq!(sandbox.path(file).exists(), there, "{file}");
    }
    assert!(!std::fs::read_to_string(sandbox.path("dots/real.toml")).unwrap().contains("secret"));
}

#[test]
fn encrypt_rejects_an_encrypted_vault() {
    let sandbox = alice();
    let before = sandbox.state();
    sandbox.encrypt().run().exits(1).says("already encrypted").hints("'mfa vault passwd'");
    assert_eq!(sandbox.state(), before);
}

#[test]
fn names_and_issuers_are_readable_without_unlocking() {
    let sandbox = alice();
    let row = "alice\tExample\talice@example.com\n";
    sandbox.mfa(["list"]).locked().run().exits(0).prints(row).in_silence();
    sandbox.mfa(["list", "--names"]).locked().run().exits(0).prints("alice\n").in_silence();
    let json = sandbox.mfa(["list", "-j"]).locked().run().exits(0).json();
    assert_eq!(json["accounts"][0]["name"], "alice");
    sandbox.mfa(["code", "bob"]).locked().run().exits(3);
    sandbox.mfa(["vault", "keys"]).locked().run().exits(0).in_silence();
}

#[test]
fn every_type_of_account_is_encrypted_and_decrypted() {
    let steam = format!("[accounts.steam]\ntype = \"steam\"\nsecret = \"{}\"\n", rfc_secret(20));
    let hotp = format!("[accounts.hotp]\ntype = \"hotp\"\ncounter = 7\nsecret = \"{}\"\n", rfc_secret(20));
    let before = format!("{}\n{steam}\n{hotp}", vault_toml(&SECRETS));
    let sandbox = VaultKind::Encrypted.sandbox_with(&before);
    for edit in [("counter = 7", "counter = 8"), ("type = \"steam\"\n", "")] {
        let whole = sandbox.vault_text();
        assert!(whole.contains(edit.0));
        sandbox.write_vault(whole.replace(edit.0, edit.1).as_bytes());
        let name = if edit.0.starts_with("counter") { "hotp" } else { "steam" };
        sandbox.mfa(["vault", "verify"]).run().exits(1).prints(&format!(
            "the account '{name}' was edited\nthe account '{name}' cannot be used: its encrypted field does not match the account: \
             one of them was edited\n"
        ));
        sandbox.write_vault(whole.as_bytes());
    }
    sandbox.mfa(["vault", "verify"]).run().exits(0).prints("");
    sandbox.mfa(["vault", "decrypt", "-y"]).run().exits(0);
    assert_eq!(sandbox.vault_text(), before);
}

#[cfg(unix)]
#[test]
fn hard_link_that_keeps_the_plain_text_is_warned_of() {
    use std::os::unix::fs::MetadataExt as _;
    let sandbox = plain();
    let inode = sandbox.vault().metadata().unwrap().ino();
    std::fs::hard_link(sandbox.vault(), sandbox.path("other name")).unwrap();
    let run = sandbox.encrypt().run().exits(0);
    run.says("vault.toml' is hard-linked").says("plain text").hints(&format!("-inum {inode}"));
    assert!(std::fs::read_to_string(sandbox.path("other name")).unwrap().contains(&vector("plain").secret));
}
