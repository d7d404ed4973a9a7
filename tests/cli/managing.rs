//! `mfa show`, `edit`, `rename`, `remove`, tags

use serde_json::json;

use crate::sandbox::Sandbox;
use crate::vectors::vector;

const ACCOUNTS: [(&str, &str); 3] = [("root", "aws"), ("alice", "plain"), ("john", "sha256-8-60")];

#[test]
fn show_tells_everything_but_the_secret() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let shown = sandbox.mfa(["show", "john"]).run().exits(0).in_silence().text();
    for line in ["name      john", "issuer    ACME Co", "algorithm SHA256", "digits    8", "period    60 s"] {
        assert!(shown.lines().any(|shown| shown == line), "no '{line}' in {shown}");
    }
    assert!(!shown.contains(&vector("sha256-8-60").secret));
    let shown = sandbox.mfa(["show", "ali", "--json"]).run().exits(0).in_silence().json();
    assert_eq!(
        shown,
        json!({"version": 1, "name": "alice", "issuer": "Example", "account": "alice@example.com",
               "type": "totp", "algorithm": "SHA1", "digits": 6, "period": 30})
    );
    sandbox.mfa(["show", "nobody"]).run().exits(3);
}

#[test]
fn edit_changes_what_is_said_and_not_the_code() {
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
fn tags_select() {
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
fn rename_keeps_the_place_the_comments_and_the_code() {
    let text = "version = 1\n\n# first\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\nnote = 1\n\n# second\n\
                [accounts.b]\nsecret = \"KRSXG5CTMVRXEZLU\"\n";
    let sandbox = Sandbox::with_vault(text);
    sandbox.mfa(["rename", "a", "z"]).run().exits(0).says("'a' is now 'z'");
    assert_eq!(sandbox.vault_text(), text.replace("accounts.a", "accounts.z"));
    sandbox.mfa(["rename", "z", "b"]).run().exits(5).hints("another name");
    sandbox.mfa(["rename", "z", "a b"]).run().exits(2);
    sandbox.mfa(["rename", "nobody", "x"]).run().exits(3);
    sandbox.mfa(["list", "--names"]).run().prints("z\nb\n");
}

#[test]
fn rename_works_for_every_way_to_write_a_record() {
    for text in [
        "version = 1\n[accounts]\na = { secret = \"JBSWY3DPEHPK3PXP\" }\nb = { secret = \"KRSXG5CTMVRXEZLU\" }\n",
        "version = 1\naccounts.a.secret = \"JBSWY3DPEHPK3PXP\"\naccounts.b.secret = \"KRSXG5CTMVRXEZLU\"\n",
        "version = 1\naccounts = { a = { secret = \"JBSWY3DPEHPK3PXP\" }, b = { secret = \"KRSXG5CTMVRXEZLU\" } }\n",
    ] {
        let sandbox = Sandbox::with_vault(text);
        let code = sandbox.mfa(["code", "a"]).run().exits(0).text();
        sandbox.mfa(["rename", "a", "c"]).run().exits(0);
        sandbox.mfa(["list", "--names"]).run().prints("c\nb\n");
        sandbox.mfa(["code", "c"]).run().exits(0).prints(&code);
        sandbox.mfa(["remove", "c", "-y"]).run().exits(0);
        sandbox.mfa(["list", "--names"]).run().prints("b\n");
    }
}

#[test]
fn remove_asks_and_says_what_it_does_not_do() {
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
fn a_damaged_record_can_be_removed() {
    let sandbox = Sandbox::with_vault(
        "version = 1\n[accounts.bad]\nsecret = 5\n[accounts.x]\nsecret = \"JBSWY3DPEHPK3PXP\"\n",
    );
    sandbox.mfa(["remove", "bad", "-y"]).run().exits(0);
    sandbox.mfa(["list", "--names"]).run().exits(0).in_silence().prints("x\n");
}

#[test]
fn of_two_keys_that_are_one_name_the_name_itself_is_used_and_each_can_be_removed() {
    let (name, apart) = ("caf\u{e9}", "cafe\u{301}");
    let record = |key: &str, id: &str| format!("[accounts.\"{key}\"]\nsecret = \"{}\"\n", vector(id).secret);
    let text = format!("version = 1\n{}{}", record(apart, "aws"), record(name, "plain"));
    for (removed, code) in [(apart, "713653\n"), (name, "596825\n")] {
        let sandbox = Sandbox::with_vault(&text);
        sandbox.mfa(["code", name]).run().exits(0).prints("713653\n");
        sandbox.mfa(["code", apart]).run().exits(1).says("another account has this name");
        sandbox.mfa(["list", "--names"]).run().says("another account has this name");
        sandbox.mfa(["remove", removed, "-y"]).run().exits(0);
        sandbox.mfa(["code", name]).run().exits(0).prints(code).in_silence();
    }
}

#[test]
fn a_record_with_an_empty_name_can_be_removed() {
    let sandbox =
        Sandbox::with_vault(&format!("version = 1\n[accounts.\"\"]\n{}", vector("plain").record("x")));
    sandbox.mfa(["list", "--names"]).run().says("the account '' cannot be used");
    sandbox.mfa(["remove", "", "-y"]).run().exits(0);
    sandbox.mfa(["list", "--names"]).run().exits(0).in_silence().prints("x\n");
    sandbox.mfa(["remove", "", "-y"]).run().says("the name is empty");
}

#[test]
fn a_name_that_an_account_has_already_is_no_change() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let before = sandbox.state();
    sandbox.mfa(["rename", "alice", "alice"]).run().exits(0).says("is called that already");
    assert_eq!(sandbox.state(), before);
}

/// With an account that the ARN of a device names
fn of_device() -> Sandbox {
    let secret = &vector("plain").secret;
    let label = "issuer = \"Amazon Web Services\"\naccount = \"bob@123456789012\"";
    Sandbox::with_vault(&format!("version = 1\n[accounts.bob]\n{label}\nsecret = \"{secret}\"\n"))
}

#[test]
fn an_arn_names_an_account_that_is_to_be_removed() {
    let sandbox = of_device();
    let arn = "arn:aws:iam::123456789012:mfa/bob";
    sandbox.mfa(["remove", arn, "bob", "-y"]).run().exits(0).says("removed 'bob';");
    sandbox.mfa(["list", "--names"]).run().prints("");
    sandbox.mfa(["remove", arn, "-y"]).run().exits(3);
}

#[test]
fn an_arn_names_an_account_that_gets_another() {
    let sandbox = of_device();
    let [one, other] = ["bob", "bob2"].map(|name| format!("arn:aws:iam::123456789012:mfa/{name}"));
    sandbox.mfa(["edit", &one, "--serial", &other]).run().exits(0).says("'bob': ");
    sandbox.mfa(["code", &other]).run().exits(0).prints("713653\n");
    sandbox.mfa(["code", &one]).run().exits(3);
}
