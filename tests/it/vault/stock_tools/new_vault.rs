//! A vault that `mfa` has written, decrypted without `mfa`.

use super::*;

const SECRETS: &str =
    "aws\tGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\ncounted\tJBSWY3DPEHPK3PXP\nsteam\tMFXCA33MMRSXEIDTMVRXEZLU\n";

const PLAIN: &str = "version = 1

[accounts.aws]
secret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"
algorithm = \"SHA256\"
digits = 8
period = 60

[accounts.counted]
type = \"hotp\"
counter = 7
secret = \"JBSWY3DPEHPK3PXP\"

[accounts.steam]
type = \"steam\"
secret = \"MFXCA33MMRSXEIDTMVRXEZLU\"
";

/// A folder with a vault and two keys that unlock it, as does the passphrase.
struct NewVault(tempfile::TempDir);

impl NewVault {
    fn new() -> Self {
        let made = Self(tempfile::tempdir().unwrap());
        fs::write(made.path("vault.toml"), PLAIN).unwrap();
        fs::write(made.path("words"), "correct horse battery staple\n").unwrap();
        made.succeeds("age-keygen", &["-o", "age-key"]);
        made.succeeds("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", "laptop", "-f", "ssh-key"]);
        let age = made.succeeds("age-keygen", &["-y", "age-key"]);
        let encrypt =
            ["vault", "encrypt", "-r", age.trim(), "-R", "ssh-key.pub", "--new-passphrase-file", "words"];
        made.succeeds(MFA, &encrypt);
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, command: &mut Command, input: &str) -> Output {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.current_dir(self.0.path()).env_clear().env("PATH", path).env("HOME", self.0.path());
        run_with_stdin(command.env("MFA_VAULT", self.path("vault.toml")), input)
    }

    fn succeeds(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.run(Command::new(program).args(arguments), "");
        assert!(output.status.success(), "{program} {arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn recovered(&self, identity: Option<&str>, input: &str) -> String {
        let mut command = python();
        command.arg(fixture_path("recover.py")).arg("vault.toml").args(identity);
        let output = self.run(&mut command, input);
        assert!(output.status.success(), "{identity:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Writes the age files of the slots, in the order of the vault.
    fn slots(&self) -> Vec<PathBuf> {
        let text = fs::read_to_string(self.path("vault.toml")).unwrap();
        let parts = text.split("data = \"\"\"\n").skip(1).map(|part| part.split("\"\"\"").next().unwrap());
        parts
            .enumerate()
            .map(|(number, part)| {
                let path = self.path(&format!("slot-{number}.age"));
                fs::write(&path, part).unwrap();
                path
            })
            .collect()
    }
}

#[test]
#[ignore = "needs age, ssh-keygen, and python3 with pynacl and pyrage: .ci/run installs them"]
fn script_decrypts_it_with_passphrase_age_key_and_ssh_key() {
    let made = NewVault::new();
    assert_eq!(made.recovered(None, "correct horse battery staple\n"), SECRETS);
    assert_eq!(made.recovered(Some("age-key"), ""), SECRETS);
    assert_eq!(made.recovered(Some("ssh-key"), ""), SECRETS);
}

#[test]
#[ignore = "needs age and ssh-keygen: .ci/run installs them"]
fn age_decrypts_its_slots() {
    let made = NewVault::new();
    let slots = made.slots();
    assert_eq!(slots.len(), 3);
    let open = |key: &str, slot: &Path| made.succeeds("age", &["-d", "-i", key, slot.to_str().unwrap()]);
    let line = open("age-key", &slots[0]);
    assert!(line.starts_with("mfa-vault-key-3 ") && line.split(' ').count() == 3, "{}", line.len());
    assert_eq!(line, open("ssh-key", &slots[1]));
}
