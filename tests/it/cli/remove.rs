//! `mfa remove`

use super::{ACCOUNTS, with_device};
use crate::harness::{Sandbox, vector};

#[test]
fn remove_asks_and_explains_its_limits() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let before = sandbox.vault_bytes();
    sandbox.mfa(["remove", "alice"]).run().exits(2).hints("-y");
    sandbox.mfa(["remove", "alice", "nobody", "-y"]).run().exits(3);
    sandbox.mfa(["remove", "ali", "-y"]).run().exits(3);
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox
        .mfa(["remove", "alice", "john", "-y"])
        .run()
        .exits(0)
        .says("'alice': Example, alice@example.com")
        .says("does not turn MFA off");
    sandbox.mfa(["list", "--names"]).run().prints("root\n");
}

#[test]
fn damaged_record_can_be_removed() {
    let sandbox = Sandbox::with_vault(
        "version = 1\n[accounts.bad]\nsecret = 5\n[accounts.x]\nsecret = \"JBSWY3DPEHPK3PXP\"\n",
    );
    sandbox.mfa(["remove", "bad", "-y"]).run().exits(0);
    sandbox.mfa(["list", "--names"]).run().exits(0).in_silence().prints("x\n");
}

#[test]
fn duplicate_names_can_each_be_removed() {
    let (name, apart) = ("caf\u{e9}", "cafe\u{301}");
    let record = |key: &str, id: &str| format!("[accounts.\"{key}\"]\nsecret = \"{}\"\n", vector(id).secret);
    let text = format!("version = 1\n{}{}", record(apart, "aws"), record(name, "plain"));
    for (removed, code) in [(apart, "713653\n"), (name, "596825\n")] {
        let sandbox = Sandbox::with_vault(&text);
        sandbox.mfa(["code", name]).run().exits(0).prints("713653\n");
        sandbox.mfa(["code", apart]).run().exits(1).says("another account has the same name");
        sandbox.mfa(["list", "--names"]).run().says("another account has the same name");
        sandbox.mfa(["remove", removed, "-y"]).run().exits(0);
        sandbox.mfa(["code", name]).run().exits(0).prints(code).in_silence();
    }
}

#[test]
fn record_with_an_empty_name_can_be_removed() {
    let sandbox =
        Sandbox::with_vault(&format!("version = 1\n[accounts.\"\"]\n{}", vector("plain").record("x")));
    sandbox.mfa(["list", "--names"]).run().says("the account '' cannot be used");
    sandbox.mfa(["remove", "", "-y"]).run().exits(0);
    sandbox.mfa(["list", "--names"]).run().exits(0).in_silence().prints("x\n");
    sandbox.mfa(["remove", "", "-y"]).run().says("the name is empty");
}

#[test]
fn remove_finds_an_account_by_its_arn() {
    let sandbox = with_device();
    let arn = "arn:aws:iam::123456789012:mfa/bob";
    sandbox.mfa(["remove", arn, "bob", "-y"]).run().exits(0).says("removed 'bob';");
    sandbox.mfa(["list", "--names"]).run().prints("");
    sandbox.mfa(["remove", arn, "-y"]).run().exits(3);
}
