//! Secrets on the disk and in messages after the vault is encrypted: none remain.

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};

use crate::harness::{CAT, Sandbox, fixture, public_key, totp, vault_toml, vector};

/// Returns the forms in which a file could hold a secret: its bytes, and their encodings.
fn shapes(secret: &str) -> Vec<Vec<u8>> {
    let bytes = BASE32_NOPAD.decode(secret.as_bytes()).expect("it is Base32");
    let mut shapes = vec![bytes.clone(), secret.as_bytes().to_vec(), HEXLOWER.encode(&bytes).into_bytes()];
    // Base64 of a text that contains it at any offset, without the ends
    for before in 0..3 {
        let shifted = [&vec![0; before][..], &bytes].concat();
        for encoded in [BASE64_NOPAD.encode(&shifted), BASE64URL_NOPAD.encode(&shifted)] {
            let inner = &encoded[4..encoded.len() - 4];
            shapes.push(inner.as_bytes().to_vec());
        }
    }
    shapes
}

/// Returns every file of the sandbox that holds one of the secrets.
fn files_with_a_secret(sandbox: &Sandbox, secrets: &[&str]) -> Vec<String> {
    let mut telling = Vec::new();
    for (path, bytes, _) in sandbox.state() {
        let Some(bytes) = bytes else { continue };
        for secret in secrets {
            for shape in shapes(secret) {
                let lower = bytes.to_ascii_lowercase();
                let folded = shape.to_ascii_lowercase();
                // encodings count in either case
                let found = lower.windows(folded.len()).any(|part| part == folded);
                if found {
                    telling.push(format!("{}: {}", path.display(), secret));
                }
            }
        }
    }
    telling
}

/// Returns a vault with a backup and with temporary files that a killed process has left.
fn with_history(secrets: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new().with_identity();
    for (number, secret) in secrets.iter().enumerate() {
        sandbox.mfa(["add", &format!("n{number}"), "-"]).stdin(secret).run().exits(0);
    }
    for name in [".vault.toml.new", ".vault.toml.bak.new"] {
        sandbox.write(name, &sandbox.vault_text()[..150]);
    }
    assert!(!files_with_a_secret(&sandbox, secrets).is_empty());
    sandbox
}

fn secrets() -> Vec<&'static str> {
    totp().map(|vector| vector.secret.as_str()).filter(|secret| secret.len() >= 16).collect()
}

#[test]
fn no_file_holds_a_secret_after_encryption() {
    let secrets = secrets();
    let key = public_key();
    let sandbox = with_history(&secrets);
    sandbox.mfa(["vault", "encrypt", "-r", &key]).run().exits(0);
    assert_eq!(files_with_a_secret(&sandbox, &secrets), <[String; 0]>::default());
    sandbox.mfa(["add", "more"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["list", "--codes"]).run().exits(0);
    sandbox.mfa(["add", "n0", "-f"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["vault", "rekey", "-r", &key]).run().exits(0);
    sandbox.mfa(["vault", "keys", "add", "-r", &key]).run().exits(0);
    assert_eq!(files_with_a_secret(&sandbox, &secrets), <[String; 0]>::default());
}

#[test]
fn killed_encryption_leaves_a_plain_or_an_encrypted_vault() {
    let secrets = [vector("plain").secret.as_str()];
    for number in 0..40 {
        let sandbox = Sandbox::new().with_identity();
        sandbox.write_vault(vault_toml(&[("alice", "plain")]).as_bytes());
        let mut child = sandbox.encrypt().command().stderr(std::process::Stdio::null()).spawn().unwrap();
        let end = std::time::Instant::now() + std::time::Duration::from_micros(number * 500);
        while std::time::Instant::now() < end {
            std::hint::spin_loop();
        }
        let _ = child.kill();
        child.wait().unwrap();
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        if sandbox.vault_text().contains("version = 3") {
            let telling = files_with_a_secret(&sandbox, &secrets);
            assert!(telling.is_empty(), "{telling:?}");
        } else {
            sandbox.encrypt().run().exits(0);
            assert!(files_with_a_secret(&sandbox, &secrets).is_empty());
        }
    }
}

/// Finds the pinned state below `HOME`.
#[cfg(unix)]
#[test]
fn pinned_state_holds_no_secret() {
    let sandbox = crate::harness::alice();
    let state = sandbox.state();
    let remembered: Vec<_> =
        state.iter().filter(|(path, ..)| path.extension() == Some("json".as_ref())).collect();
    let [(path, Some(bytes), _)] = &remembered[..] else { panic!("{remembered:?}") };
    assert!(path.starts_with(sandbox.path("home")), "{}", path.display());
    let known: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    let keys: Vec<_> = known.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "fingerprint", "generation"]);
    assert_eq!(mode(path), 0o600);
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn no_command_prints_a_passphrase_or_a_key() {
    let words = "Zwiebelfisch quarzt 42";
    let key = std::fs::read_to_string(fixture("sealed/age-key.txt")).unwrap();
    let private = key.lines().last().unwrap();
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    sandbox.write("words", words);
    let public = public_key();
    let command = format!("{CAT} words");
    let ways =
        [("MFA_PASSPHRASE_FILE", "words"), ("MFA_IDENTITY", "key"), ("MFA_PASSPHRASE_COMMAND", &command)];
    sandbox.write("key", &key);
    let commands = [
        &["vault", "encrypt", "-r", &public][..],
        &["vault", "keys", "add", "--new-passphrase-file", "words"],
        &["code", "alice"],
        &["list", "--codes"],
        &["vault", "verify"],
        &["vault", "keys"],
        &["add", "new"],
        &["vault", "passwd", "--new-passphrase-file", "words"],
        &["unlock", "--for", "1m"],
        &["lock"],
        &["vault", "rekey", "-r", &public],
        &["vault", "rekey"],
        &["vault", "keys", "remove", "1", "-y"],
        &["vault", "decrypt", "-y"],
        &["vault", "encrypt"],
    ];
    let mut done = 0;
    for (arguments, given) in commands.into_iter().zip(ways.into_iter().cycle()) {
        let run = sandbox.mfa([arguments, &["-v"]].concat()).env(given.0, given.1);
        let run = run.stdin("JBSWY3DPEHPK3PXP").run();
        done += usize::from(run.status.code() == Some(0));
        let output = run.stderr.clone() + &run.text();
        for secret in ["Zwiebelfisch", "quarzt", private, "JBSWY3DP"] {
            assert!(!output.contains(secret), "{arguments:?} {given:?}: {output}");
        }
    }
    assert!(done >= 12, "only {done} were done");
}
