//! The stock `age` command with the key slots of a vault.

use super::*;

/// Writes the slot for keys of the vector that has one.
fn slot(folder: &Path) -> PathBuf {
    let text = fs::read_to_string(fixture_path("good-all.toml")).unwrap();
    let data = text.split("kind = \"recipients\"").nth(1).unwrap().split("\"\"\"\n").nth(1).unwrap();
    let data = data.split("\"\"\"").next().unwrap();
    let file = folder.join("slot.age");
    fs::write(&file, data).unwrap();
    file
}

#[test]
#[ignore = "needs age: .ci/run installs it"]
fn age_decrypts_a_slot_with_an_age_key_and_an_ssh_key() {
    let folder = tempfile::tempdir().unwrap();
    let slot = slot(folder.path());
    let open = |key: &str| {
        let output =
            run_with_stdin(Command::new("age").arg("-d").arg("-i").arg(fixture_path(key)).arg(&slot), "");
        assert!(output.status.success(), "{key}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let line = open("age-key.txt");
    assert_eq!(line, open("ssh-key"));
    let words: Vec<_> = line.trim_end().split(' ').collect();
    assert_eq!(words[0], "mfa-vault-key-3");
    assert_eq!(words.iter().map(|word| word.len()).collect::<Vec<_>>(), [15, 24, 44]);
}
