//! `mfa vault verify`

use crate::harness::{alice, restrict, tampered, vector};

/// Returns the line that `vault verify` prints for a finding of the format.
fn line(finding: &str) -> String {
    let (kind, name) = finding.split_once(' ').unwrap_or((finding, ""));
    match kind {
        "record-edited" => format!("the account '{name}' was edited"),
        "record-missing" => format!("the account '{name}' was removed"),
        "record-added" => format!("the account '{name}' was added"),
        "records-moved" => "the accounts were reordered".to_owned(),
        "file-edited" => {
            "a key slot, the header, or the MAC of an account was edited, or comes from another time \
                          or another vault"
                .to_owned()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn every_finding_is_printed() {
    for vector in tampered() {
        let sandbox = vector.sandbox();
        let run = sandbox.mfa(["vault", "verify"]).run().exits(1);
        let text = run.text();
        let is_finding = |line: &&str| !line.contains("cannot be used") && !line.contains("': generation ");
        let mut found: Vec<&str> = text.lines().filter(is_finding).collect();
        // its names are hidden, and can be decrypted
        let shown = |line: String| match vector.file.as_str() {
            "bad-record-generation.toml" => "the account 'aws-root' was edited".to_owned(),
            _ => line,
        };
        let mut expected: Vec<String> = vector.findings.iter().map(|finding| shown(line(finding))).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", vector.file);
        for name in &vector.does_not_open {
            assert!(
                text.contains(&format!("the account '{name}' cannot be used: its encrypted field")),
                "{text}"
            );
        }
    }
}

#[test]
fn highest_generation_is_reported() {
    let sandbox = alice();
    let generation = |from: &str, to: &str| {
        let text =
            sandbox.vault_text().replacen(&format!("generation = {from}"), &format!("generation = {to}"), 1);
        sandbox.write_vault(text.as_bytes());
    };
    let highest = i64::MAX.to_string();
    generation("1", &highest);
    let accept = || sandbox.mfa(["vault", "verify", "--accept", "-y"]).run();
    accept().exits(1).says("the highest possible 'vault.generation'").hints("lower the generation");
    generation(&highest, "1");
    accept().exits(0);
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
}

#[test]
fn accept_authenticates_the_printed_findings() {
    let sandbox = alice();
    sandbox.mfa(["vault", "verify", "-y"]).run().exits(2);
    sandbox.mfa(["vault", "verify", "--accept"]).run().exits(0).says("the vault is intact");
    let text = sandbox.vault_text();
    sandbox.write_vault(text.replace("issuer = \"Example\"", "issuer = \"Exampel\"").as_bytes());
    restrict(&sandbox.vault());
    sandbox
        .mfa(["vault", "verify", "--accept"])
        .run()
        .exits(2)
        .prints("the account 'alice' was edited\n")
        .hints("-y");
}
