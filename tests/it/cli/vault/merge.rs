//! `mfa vault merge`

use crate::harness::{RFC_4226, Sandbox, rfc_secret, vault_toml, vector};

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
            drop(run.says("~ h: its counter is higher in the other vault: 7").says("merged 1 of 1"));
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
fn account_under_another_name_is_not_only_here() {
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", vector("plain").record("here")));
    sandbox.write("theirs.toml", format!("version = 1\n{}", vector("plain").record("there")));
    let run = sandbox.mfa(["vault", "merge", "theirs.toml", "-y"]).run().exits(0);
    drop(run.says("nothing to merge").says_not("only in this vault"));
}

#[test]
fn other_account_with_the_same_name_is_not_only_here() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("mine", "unicode")]);
    sandbox.write("theirs.toml", vault_toml(&[("alice", "aws")]));
    let run = sandbox.mfa(["vault", "merge", "theirs.toml", "-n"]).run().exits(0);
    let run = run
        .says("+ alice-2: 'alice' is a different account in this vault")
        .says("  mine: only in this vault");
    drop(run.says_not("  alice: only here"));
}
