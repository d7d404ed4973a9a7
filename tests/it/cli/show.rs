//! `mfa show`

use serde_json::json;

use super::ACCOUNTS;
use crate::harness::{Sandbox, vector};

#[test]
fn show_prints_every_field_but_the_secret() {
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
