//! `mfa completions` and its hidden helper command. `terminal::completions` tests the scripts in real shells.

use crate::harness::{Sandbox, fixture, vault_toml};

/// Returns the candidates for a word after others.
fn candidates(sandbox: &Sandbox, before: &[&str], word: &str) -> Vec<String> {
    let word = format!("--word={word}");
    let arguments = [&["__complete", &word, "--"], before].concat();
    let text = sandbox.mfa(arguments).run().exits(0).in_silence().text();
    text.lines().map(|line| line.split_once('\t').expect("a tab behind each").0.to_owned()).collect()
}

/// The answer that makes the shell complete file names.
const FILES: [&str; 1] = [""];

#[test]
fn every_shell_has_a_script_that_needs_no_vault() {
    let sandbox = Sandbox::with_vault("no vault");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.mfa(["completions", shell]).run().exits(0).in_silence().text();
        assert!(
            script.contains("mfa __complete") || script.contains("$program __complete"),
            "{shell}: {script}"
        );
    }
    sandbox.mfa(["completions", "tcsh"]).run().exits(2).prints("");
    sandbox.mfa(["completions"]).run().exits(2).prints("");
}

#[test]
fn completion_offers_names_for_accounts_and_files_elsewhere() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("alicia", "aws"), ("bob", "sha256-8-60")]);
    for command in
        ["code", "next-pair", "show", "verify", "export-qr", "edit", "rename", "remove", "list", "watch"]
    {
        assert_eq!(candidates(&sandbox, &[command], ""), ["alice", "alicia", "bob"], "{command}");
        assert_eq!(candidates(&sandbox, &[command, "-q"], "ali"), ["alice", "alicia"], "{command}");
    }
    assert_eq!(candidates(&sandbox, &["remove", "alice"], "b"), ["bob"]);
    assert_eq!(candidates(&sandbox, &["rename", "alice"], ""), [""; 0], "the new name is the user's");
    assert_eq!(candidates(&sandbox, &["code", "alice"], ""), [""; 0]);
    for before in [
        &["code", "--from"][..],
        &["add"],
        &["add", "x"],
        &["add", "--qr"],
        &["import"],
        &["--vault"],
        &["vault", "merge"],
    ] {
        assert_eq!(candidates(&sandbox, before, ""), FILES, "{before:?}");
    }
    assert_eq!(candidates(&sandbox, &["list"], "--vault=x"), FILES);
    for command in [&["add"][..], &["import"], &["vault", "merge"], &["man"]] {
        let options = candidates(&sandbox, command, "--v");
        assert!(options.contains(&"--vault".to_owned()), "{command:?}: {options:?}");
    }
    assert_eq!(candidates(&sandbox, &["add", "--algorithm"], ""), ["SHA1", "SHA256", "SHA512"]);
}

#[test]
fn completion_offers_the_commands_and_options_of_the_help() {
    let sandbox = Sandbox::new();
    let commands = candidates(&sandbox, &[], "");
    for command in ["code", "next-pair", "doctor", "completions", "verify"] {
        assert!(commands.contains(&command.to_owned()), "{commands:?}");
    }
    assert!(!commands.iter().any(|command| command.starts_with(['-', '_'])), "{commands:?}");
    assert_eq!(candidates(&sandbox, &["code"], "--fre"), ["--fresh"]);
    assert_eq!(candidates(&sandbox, &["vault", "keys"], "r"), ["remove"]);
    assert_eq!(candidates(&sandbox, &["list"], "--color=al"), ["--color=always"]);
    let help = sandbox.mfa(["--help"]).run().text();
    assert!(!help.contains("__complete"));
}

#[test]
fn help_completes_commands_and_topics() {
    let sandbox = Sandbox::new();
    let mut words = candidates(&sandbox, &["help"], "s");
    words.sort();
    assert_eq!(words, ["scripting", "security", "show", "status"]);
    assert_eq!(candidates(&sandbox, &["help"], "import"), ["import"]);
    assert_eq!(candidates(&sandbox, &["help", "vault"], "r"), ["rekey"]);
    assert_eq!(candidates(&sandbox, &["vault", "keys", "help"], "s"), [""; 0]);
}

#[test]
fn completion_reads_an_encrypted_vault_without_unlocking() {
    let sandbox = Sandbox::new();
    sandbox.write_vault(&std::fs::read(fixture("sealed/good-one.toml")).unwrap());
    assert_eq!(candidates(&sandbox, &["code"], ""), ["github"]);
}

#[test]
fn completion_reads_the_vault_of_the_command_line() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    sandbox.write("other.toml", vault_toml(&[("bob", "plain")]));
    assert_eq!(candidates(&sandbox, &["--vault", "other.toml", "code"], ""), ["bob"]);
    assert_eq!(candidates(&sandbox, &["code", "--vault=other.toml"], ""), ["bob"]);
}

/// No variable names the home folder of Windows.
#[cfg(unix)]
#[test]
fn completion_offers_aws_profiles() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("home/.aws")).unwrap();
    sandbox.write("home/.aws/config", "[default]\n[profile prod]\n[profile preview]\n[other]\n");
    sandbox.write("home/.aws/credentials", "[default]\n[keys]\n");
    assert_eq!(candidates(&sandbox, &["code", "--profile"], "pr"), ["preview", "prod"]);
    assert_eq!(candidates(&sandbox, &["next-pair", "--profile"], ""), ["default", "keys", "preview", "prod"]);
}

#[test]
fn completion_prints_no_error() {
    for vault in ["no vault", "version = 9\n", "age-encryption.org/v1\nx"] {
        let sandbox = Sandbox::with_vault(vault);
        assert_eq!(candidates(&sandbox, &["code"], ""), [""; 0], "{vault}");
    }
    let sandbox = Sandbox::new();
    assert_eq!(candidates(&sandbox, &["code"], ""), [""; 0]);
    assert_eq!(candidates(&sandbox, &["frobnicate"], "x"), [""; 0]);
    assert_eq!(candidates(&sandbox, &["code", "--frobnicate", "--", "--"], "-"), [""; 0]);
    assert_eq!(sandbox.state(), []);
}

#[test]
fn completion_sanitizes_labels() {
    let vault =
        "version = 1\n[accounts.x]\nissuer = \"a\\u001b[31m\\tb\\nc\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n";
    let sandbox = Sandbox::with_vault(vault);
    sandbox.mfa(["__complete", "--word=", "--", "code"]).run().exits(0).prints("x\ta�[31m�b�c\n");
}
