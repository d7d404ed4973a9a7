//! `mfa edit`, and the tags that it sets.

use super::{ACCOUNTS, with_device};
use crate::harness::{Sandbox, vector};

#[test]
fn edit_changes_the_given_fields_and_not_the_code() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox
        .mfa(["edit", "alice", "-i", "GitHub", "--tag", "work", "--tag", "dev"])
        .run()
        .exits(0)
        .says("'alice': GitHub, alice@example.com, #work, #dev");
    sandbox.mfa(["edit", "alice", "--untag", "dev", "-a", ""]).run().exits(0);
    let text = sandbox.vault_text();
    assert!(text.contains("issuer = \"GitHub\"") && text.contains("tags = [\"work\"]"), "{text}");
    assert!(!text.contains("alice@example.com"), "{text}");
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n");
    let serial = "arn:aws:iam::123456789012:mfa/x";
    sandbox.mfa(["edit", "alice", "--serial", serial]).run().exits(0);
    sandbox.mfa(["code", serial]).run().exits(0).prints("713653\n");
    let before = sandbox.vault_bytes();
    sandbox.mfa(["edit", "alice", "--serial", "arn:wrong"]).run().exits(2);
    sandbox.mfa(["edit", "alice"]).run().exits(2).hints("--issuer");
    sandbox.mfa(["edit", "ali", "-i", "x"]).run().exits(3);
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn list_selects_by_tag() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    sandbox.mfa(["edit", "alice", "--tag", "a", "--tag", "b"]).run().exits(0);
    sandbox.mfa(["edit", "john", "--tag", "a"]).run().exits(0);
    sandbox.mfa(["list", "--names", "--tag", "a"]).run().exits(0).prints("alice\njohn\n");
    sandbox.mfa(["list", "--names", "--tag", "a", "--tag", "b"]).run().exits(0).prints("alice\n");
    sandbox.mfa(["add", "new", "-", "--tag", "c"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["list", "--names", "--tag", "c"]).run().exits(0).prints("new\n");
    sandbox.mfa(["add", "new", "-", "--force"]).stdin(vector("plain").uri()).run().exits(0);
    sandbox.mfa(["list", "--names", "--tag", "c"]).run().exits(0).prints("new\n");
}

#[test]
fn edit_by_arn_can_change_the_arn() {
    let sandbox = with_device();
    let [one, other] = ["bob", "bob2"].map(|name| format!("arn:aws:iam::123456789012:mfa/{name}"));
    sandbox.mfa(["edit", &one, "--serial", &other]).run().exits(0).says("'bob': ");
    sandbox.mfa(["code", &other]).run().exits(0).prints("713653\n");
    sandbox.mfa(["code", &one]).run().exits(3);
}
