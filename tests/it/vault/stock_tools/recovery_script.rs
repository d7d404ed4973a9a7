//! `recover.py` with all vectors, and `make.py`, which generates them.

use super::*;

fn recovered(vector: &Json, identity: Option<&str>) -> Output {
    let mut command = python();
    command.arg(fixture_path("recover.py")).arg(fixture_path(vector["file"].as_str().unwrap()));
    command.args(identity.map(fixture_path));
    run_with_stdin(&mut command, &format!("{}\n", vector["passphrase"].as_str().unwrap()))
}

/// Returns the output of the script for a vector that it can decrypt: a line for each account, in the order of its file.
fn expected(vector: &Json) -> String {
    let secrets = vector["secrets"].as_object().unwrap();
    let line = |(name, secret): (&String, &Json)| {
        let note = vector["notes"].get(name).map(|note| format!("\t{note}")).unwrap_or_default();
        format!("{name}\t{}{note}\n", secret.as_str().unwrap())
    };
    secrets.iter().map(line).collect()
}

#[test]
#[ignore = "needs python3 with pynacl and pyrage: .ci/run installs them"]
fn script_decrypts_every_good_vector() {
    for vector in vectors().iter().filter(|vector| vector["secrets"].is_object()) {
        let output = recovered(vector, None);
        assert!(output.status.success(), "{}: {}", vector["file"], stderr(&output));
        let printed = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
        assert_eq!(printed, expected(vector), "{}", vector["file"]);
    }
}

#[test]
#[ignore = "needs age, and python3 with pynacl: .ci/run installs them"]
fn script_decrypts_a_vector_with_each_identity() {
    let mut opened = 0;
    for vector in vectors() {
        for identity in vector["identities"].as_array().into_iter().flatten() {
            let output = recovered(&vector, identity.as_str());
            assert!(output.status.success(), "{identity}: {}", stderr(&output));
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected(&vector), "{identity}");
            opened += 1;
        }
    }
    assert_eq!(opened, 2);
}

#[test]
#[ignore = "needs python3 with pynacl and pyrage: .ci/run installs them"]
fn script_rejects_every_bad_vector_without_output() {
    for vector in vectors().iter().filter(|vector| !vector["secrets"].is_object()) {
        let output = recovered(vector, None);
        assert!(!output.status.success(), "{}", vector["file"]);
        assert!(output.stdout.is_empty(), "{}", vector["file"]);
        let reason = stderr(&output);
        assert!(
            reason.starts_with("recover.py: ") && reason.lines().count() == 1,
            "{}: {reason}",
            vector["file"]
        );
    }
}

#[test]
#[ignore = "needs ssh-keygen, and python3 with pynacl, pyrage and cryptography: .ci/run installs them"]
fn vectors_can_be_generated_again() {
    let folder = tempfile::tempdir().unwrap();
    let output = run_with_stdin(python().arg(fixture_path("make.py")).arg(folder.path()), "");
    assert!(output.status.success(), "{}", stderr(&output));
    let made: Vec<Json> =
        serde_json::from_str(&fs::read_to_string(folder.path().join("vectors.json")).unwrap()).unwrap();
    let outline = |vectors: &[Json]| -> Vec<Json> {
        vectors
            .iter()
            .map(|vector| serde_json::json!([vector["file"], findings(vector), vector["opens"]]))
            .collect()
    };
    assert_eq!(outline(&made), outline(&vectors()));
}

/// Returns the findings of a vector, without the random keys of records that hide their names.
fn findings(vector: &Json) -> Vec<String> {
    let findings = vector["findings"].as_array().into_iter().flatten();
    let is_random = |key: &str| key.len() == 20 && key.bytes().all(|byte| matches!(byte, b'a'..=b'p'));
    let shown = |finding: &str| match finding.split_once(' ') {
        Some((kind, key)) if is_random(key) => kind.to_owned(),
        _ => finding.to_owned(),
    };
    findings.map(|finding| shown(finding.as_str().unwrap())).collect()
}
