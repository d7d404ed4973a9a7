//! The passphrase of an encrypted vault at the prompt.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::harness::pty::{CTRL_C, CTRL_D, ENTER, Session};
use crate::harness::{MFA, fixture};

const PROMPT: &str = "passphrase of the vault: ";
const WORDS: &str = "correct horse battery staple";
const CODE: &str = "755224";

/// A vault with the account `github`, whose passphrase is cheap to check.
struct Vault(TempDir);

impl Vault {
    fn from_fixture(file: &str) -> Self {
        let vault = Self(TempDir::new().expect("a temporary folder"));
        let from = fixture("sealed").join(file);
        fs::write(vault.path(), fs::read(from).expect("a fixture")).expect("room");
        fs::set_permissions(vault.path(), fs::Permissions::from_mode(0o600)).expect("it is ours");
        vault
    }

    fn encrypted() -> Self {
        Self::from_fixture("good-one.toml")
    }

    fn plain() -> Self {
        let vault = Self::encrypted();
        fs::write(
            vault.path(),
            "version = 1\n\n[accounts.github]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n",
        )
        .expect("room");
        vault
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("vault.toml")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).expect("a vault")
    }

    fn start(&self, program: &str, arguments: &[&str]) -> Session {
        let path = self.path();
        let variables = [("MFA_VAULT", path.to_str().expect("text")), ("MFA_AT", "0")];
        Session::start(program, arguments, &variables)
    }

    fn mfa(&self, arguments: &[&str]) -> Session {
        self.start(MFA, arguments)
    }

    /// Returns a session at its prompt, and the modes of the terminal before.
    fn session_at_prompt(&self, arguments: &[&str]) -> (Session, String) {
        let mut session = self.mfa(arguments);
        session.expect(PROMPT);
        (session, Session::untouched_modes())
    }
}

fn answer(session: &mut Session, line: &str) {
    session.send(line);
    session.send(ENTER);
}

#[test]
fn passphrase_is_read_and_not_shown() {
    let vault = Vault::encrypted();
    for arguments in [&["code", "github"][..], &["next-pair", "github"], &["list", "--codes"]] {
        let (mut session, before) = vault.session_at_prompt(arguments);
        answer(&mut session, WORDS);
        assert!(session.end().success(), "{}", session.output());
        assert!(
            session.output().contains(CODE) && !session.output().contains("horse"),
            "{}",
            session.output()
        );
        assert_eq!(session.modes(), before);
    }
}

#[test]
fn prompt_allows_two_typing_errors() {
    let vault = Vault::encrypted();
    let (mut session, before) = vault.session_at_prompt(&["code", "github"]);
    for wrong in ["wrong", ""] {
        answer(&mut session, wrong);
        session.expect("wrong passphrase");
        session.expect(PROMPT);
    }
    answer(&mut session, WORDS);
    assert!(session.end().success() && session.output().contains(CODE), "{}", session.output());
    assert_eq!(session.modes(), before);
}

#[test]
fn third_wrong_passphrase_is_exit_6() {
    let vault = Vault::encrypted();
    let text = vault.text();
    for arguments in
        [&["code", "github"][..], &["unlock"], &["vault", "decrypt", "-y"], &["vault", "keys", "add", "-p"]]
    {
        let (mut session, before) = vault.session_at_prompt(arguments);
        answer(&mut session, "wrong");
        session.expect(PROMPT);
        answer(&mut session, "wrong");
        session.expect(PROMPT);
        answer(&mut session, "wrong");
        assert_eq!(session.end().code(), Some(6), "{}", session.output());
        assert_eq!(session.output().matches("wrong passphrase").count(), 3, "{}", session.output());
        assert_eq!(session.modes(), before);
        assert_eq!(vault.text(), text);
    }
}

#[test]
fn signal_restores_the_terminal() {
    let vault = Vault::encrypted();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        let (mut session, before) = vault.session_at_prompt(&["code", "github"]);
        session.send(WORDS);
        session.signal(signal);
        let status = session.end();
        assert_eq!(status.signal(), Some(signal.as_raw()), "{signal:?}");
        assert!(!status.core_dumped(), "{signal:?}");
        assert_eq!(session.modes(), before, "{signal:?}");
        assert!(!session.output().contains("horse") && !session.output().contains(CODE), "{signal:?}");
    }
    let (mut session, before) = vault.session_at_prompt(&["code", "github"]);
    session.send(CTRL_C);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    assert_eq!(session.modes(), before);
    let (mut session, before) = vault.session_at_prompt(&["code", "github"]);
    session.send(CTRL_D);
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert_eq!(session.modes(), before);
}

#[test]
fn prompt_works_in_a_command_substitution() {
    let vault = Vault::encrypted();
    let script = format!("code=$({MFA} code github); echo \"got <$code>\"");
    let mut session = vault.start("sh", &["-c", &script]);
    session.expect(PROMPT);
    answer(&mut session, WORDS);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.output().contains(&format!("got <{CODE}>")), "{}", session.output());
}

#[test]
fn open_prompt_does_not_block_other_processes() {
    let vault = Vault::encrypted();
    let (mut session, _) = vault.session_at_prompt(&[
        "add",
        "slow",
        "-i",
        "x",
        "--uri",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
    ]);
    let words = vault.0.path().join("words");
    fs::write(&words, WORDS).expect("room");
    let mut add = Command::new(MFA);
    add.args(["add", "quick", "--uri", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"]).env_clear();
    add.env("HOME", vault.0.path()).env("MFA_VAULT", vault.path()).env("MFA_PASSPHRASE_FILE", &words);
    let quick = add.stdin(Stdio::null()).output().expect("it starts");
    assert!(quick.status.success(), "{}", String::from_utf8_lossy(&quick.stderr));
    answer(&mut session, WORDS);
    assert!(session.end().success(), "{}", session.output());
    let text = vault.text();
    assert!(text.contains("[accounts.slow]") && text.contains("[accounts.quick]"), "{text}");
}

#[test]
fn no_prompt_appears_for_a_damaged_slot_or_no_input() {
    let vault = Vault::from_fixture("bad-slot-bit.toml");
    let mut session = vault.mfa(&["code", "github"]);
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert!(!session.output().contains(PROMPT) && session.output().contains("is damaged"));
    let vault = Vault::encrypted();
    let mut session = vault.mfa(&["code", "github", "--no-input"]);
    assert_eq!(session.end().code(), Some(6), "{}", session.output());
    assert!(!session.output().contains(PROMPT));
}

const NEW: &str = "new passphrase: ";

#[test]
fn generated_passphrase_is_shown_and_confirmed() {
    let vault = Vault::plain();
    let plain = vault.text();
    for is_confirmed in [false, true] {
        let mut session = vault.mfa(&["vault", "encrypt", "-q"]);
        session.expect(NEW);
        answer(&mut session, "");
        session.expect("type it to confirm that you have it: ");
        let shown = session.output();
        let generated = shown.lines().find_map(|line| line.split_once("write this passphrase down: "));
        let generated = generated.expect("it is shown").1.trim().to_owned();
        if is_confirmed {
            answer(&mut session, &generated);
            assert!(session.end().success(), "{}", session.output());
            let (mut session, _) = vault.session_at_prompt(&["code", "github"]);
            answer(&mut session, &generated);
            assert!(session.end().success() && session.output().contains(CODE), "{}", session.output());
        } else {
            for _ in 0..3 {
                answer(&mut session, "something else");
            }
            assert_eq!(session.end().code(), Some(1), "{}", session.output());
            assert_eq!(vault.text(), plain);
        }
    }
}

#[test]
fn new_passphrase_is_typed_twice() {
    let vault = Vault::plain();
    let plain = vault.text();
    for (tries, code) in [(&[("one", "two"); 3][..], 1)] {
        let mut session = vault.mfa(&["vault", "encrypt"]);
        for (first, second) in tries {
            session.expect(NEW);
            answer(&mut session, first);
            session.expect("repeat passphrase: ");
            answer(&mut session, second);
        }
        assert_eq!(session.end().code(), Some(code), "{}", session.output());
        assert!(session.output().contains("the passphrases do not match"), "{}", session.output());
        assert_eq!(vault.text(), plain);
    }
    let mut session = vault.mfa(&["vault", "encrypt"]);
    session.expect(NEW);
    session.send("half");
    session.send(CTRL_C);
    assert_eq!(session.end().signal(), Some(Signal::INT.as_raw()));
    assert_eq!(vault.text(), plain);

    let before = Session::untouched_modes();
    let mut session = vault.mfa(&["vault", "encrypt"]);
    for prompt in [NEW, "repeat passphrase: "] {
        session.expect(prompt);
        answer(&mut session, "Zwiebelfisch");
    }
    assert!(session.end().success(), "{}", session.output());
    assert!(!session.output().contains("Zwiebel"));
    assert_eq!(session.modes(), before);
    assert!(vault.text().contains("version = 3") && !vault.text().contains("GEZDGNBV"));
    let (mut session, _) = vault.session_at_prompt(&["code", "github"]);
    answer(&mut session, "Zwiebelfisch");
    assert!(session.end().success() && session.output().contains(CODE), "{}", session.output());
}

#[test]
fn decrypting_and_removing_copies_ask_first() {
    let vault = Vault::encrypted();
    let sealed = vault.text();
    for (typed, is_done) in [("n", false), ("", false), ("y", true)] {
        let (mut session, _) = vault.session_at_prompt(&["vault", "decrypt"]);
        answer(&mut session, WORDS);
        session.expect("as plain text? [y/N] ");
        answer(&mut session, typed);
        assert!(session.end().success(), "{}", session.output());
        assert_eq!(vault.text() != sealed, is_done, "{typed:?}");
    }
    fs::copy(vault.path(), vault.0.path().join("vault.toml~")).expect("room");
    let mut session = vault.mfa(&["vault", "encrypt"]);
    for prompt in [NEW, "repeat passphrase: "] {
        session.expect(prompt);
        answer(&mut session, WORDS);
    }
    session.expect("remove the plain-text copies? [y/N] ");
    answer(&mut session, "y");
    assert!(session.end().success(), "{}", session.output());
    assert!(!vault.0.path().join("vault.toml~").exists());
}

#[test]
fn accept_authenticates_only_the_printed_changes() {
    let vault = Vault::encrypted();
    let edited = vault.text().replace("\"GitHub\"", "\"GitLab\"");
    fs::write(vault.path(), &edited).expect("room");
    let (mut session, _) = vault.session_at_prompt(&["vault", "verify", "--accept"]);
    answer(&mut session, WORDS);
    session.expect("the account 'github' was edited");
    session.expect("accept the vault as it is now? [y/N] ");
    // a change after the output is not accepted with it
    fs::write(vault.path(), edited.replace("\"GitLab\"", "\"Gitea\"")).expect("room");
    answer(&mut session, "y");
    assert_eq!(session.end().code(), Some(1), "{}", session.output());
    assert!(session.output().contains("another process changed the vault"), "{}", session.output());
    fs::write(vault.path(), &edited).expect("room");
    let (mut session, _) = vault.session_at_prompt(&["vault", "verify", "--accept"]);
    answer(&mut session, WORDS);
    session.expect("[y/N] ");
    answer(&mut session, "y");
    assert!(session.end().success(), "{}", session.output());
    assert_ne!(vault.text(), edited);
}

#[test]
#[ignore = "needs age: .ci/run installs it"]
fn age_decrypts_a_slot_with_the_typed_passphrase() {
    let vault = Vault::plain();
    let mut session = vault.mfa(&["vault", "encrypt"]);
    for prompt in [NEW, "repeat passphrase: "] {
        session.expect(prompt);
        answer(&mut session, WORDS);
    }
    assert!(session.end().success(), "{}", session.output());
    let slot = vault.0.path().join("slot.age");
    let text = vault.text();
    let data = text.split("data = \"\"\"\n").nth(1).and_then(|part| part.split("\"\"\"").next());
    fs::write(&slot, data.expect("a slot")).expect("room");
    let mut session = vault.start("age", &["-d", slot.to_str().expect("text")]);
    session.expect("passphrase: ");
    answer(&mut session, WORDS);
    assert!(session.end().success(), "{}", session.output());
    assert!(session.output().contains("mfa-vault-key-3 "), "{}", session.output());
}
