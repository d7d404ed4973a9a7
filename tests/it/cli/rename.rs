//! `mfa rename`

use super::ACCOUNTS;
use crate::harness::Sandbox;

#[test]
fn rename_keeps_position_comments_and_code() {
    let text = "version = 1\n\n# first\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\nremark = 1\n\n# second\n\
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
fn rename_works_for_every_form_of_a_record() {
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
fn rename_to_the_same_name_changes_nothing() {
    let sandbox = Sandbox::with_accounts(&ACCOUNTS);
    let before = sandbox.state();
    sandbox.mfa(["rename", "alice", "alice"]).run().exits(0).says("already has that name");
    assert_eq!(sandbox.state(), before);
}
