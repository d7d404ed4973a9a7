//! `mfa vault verify`

use crate::harness::{alice, restrict, tampered, vector};

/// Returns the line that `vault verify` prints for a finding of the format.
fn line(finding: &str) -> String {
    let (kind, name) = finding.split_once(' ').unwrap_or((finding, ""));
    match kind {
        "entry-edited" => format!("the account '{name}' was edited"),
        "entry-missing" => format!("the account '{name}' was removed"),
        "entry-added" => format!("the account '{name}' was added without the key"),
        "entry-added-with-key" => format!("the account '{name}' was added by a copy of this vault"),
        "entries-moved" => "the accounts were reordered".to_owned(),
        "entries-mixed" => "an account was rolled back to an older state".to_owned(),
        "list-edited" => "the list of accounts was edited".to_owned(),
        "slots-changed" => "a key slot was added, removed or edited".to_owned(),
        "generation-edited" => "the generation was edited".to_owned(),
        "head-edited" => "a field outside the accounts was edited".to_owned(),
        "marks-edited" => "only the section marks were edited".to_owned(),
        "mac-edited" => "the MAC was edited, or parts of the file are from different times".to_owned(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_finding_is_printed() {
    for vector in tampered() {
        let sandbox = vector.sandbox();
        let run = sandbox.mfa(["vault", "verify"]).run().exits(1);
        let text = run.text();
        let of_a_secret =
            |line: &&str| line.contains(" cannot be decrypted: ") || line.contains("cannot be used");
        let mut found: Vec<&str> = text.lines().filter(|line| !of_a_secret(line)).collect();
        let mut expected: Vec<String> = vector.findings.iter().map(|finding| line(finding)).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", vector.file);
        for name in &vector.does_not_open {
            assert!(text.contains(&format!("the secret of '{name}' cannot be decrypted")), "{text}");
        }
    }
}

#[test]
fn highest_generation_is_reported() {
    let sandbox = alice();
    let generation = |from: &str, to: &str| {
        let text =
            sandbox.vault_text().replace(&format!("generation = {from}"), &format!("generation = {to}"));
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
