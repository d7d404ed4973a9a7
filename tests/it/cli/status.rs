//! `mfa status`

use super::unlock::UnlockedVault;
use crate::harness::{Sandbox, alice};

#[test]
fn status_of_a_plain_text_vault_needs_no_key() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let text = sandbox.mfa(["status"]).run().exits(0).in_silence().text();
    for line in
        ["accounts    1\n", "encryption  plain text\n", "state       no key needed\n", "changed     20"]
    {
        assert!(text.contains(line), "{line}: {text}");
    }
    let json = sandbox.mfa(["status", "-j"]).run().exits(0).in_silence().text();
    assert!(
        json.contains(
            r#""accounts":1,"encrypted":false,"names_hidden":false,"unlocked":true,"unlocked_until":null"#
        ),
        "{json}"
    );
}

#[test]
fn status_of_an_encrypted_vault_is_6_until_it_is_unlocked() {
    let locked = alice();
    let before = locked.state();
    let run = locked.mfa(["status"]).locked().run().exits(6).says("the vault is locked").hints("mfa unlock");
    assert!(run.text().contains("state       locked\n"), "{}", run.text());
    let json = locked.mfa(["status", "-j"]).locked().run().exits(6).text();
    assert!(
        json.contains(r#""encrypted":true,"names_hidden":false,"unlocked":false,"unlocked_until":null"#),
        "{json}"
    );
    assert_eq!(locked.state(), before);
    let open = UnlockedVault::with(&[]);
    let text = open.0.mfa(["status"]).locked().run().exits(0).in_silence().text();
    assert!(text.contains("state       unlocked until 20"), "{text}");
}

#[test]
fn status_without_a_vault_says_so() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["status"]).run().exits(0).says("'mfa add' stores the first account");
    assert!(run.text().contains("changed     never\n"), "{}", run.text());
}
