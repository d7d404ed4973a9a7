//! No secret, no URI and no line of the vault in any message, whatever goes wrong.

use crate::harness::{Run, Sandbox, vector};

/// Ways in which somebody types a secret where it does not belong
fn typed() -> Vec<String> {
    let aws = &vector("aws").secret;
    let grouped = |text: &str, by: &str| {
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(by)
    };
    vec![
        aws.clone(),
        aws.to_lowercase(),
        grouped(aws, " "),
        grouped(&aws.to_lowercase(), " "),
        grouped(aws, "-"),
        format!("{aws}===="),
        format!("otpauth://totp/x?secret={aws}"),
        format!("OTPAUTH://TOTP/x?secret={aws}"),
        format!("otpauth://totp/x:y?issuer=z&secret={}", aws.to_lowercase()),
    ]
}

/// The secret's letters, however they are grouped
fn tells(stderr: &str) -> bool {
    let letters: String = stderr.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_uppercase();
    let secret = &vector("aws").secret;
    // a part of it is too much already
    (0..secret.len() - 12).any(|at| letters.contains(&secret[at..at + 12]))
}

/// No run, of those with each secret between these arguments, tells it
#[track_caller]
fn keeps_quiet(before: &[&str], after: &[&str]) {
    let mut told = Vec::new();
    for text in typed() {
        for sandbox in [Sandbox::new(), Sandbox::with_rfc()] {
            let arguments = [before, &[text.as_str()], after].concat();
            told.extend(leak(sandbox.mfa(arguments).stdin("x")));
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

/// What a run told that it should not have
fn leak(run: Run) -> Option<String> {
    let outcome = run.run_unjudged();
    tells(&format!("{}{}", outcome.stderr, outcome.text())).then_some(outcome.stderr)
}

#[test]
fn a_secret_as_a_name_to_look_up_is_not_repeated() {
    keeps_quiet(&["code"], &[]);
    keeps_quiet(&["code", "-e"], &[]);
    keeps_quiet(&["next-pair"], &[]);
    keeps_quiet(&["export-qr"], &["-o", "-"]);
}

#[test]
fn a_secret_as_a_filter_is_not_repeated() {
    keeps_quiet(&["list"], &[]);
}

#[test]
fn a_secret_as_a_name_to_store_is_not_repeated() {
    keeps_quiet(&["add"], &["-"]);
    keeps_quiet(&["add"], &["missing.png"]);
}

#[test]
fn a_secret_as_a_source_is_not_repeated() {
    keeps_quiet(&["add"], &[]);
    keeps_quiet(&["add", "x"], &[]);
    keeps_quiet(&["code", "--from"], &[]);
}

#[test]
fn a_secret_as_an_explicit_source_is_not_repeated() {
    keeps_quiet(&["add", "x", "--qr"], &[]);
    keeps_quiet(&["add", "x", "--uri"], &["--digits", "9"]);
}

#[test]
fn a_secret_as_an_argument_too_many_is_not_repeated() {
    keeps_quiet(&["add", "x", "-"], &[]);
    keeps_quiet(&["code", "rfc"], &[]);
    keeps_quiet(&["list", "rfc"], &[]);
    keeps_quiet(&[], &[]);
    keeps_quiet(&["code", "rfc", "--sekret"], &[]);
}

#[test]
fn a_secret_as_the_value_of_an_option_is_not_repeated() {
    for option in ["--algorithm", "--digits", "--period", "--serial", "--pick"] {
        keeps_quiet(&["add", "x", option], &[]);
    }
    keeps_quiet(&["code", "rfc", "--min-remaining"], &[]);
    keeps_quiet(&["next-pair", "rfc", "-F"], &[]);
    keeps_quiet(&["export-qr", "rfc", "--type"], &[]);
}

#[test]
fn a_secret_as_a_time_is_not_repeated() {
    keeps_quiet(&["code", "rfc", "--at"], &[]);
}

#[test]
fn a_secret_behind_an_equals_sign_is_not_repeated() {
    let mut told = Vec::new();
    for text in typed() {
        for option in ["--secret", "--serial", "--uri", "--qr", "--at", "--algorithm"] {
            let sandbox = Sandbox::new();
            told.extend(leak(sandbox.mfa(["add", "x", &format!("{option}={text}")]).stdin("x")));
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn a_broken_uri_is_not_repeated() {
    let secret = &vector("aws").secret;
    let mut told = Vec::new();
    for uri in [
        format!("otpauth://secret={secret}"),
        format!("otpauth://{secret}"),
        format!("otpauth://totp/{secret}"),
        format!("otpauth://totp/x?{secret}"),
        format!("otpauth://totp/x?secret=1&algorithm={secret}"),
        format!("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits={secret}"),
        format!("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period={secret}"),
        format!("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm={secret}"),
        format!("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&secret={secret}"),
        format!("otpauth://hotp/x?secret={secret}&counter=1"),
        format!("otpauth-migration://offline?data={secret}"),
        format!("steam://{secret}"),
        format!("{{\"VirtualMFADevice\":{{\"SerialNumber\":\"{secret}\"}}}}"),
        format!("{secret}0"),
        format!("{secret}\n{secret}!"),
    ] {
        told.extend(leak(Sandbox::new().mfa(["add", "x", "--digits", "6"]).stdin(&uri)));
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn a_damaged_vault_is_not_repeated() {
    let secret = &vector("aws").secret;
    let mut told = Vec::new();
    for vault in [
        format!("version = 1\n[accounts.a]\nsecret = \"{secret}\n"),
        format!("version = 1\n[accounts.a]\nsecret = {secret}\n"),
        format!("{secret}\n"),
        format!("version = \"{secret}\"\n"),
        format!("version = 1\naccounts = \"{secret}\"\n"),
        format!("version = 1\n[accounts.a]\nsecret = \"{secret}\"\nsecret = \"{secret}\"\n"),
        format!("version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\nalgorithm = \"{secret}\"\n"),
        format!("version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\ntype = \"{secret}\"\n"),
        format!("version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\nserial = \"{secret}\"\n"),
        format!("version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\ndigits = \"{secret}\"\n"),
        format!("version = 1\n[accounts]\na = \"{secret}\"\n"),
        format!("version = 1\n[accounts.a]\nsecret = \"{secret}0\"\n"),
    ] {
        let sandbox = Sandbox::with_vault(&vault);
        for arguments in [&["list"][..], &["code", "a"], &["add", "a", "-f"], &["export-qr", "a", "-o", "-"]]
        {
            told.extend(leak(sandbox.mfa(arguments).stdin("JBSWY3DP")));
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn a_key_that_was_pasted_with_its_blanks_is_not_repeated() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["add", "github", "NUTC", "G65Y", "NFAS", "DGBA"]).run().exits(2);
    assert!(!run.stderr.contains("NFAS") && !run.stderr.contains("G65Y"), "{}", run.stderr);
}

#[test]
fn a_bare_key_is_refused_where_a_uri_belongs() {
    let sandbox = Sandbox::new();
    sandbox
        .mfa(["add", "x", "--uri", &vector("aws").secret])
        .run()
        .exits(2)
        .says("--uri takes an otpauth URI");
    assert_eq!(sandbox.vault_bytes(), None);
}
