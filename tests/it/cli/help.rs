//! Help: on stdout, and about every option that the command has.

use crate::harness::Sandbox;

const GLOBAL: &[&str] = &["--vault", "--color", "--no-input", "-q", "--quiet", "-h", "--help"];

const COMMANDS: [(&str, &[&str]); 6] = [
    (
        "add",
        &[
            "--qr",
            "--uri",
            "--clipboard",
            "--screen",
            "-i",
            "--issuer",
            "-a",
            "--account",
            "--serial",
            "--digits",
            "--period",
            "--algorithm",
            "--pick",
            "--all",
            "--verify",
            "-f",
            "--force",
            "-n",
            "--dry-run",
            "-j",
            "--json",
            "NAME",
            "SOURCE",
        ],
    ),
    (
        "code",
        &[
            "--from",
            "--profile",
            "-m",
            "--min-remaining",
            "--fresh",
            "--next",
            "--at",
            "-c",
            "--copy",
            "-j",
            "--json",
            "-e",
            "--exact",
            "NAME",
        ],
    ),
    (
        "next-pair",
        &["--profile", "--past", "--wait", "-F", "--format", "aws-json", "--at", "-e", "--exact", "NAME"],
    ),
    ("watch", &["FILTER"]),
    ("list", &["--names", "--codes", "-j", "--json", "FILTER"]),
    (
        "export-qr",
        &["-o", "--output", "--type", "png", "svg", "terminal", "--scale", "-f", "--force", "-y", "NAME"],
    ),
];

#[test]
fn every_command_explains_itself_on_stdout() {
    for (command, options) in COMMANDS {
        for help in ["--help", "-h"] {
            let run = Sandbox::new().mfa([command, help]).run().exits(0).in_silence();
            let text = run.text();
            for option in options.iter().chain(GLOBAL) {
                let mut words = text.split(|c: char| c.is_whitespace() || ",:<>[]".contains(c));
                assert!(words.any(|word| word == *option), "{command}: no {option} in\n{text}");
            }
            assert!(!text.contains('\u{1b}'));
        }
    }
}

#[test]
fn the_program_lists_its_commands() {
    for arguments in [&["--help"][..], &["-h"]] {
        let text = Sandbox::new().mfa(arguments).run().exits(0).in_silence().text();
        for (command, _) in COMMANDS {
            assert!(text.lines().any(|line| line.trim_start().starts_with(command)), "{command}: {text}");
        }
    }
    let run = Sandbox::new().mfa(["--version"]).run().exits(0).in_silence();
    run.prints(&format!("mfa {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn help_needs_no_vault_and_writes_nothing() {
    let sandbox = Sandbox::with_vault("no vault");
    let before = sandbox.state();
    for (command, _) in COMMANDS {
        sandbox.mfa([command, "--help"]).run().exits(0);
    }
    assert_eq!(sandbox.state(), before);
}

#[test]
fn a_minus_is_called_what_it_is() {
    let text = Sandbox::new().mfa(["export-qr", "--help"]).run().exits(0).text();
    assert!(text.contains("- for stdout") && !text.contains("- for stdin"), "{text}");
}

#[test]
fn without_a_command_the_help_goes_to_stderr() {
    let run = Sandbox::new().mfa([""; 0]).run();
    assert_eq!((run.status.code(), run.text().as_str()), (Some(2), ""));
    run.says("Usage: mfa");
}

#[test]
fn what_is_not_understood_is_2_and_on_stderr() {
    for arguments in [
        &["frobnicate"][..],
        &["list", "--frobnicate"],
        &["--vault"],
        &["--color", "blue", "list"],
        &["code", "--at"],
        &["-x"],
    ] {
        Sandbox::new().mfa(arguments).run().exits(2).prints("").says("error: ").says("--help");
    }
}
