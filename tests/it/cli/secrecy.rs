//! No message contains a secret, a URI or a line of the vault.

use crate::harness::{Run, Sandbox, vector};

/// Returns command lines with a secret typed in the wrong place.
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

/// Returns whether a text has the letters of the secret, in any grouping.
fn contains_secret(stderr: &str) -> bool {
    let letters: String = stderr.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_uppercase();
    let secret = &vector("aws").secret;
    // a part of it would be too much already
    (0..secret.len() - 12).any(|at| letters.contains(&secret[at..at + 12]))
}

/// Checks that no run with a secret between these arguments prints it.
#[track_caller]
fn assert_not_repeated(before: &[&str], after: &[&str]) {
    let mut leaks = Vec::new();
    for text in typed() {
        for sandbox in [Sandbox::new(), Sandbox::with_rfc()] {
            let arguments = [before, &[text.as_str()], after].concat();
            leaks.extend(leak(sandbox.mfa(arguments).stdin("x")));
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// Returns the output that contains a secret, if there is one.
fn leak(run: Run) -> Option<String> {
    let outcome = run.run_unchecked();
    contains_secret(&format!("{}{}", outcome.stderr, outcome.text())).then_some(outcome.stderr)
}

#[test]
fn secret_as_a_name_to_look_up_is_not_repeated() {
    assert_not_repeated(&["code"], &[]);
    assert_not_repeated(&["code", "-e"], &[]);
    assert_not_repeated(&["next-pair"], &[]);
    assert_not_repeated(&["export-qr"], &["-o", "-"]);
}

#[test]
fn secret_as_a_filter_is_not_repeated() {
    assert_not_repeated(&["list"], &[]);
}

#[test]
fn secret_as_a_name_to_store_is_not_repeated() {
    assert_not_repeated(&["add"], &["-"]);
    assert_not_repeated(&["add"], &["missing.png"]);
}

#[test]
fn secret_as_a_source_is_not_repeated() {
    assert_not_repeated(&["add"], &[]);
    assert_not_repeated(&["add", "x"], &[]);
    assert_not_repeated(&["code", "--from"], &[]);
}

#[test]
fn secret_as_an_explicit_source_is_not_repeated() {
    assert_not_repeated(&["add", "x", "--qr"], &[]);
    assert_not_repeated(&["add", "x", "--uri"], &["--digits", "9"]);
}

#[test]
fn secret_as_an_extra_argument_is_not_repeated() {
    assert_not_repeated(&["add", "x", "-"], &[]);
    assert_not_repeated(&["code", "rfc"], &[]);
    assert_not_repeated(&["list", "rfc"], &[]);
    assert_not_repeated(&[], &[]);
    assert_not_repeated(&["code", "rfc", "--sekret"], &[]);
}

#[test]
fn secret_as_an_option_value_is_not_repeated() {
    for option in ["--algorithm", "--digits", "--period", "--serial", "--pick"] {
        assert_not_repeated(&["add", "x", option], &[]);
    }
    assert_not_repeated(&["code", "rfc", "--min-remaining"], &[]);
    assert_not_repeated(&["next-pair", "rfc", "-F"], &[]);
    assert_not_repeated(&["export-qr", "rfc", "--type"], &[]);
}

#[test]
fn secret_as_a_time_is_not_repeated() {
    assert_not_repeated(&["code", "rfc", "--at"], &[]);
}

#[test]
fn secret_behind_an_equals_sign_is_not_repeated() {
    let mut leaks = Vec::new();
    for text in typed() {
        for option in ["--secret", "--serial", "--uri", "--qr", "--at", "--algorithm"] {
            let sandbox = Sandbox::new();
            leaks.extend(leak(sandbox.mfa(["add", "x", &format!("{option}={text}")]).stdin("x")));
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn malformed_uri_is_not_repeated() {
    let secret = &vector("aws").secret;
    let mut leaks = Vec::new();
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
        leaks.extend(leak(Sandbox::new().mfa(["add", "x", "--digits", "6"]).stdin(&uri)));
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn damaged_vault_is_not_repeated() {
    let secret = &vector("aws").secret;
    let mut leaks = Vec::new();
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
            leaks.extend(leak(sandbox.mfa(arguments).stdin("JBSWY3DP")));
        }
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[test]
fn secret_pasted_with_blanks_is_not_repeated() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["add", "github", "NUTC", "G65Y", "NFAS", "DGBA"]).run().exits(2);
    assert!(!run.stderr.contains("NFAS") && !run.stderr.contains("G65Y"), "{}", run.stderr);
}

#[test]
fn bare_secret_is_rejected_as_a_uri() {
    let sandbox = Sandbox::new();
    sandbox
        .mfa(["add", "x", "--uri", &vector("aws").secret])
        .run()
        .exits(2)
        .says("--uri takes an otpauth URI");
    assert_eq!(sandbox.vault_bytes(), None);
}
