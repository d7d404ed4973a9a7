//! `mfa vault merge`

use crate::harness::{RFC_4226, Sandbox, VaultKind, rfc_secret, ssh_public_key, vault_toml, vector};

fn hotp(counter: u64) -> String {
    let secret = rfc_secret(20);
    format!("[accounts.h]\ntype = \"hotp\"\nsecret = \"{secret}\"\ncounter = {counter}\n")
}

#[test]
fn merge_keeps_the_higher_counter() {
    for (here, there, then) in [(3, 7, 7), (7, 3, 7), (4, 4, 4)] {
        let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", hotp(here)));
        sandbox.write("theirs.toml", format!("version = 1\n{}", hotp(there)));
        let run = sandbox.mfa(["vault", "merge", "theirs.toml", "-y"]).run().exits(0);
        if here < there {
            drop(run.says("~ h: its counter is higher in the other copy: 7").says("merged 1 of 1"));
        } else {
            drop(run.says("nothing to merge"));
        }
        sandbox.mfa(["code", "h"]).run().exits(0).prints(&format!("{}\n", RFC_4226[then]));
    }
}

#[test]
fn merge_names_accounts_it_cannot_merge() {
    let sandbox = Sandbox::with_rfc();
    let damaged = "[accounts.motp]\ntype = \"motp\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n";
    let theirs = format!("version = 1\n{damaged}{}", vector("plain").record("alice"));
    sandbox.write("theirs.toml", theirs);
    let run = sandbox.mfa(["vault", "merge", "theirs.toml", "-y"]).run().exits(1).says("+ alice");
    drop(run.says("not merged: the account 'motp'").says("could not merge 1 account"));
    sandbox.mfa(["list", "--names"]).run().prints("rfc\nalice\n");
}

#[test]
fn missing_file_is_an_error() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["vault", "merge", "nofile.toml"]).run().exits(1).says("could not read 'nofile.toml': ");
}

#[test]
fn changed_fields_are_shown_and_taken_or_rejected() {
    let record = |name: &str, issuer: &str| {
        let secret = &vector("plain").secret;
        format!("version = 1\n[accounts.{name}]\n{issuer}secret = \"{secret}\"\n")
    };
    let sandbox = Sandbox::with_vault(&record("here", "issuer = \"Example\"\n"));
    sandbox.write("theirs.toml", record("there", "issuer = \"Exampel\"\nnote = \"old phone\"\n"));
    let before = sandbox.vault_bytes();
    let run = sandbox.mfa(["vault", "merge", "theirs.toml", "-y"]).run().exits(1);
    let run = run
        .says("! here: name 'here' here, 'there' there")
        .says("! here: issuer 'Example' here, 'Exampel' there");
    drop(run.says("~ here: note only there: the other is taken").says_not("old phone").hints("--take there"));
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["vault", "merge", "theirs.toml", "-n"]).run().exits(0);
    assert_eq!(sandbox.vault_bytes(), before);

    sandbox
        .mfa(["vault", "merge", "theirs.toml", "-y", "--take", "there"])
        .run()
        .exits(0)
        .says("merged 1 of 1");
    sandbox.mfa(["list"]).run().prints("there\tExampel\t\n");
    sandbox.mfa(["show", "there", "--note"]).run().prints("old phone\n");
    sandbox.mfa(["vault", "merge", "theirs.toml", "-y"]).run().exits(0).says("nothing to merge");
}

#[test]
fn merge_with_a_base_asks_nothing() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("bob", "unicode"), ("carol", "aws")]);
    sandbox.write("base.toml", sandbox.vault_bytes().unwrap());
    sandbox.mfa(["edit", "alice", "-i", "GitHub", "--tag", "a"]).run().exits(0);
    sandbox.write("theirs.toml", sandbox.vault_bytes().unwrap());
    sandbox.write_vault(&std::fs::read(sandbox.path("base.toml")).unwrap());
    let theirs = |words: &[&str]| {
        drop(sandbox.mfa(words).env("MFA_VAULT", sandbox.path("theirs.toml")).run().exits(0));
    };
    theirs(&["remove", "bob", "-y"]);
    theirs(&["rename", "carol", "dave"]);
    sandbox.mfa(["edit", "alice", "--tag", "b", "--note", "mine"]).run().exits(0);
    let merge = ["vault", "merge", "theirs.toml", "--base", "base.toml"];
    sandbox.mfa(merge).run().exits(2).hints("-y");
    sandbox
        .mfa(merge.into_iter().chain(["-y"]))
        .run()
        .exits(0)
        .says("~ alice: issuer 'Example' here, 'GitHub' there: the other is taken")
        .says("~ alice: tags 'b' here, 'a' there: now 'b, a'")
        .says("- bob: removed in the other copy")
        .says("~ carol: name 'carol' here, 'dave' there: the other is taken")
        .says("merged 3 of 3");
    sandbox.mfa(["list", "--names"]).run().prints("alice\ndave\n");
    sandbox.mfa(["show", "alice", "--note"]).run().prints("mine\n");
}

#[test]
fn other_account_with_the_same_name_is_not_only_here() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("mine", "unicode")]);
    sandbox.write("theirs.toml", vault_toml(&[("alice", "aws")]));
    let run = sandbox.mfa(["vault", "merge", "theirs.toml", "-y"]).run().exits(0);
    let run = run
        .says("+ alice: only in the other copy")
        .says("  alice: only in this vault")
        .says("'alice' is another account in this vault: stored as 'alice-2'");
    drop(run.says("  mine: only in this vault"));
    sandbox.mfa(["list", "--names"]).run().prints("alice\nmine\nalice-2\n");
}

/// The accounts are the same, and the other copy has one more key.
#[test]
fn key_slots_alone_are_merged_with_a_base() {
    let sandbox = VaultKind::Encrypted.sandbox_with_accounts(&[("alice", "plain")]);
    sandbox.write("base.toml", sandbox.vault_bytes().unwrap());
    sandbox.write("theirs.toml", sandbox.vault_bytes().unwrap());
    let words = ["vault", "keys", "add", "-r", &ssh_public_key(), "--label", "laptop"];
    sandbox.mfa(words).env("MFA_VAULT", sandbox.path("theirs.toml")).run().exits(0);
    let merge = ["vault", "merge", "theirs.toml", "-y"];
    let run = sandbox.mfa(merge).run().exits(0).says("only the other copy opens with: public key laptop");
    drop(run.says("nothing to merge"));
    let merge = merge.into_iter().chain(["--base", "base.toml"]);
    sandbox.mfa(merge).run().exits(0).says("+ key slots that the other copy added: public key laptop");
    assert!(sandbox.mfa(["vault", "keys"]).run().exits(0).text().contains("laptop"));
    sandbox.mfa(["vault", "verify"]).run().exits(0);
}

#[test]
fn account_that_is_damaged_in_the_other_copy_is_not_removed() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("bob", "unicode")]);
    let before = sandbox.vault_bytes().unwrap();
    sandbox.write("base.toml", &before);
    let theirs = sandbox.vault_text().replacen("secret = ", "type = \"motp\"\nsecret = ", 1);
    sandbox.write("theirs.toml", theirs);
    let merge = ["vault", "merge", "theirs.toml", "--base", "base.toml", "-y"];
    let run = sandbox.mfa(merge).run().exits(1).says("not merged: the account 'alice'");
    drop(run.says("could not merge with a base; nothing was changed"));
    assert_eq!(sandbox.vault_bytes().unwrap(), before);
}
