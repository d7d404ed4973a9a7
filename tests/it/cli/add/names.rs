//! Names of accounts: derived, given, rejected.

use super::{accounts, assert_stored, text};
use crate::harness::{Sandbox, fixture, picture, vector};

const SECRET: &str = "JBSWY3DPEHPK3PXP";

#[test]
fn name_is_derived_from_the_label() {
    for (label, name) in [
        ("Amazon%20Web%20Services:sampleDevice@123456789012", "aws-sampledevice"),
        ("Amazon%20Web%20Services:a.b@corp@123456789012", "aws-a.b@corp"),
        ("GitHub:alice@example.com", "github-alice"),
        ("alice@example.com", "alice@example.com"),
        ("ACME%20Co:john.doe%40example.org", "acme-co-john.doe"),
        ("B%C3%BCcher%20%26%20T%C3%B6ne:zo%C3%AB", "bücher-töne-zoë"),
        ("%F0%9F%A6%80:crab", "crab"),
        ("-x-:-y-", "x-y"),
        ("$(rm%20-rf%20~):`id`", "rm-rf-id"),
    ] {
        let sandbox = Sandbox::new();
        let uri = format!("otpauth://totp/{label}?secret={SECRET}");
        let run = sandbox.mfa(["add"]).stdin(uri).run();
        run.exits(0).says(&format!("stored '{name}'"));
        assert_eq!(accounts(&sandbox).keys().collect::<Vec<_>>(), [name], "{label}");
    }
}

#[test]
fn issuer_and_account_name_keep_their_text() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", text(&picture("unicode-label.png"))]).run().exits(0);
    assert_stored(&sandbox, "bücher-töne-zoë+2", vector("unicode"));
    let list = "bücher-töne-zoë+2\tBücher & Töne\tzoë+2@例え.jp\n";
    sandbox.mfa(["list"]).run().exits(0).prints(list);
}

#[test]
fn add_asks_for_a_name_if_the_source_has_no_label() {
    let seed = fixture("import/aws/root-account-mfa-device.seed");
    for arguments in [&["add", text(&seed)][..], &["add", "--qr", text(&seed)]] {
        let sandbox = Sandbox::new();
        sandbox.mfa(arguments).run().exits(2).prints("").hints("mfa add NAME");
        assert_eq!(sandbox.state(), []);
    }
    let sandbox = Sandbox::new();
    sandbox.mfa(["add"]).stdin(SECRET).run().exits(2).hints("mfa add NAME");
    sandbox.mfa(["add", "-a", "bob"]).stdin(SECRET).run().exits(0).says("stored 'bob'");
}

#[test]
fn names_of_any_script_and_length_are_stored() {
    let long = "x".repeat(64);
    for name in ["a", "हिन्दी", "+1", &long] {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", name, "-"]).stdin(SECRET).run().exits(0).says(&format!("'{name}'"));
        sandbox.mfa(["list", "--names"]).run().exits(0).prints(&format!("{name}\n"));
        sandbox.mfa(["code", "-e", name]).run().exits(0).prints("996554\n");
    }
}

#[test]
fn unsafe_name_is_rejected_without_its_escapes() {
    let long = "x".repeat(65);
    for name in ["", "a b", "\u{202e}x", "a\u{1b}b", &long] {
        let sandbox = Sandbox::new();
        let run = sandbox.mfa(["add", name, "-"]).stdin(SECRET).run().exits(2).prints("");
        assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{}", run.stderr);
        assert_eq!(sandbox.state(), [], "{name}");
    }
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "--", "-x", "-"]).stdin(SECRET).run().exits(2).says("begins with a dash").hints("64");
}

#[test]
fn single_argument_that_is_a_source_is_read() {
    let plain = vector("plain");
    for source in [text(&picture("plain-gray.png")), &plain.uri()] {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", source]).run().exits(0).says("stored 'example-alice'");
        assert_stored(&sandbox, "example-alice", plain);
    }
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "-"]).stdin(plain.uri()).run().exits(0);
    assert_stored(&sandbox, "example-alice", plain);
    // a mistyped picture must not become a name
    sandbox.mfa(["add", "qrcod.png"]).stdin(SECRET).run().exits(1).says("could not read 'qrcod.png'");
}

#[test]
fn single_argument_that_is_a_name_reads_stdin() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("github")).unwrap();
    sandbox.mfa(["add", "github"]).stdin(SECRET).run().exits(0).says("stored 'github'");
}

#[test]
fn add_detects_a_swapped_name_and_source() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["add", text(&picture("plain-gray.png")), "github"]).run();
    run.exits(2).says("the name comes first").hints("mfa add github ");
}

#[test]
fn taken_default_name_is_an_error() {
    let (plain, other) = (vector("plain"), vector("same-name-other-secret"));
    let sandbox = Sandbox::with_accounts(&[("example-alice", "plain")]);
    let before = sandbox.vault_bytes();
    sandbox.mfa(["add"]).stdin(other.uri()).run().exits(5).says("'example-alice'");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["add", "second"]).stdin(other.uri()).run().exits(0);
    assert_stored(&sandbox, "example-alice", plain);
    assert_stored(&sandbox, "second", other);
}

#[test]
fn long_name_with_a_digit_is_not_a_secret() {
    for name in ["k8s-production-cluster", "eu3-prod-root-account", "AMAZONWEBSERVICES"] {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", name]).stdin(vector("plain").uri()).run().exits(0);
        sandbox.mfa(["code", name]).run().exits(0).prints("713653\n");
    }
}
