//! Options of `add`: selection, overrides, verification, output.

use serde_json::json;

use super::{accounts, assert_stored, text};
use crate::harness::{RFC_4226, Sandbox, Vector, picture, rfc_secret, vector};

const ARN: &str = "arn:aws:iam::123456789012:mfa/team/ops";

fn two_codes() -> String {
    text(&picture("two-codes.png")).to_owned()
}

#[test]
fn add_of_several_accounts_needs_pick_or_all() {
    let sandbox = Sandbox::new();
    for name in [&["add", &two_codes()][..], &["add", "x", &two_codes()]] {
        let run = sandbox.mfa(name).run().exits(2).prints("");
        run.says("2 accounts in")
            .says("Example:alice@example.com")
            .says("ACME Co:john.doe@example.org")
            .hints("--all");
    }
    assert_eq!(sandbox.state(), []);
}

#[test]
fn pick_selects_the_account_by_its_listed_number() {
    let listed = Sandbox::new().mfa(["add", &two_codes()]).run().exits(2).stderr;
    let first_is_alice = listed.find("alice").unwrap() < listed.find("john").unwrap();
    let numbers = if first_is_alice { ["1", "2"] } else { ["2", "1"] };
    for (number, id) in numbers.iter().zip(["plain", "sha256-8-60"]) {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", "it", &two_codes(), "--pick", number]).run().exits(0);
        assert_stored(&sandbox, "it", vector(id));
        assert_eq!(accounts(&sandbox).len(), 1);
    }
    let sandbox = Sandbox::new();
    for number in ["0", "3", "-1", "x", ""] {
        sandbox.mfa(["add", &two_codes(), &format!("--pick={number}")]).run().exits(2).prints("");
    }
    assert_eq!(sandbox.state(), []);
}

#[test]
fn all_stores_every_account_of_any_source() {
    let bytes = std::fs::read(picture("two-codes.png")).unwrap();
    for arguments in [
        &["add", "--all", "--qr", &two_codes()][..],
        &["add", "--all"],
        &["add", "--all", &two_codes()],
        &["add", "--all", "-"],
    ] {
        let sandbox = Sandbox::new();
        sandbox
            .mfa(arguments)
            .stdin(&bytes)
            .run()
            .exits(0)
            .says("'example-alice'")
            .says("'acme-co-john.doe'");
        assert_stored(&sandbox, "example-alice", vector("plain"));
        assert_stored(&sandbox, "acme-co-john.doe", vector("sha256-8-60"));
    }
}

#[test]
fn all_appends_a_number_to_a_taken_name() {
    let sandbox = Sandbox::with_accounts(&[("example-alice", "same-name-other-secret")]);
    sandbox.mfa(["add", "--all", "--qr", &two_codes()]).run().exits(0).says("stored 'example-alice-2'");
    assert_stored(&sandbox, "example-alice", vector("same-name-other-secret"));
    assert_stored(&sandbox, "example-alice-2", vector("plain"));
    let before = sandbox.state();
    let again = sandbox.mfa(["add", "--all", "--qr", &two_codes()]).run().exits(0);
    again.says("already stored 'example-alice-2'").says("already stored 'acme-co-john.doe'");
    assert_eq!(sandbox.state(), before, "identical accounts are never doubled");
}

#[test]
fn all_keeps_every_account_of_its_source() {
    let lines = format!("{}\n{}\n", vector("plain").uri(), vector("same-name-other-secret").uri());
    for arguments in [&["add", "--all"][..], &["add", "--all", "--force"]] {
        let sandbox = Sandbox::new();
        sandbox.mfa(arguments).stdin(&lines).run().exits(0);
        assert_eq!(accounts(&sandbox).len(), 2, "{arguments:?}: {}", sandbox.vault_text());
    }
}

#[test]
fn all_stores_every_account_or_writes_nothing() {
    let lines = format!("{}\notpauth://totp/b?secret=1\n", vector("plain").uri());
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "--all"]).stdin(lines).run().exits(1).says("line 2");
    assert_eq!(sandbox.state(), []);
}

#[test]
fn verify_stores_only_an_account_that_matches() {
    let secret = rfc_secret(20);
    // at 89 s, the end of step 2: the device may be a step behind or ahead
    for code in &RFC_4226[1..=3] {
        let sandbox = Sandbox::new();
        let run = sandbox.mfa(["add", "rfc", "--verify", code]).at("89").stdin(&secret).run();
        run.exits(0).says("stored 'rfc'");
    }
    for code in [RFC_4226[0], RFC_4226[4], "000000", "", "359", "3591520"] {
        let sandbox = Sandbox::new();
        let run = sandbox.mfa(["add", "rfc", "--verify", code]).at("89").stdin(&secret).run();
        run.exits(7).prints("").says("does not match").hints("clock");
        assert_eq!(sandbox.state(), [], "{code}");
    }
    let blank = Sandbox::new().mfa(["add", "rfc", "--verify", "359 152"]).at("89").stdin(&secret).run();
    blank.exits(0);
    // read as `mfa verify` does: Steam's letters in either case
    let steam = vector("steam");
    let code = steam.at("59").to_lowercase();
    assert_ne!(code, steam.at("59"));
    Sandbox::new().mfa(["add", "s", "-", "--verify", &code]).stdin(steam.uri()).run().exits(0);
}

#[test]
fn serial_is_stored_and_finds_the_account() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "ops", "--serial", ARN]).stdin(&vector("plain").secret).run().exits(0);
    assert_eq!(accounts(&sandbox)["ops"]["serial"].as_str(), Some(ARN));
    sandbox.mfa(["code", ARN]).run().exits(0).prints("713653\n");
    for wrong in ["", "ops", "GAHT12345678", "arn:aws:iam::1:mfa/x", "arn:aws:iam::123456789012:user/x"] {
        let sandbox = Sandbox::new();
        let run = sandbox.mfa(["add", "ops", &format!("--serial={wrong}")]).stdin("").run();
        run.exits(2).says("--serial");
    }
}

#[test]
fn options_override_fields_of_the_source() {
    let plain = vector("plain");
    let sandbox = Sandbox::new();
    let arguments =
        ["add", "x", "-i", "My Bank", "-a", "me", "--digits", "8", "--period", "60", "--algorithm", "sha256"];
    sandbox.mfa(arguments).stdin(plain.uri()).run().exits(0).says("My Bank, me, 8 digits, 60 s, SHA256");
    let account = &accounts(&sandbox)["x"];
    assert_eq!((account["issuer"].as_str(), account["account"].as_str()), (Some("My Bank"), Some("me")));
    assert_eq!((account["digits"].as_integer(), account["period"].as_integer()), (Some(8), Some(60)));
    assert_eq!(account["algorithm"].as_str(), Some("SHA256"));

    // the independent vector again, from its bare secret
    let vector = vector("sha256-8-60");
    let bare = Vector { issuer: String::new(), name: String::new(), ..vector.clone() };
    let sandbox = Sandbox::new();
    let arguments = ["add", "x", "--digits=8", "--period=60", "--algorithm=SHA256"];
    sandbox.mfa(arguments).stdin(&vector.secret).run().exits(0);
    assert_stored(&sandbox, "x", &bare);
}

#[test]
fn options_out_of_range_are_wrong_usage() {
    let sandbox = Sandbox::new();
    for option in [
        "--digits=5",
        "--digits=9",
        "--digits=x",
        "--digits=",
        "--period=0",
        "--period=86401",
        "--period=-1",
        "--algorithm=MD5",
        "--algorithm=",
        "--issuer=a\u{1b}b",
        "--account=a\u{202e}b",
        "--secret=x",
        "--pick",
    ] {
        let run = sandbox.mfa(["add", "x", option]).stdin(&vector("plain").secret).run();
        run.exits(2).prints("");
    }
    for both in [["--pick=1", "--all"], ["--qr=x", "--uri=x"], ["--all", "--verify=1"]] {
        sandbox.mfa([&["add"][..], &both].concat()).run().exits(2).prints("");
    }
    assert_eq!(sandbox.state(), []);
}

#[test]
fn dry_run_reports_and_writes_nothing() {
    let sandbox = Sandbox::new();
    let vault = sandbox.path("new/folder/vault.toml");
    for option in ["-n", "--dry-run"] {
        let run =
            sandbox.mfa(["add", "x", option]).env("MFA_VAULT", &vault).stdin(vector("plain").uri()).run();
        run.exits(0).prints("").says("would store 'x'").says_not("next:");
        assert_eq!(sandbox.state(), [], "no vault, no folder, no lock");
    }
    let sandbox = Sandbox::with_accounts(&[("x", "aws")]);
    let before = sandbox.state();
    sandbox.mfa(["add", "x", "-n"]).stdin(vector("plain").uri()).run().exits(5);
    sandbox.mfa(["add", "x", "-nf"]).stdin(vector("plain").uri()).run().exits(0).says("would replace 'x'");
    sandbox.mfa(["add", "x", "-n"]).stdin(vector("aws").uri()).run().exits(0).says("already stored");
    sandbox.mfa(["add", "x", "-nf", "--verify", "000000"]).stdin(vector("aws").uri()).run().exits(7);
    assert_eq!(sandbox.state(), before);
}

#[test]
fn json_shows_the_stored_account_without_its_secret() {
    let sandbox = Sandbox::new();
    let add = |content: String| {
        sandbox.mfa(["add", "x", "-j", "-f", "--serial", ARN]).stdin(content).run().exits(0)
    };
    for (id, outcome) in [("plain", "stored"), ("plain", "known"), ("same-name-other-secret", "replaced")] {
        let run = add(vector(id).uri());
        let account = json!({
            "name": "x", "issuer": "Example", "account": "alice@example.com", "serial": ARN,
            "type": "totp", "algorithm": "SHA1", "digits": 6, "period": 30, "outcome": outcome,
        });
        assert_eq!(run.json(), json!({ "version": 1, "accounts": [account] }));
        assert!(!run.text().contains(&vector(id).secret));
    }
    sandbox.mfa(["add", "x", "-j"]).stdin(vector("aws").uri()).run().exits(5).prints("");
}
