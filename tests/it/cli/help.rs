//! Help: printed on stdout, with every option of the command.

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
fn every_command_prints_its_help_on_stdout() {
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
fn help_lists_all_commands() {
    for arguments in [&["--help"][..], &["-h"]] {
        let text = Sandbox::new().mfa(arguments).run().exits(0).in_silence().text();
        for (command, _) in COMMANDS {
            let names = |line: &str| line.split_whitespace().take(2).any(|word| word == command);
            assert!(text.lines().any(names), "{command}: {text}");
        }
    }
    let run = Sandbox::new().mfa(["--version"]).run().exits(0).in_silence();
    run.prints(&format!("mfa {}\n", env!("CARGO_PKG_VERSION")));
}

/// Returns the topics that the help of the program names in its last line.
fn topics() -> Vec<String> {
    let help = Sandbox::new().mfa(["--help"]).run().exits(0).text();
    let topics = help.lines().last().unwrap().strip_prefix("mfa help TOPIC: ").expect("the last line");
    topics.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_topic_prints_its_page() {
    let topics = topics();
    assert_eq!(topics.len(), std::fs::read_dir("src/manual").unwrap().count() - 1, "each file but mod.rs");
    for topic in &topics {
        let page = Sandbox::new().mfa(["help", topic]).run().exits(0).in_silence().text();
        let file = std::fs::read_to_string(format!("src/manual/{topic}.md")).unwrap();
        let file: String = file.split_inclusive('\n').filter(|line| !line.starts_with("<!--")).collect();
        let end = page.strip_prefix(&file).unwrap_or_else(|| panic!("{topic}: {page}"));
        let is_command = ["import", "vault"].contains(&topic.as_str());
        let options = if is_command { format!("\noptions: mfa {topic} --help\n") } else { String::new() };
        assert_eq!(end, options, "{topic}");
    }
}

#[test]
fn help_word_equals_help_option_of_a_command() {
    for arguments in [&["code"][..], &["vault", "keys", "add"], &[]] {
        let help = Sandbox::new().mfa([&["help"], arguments].concat()).run().exits(0).in_silence().text();
        let own = Sandbox::new().mfa([arguments, &["--help"]].concat()).run().exits(0).text();
        assert_eq!(help, own, "{arguments:?}");
    }
}

#[test]
fn help_of_an_unknown_word_lists_the_topics() {
    let hint = format!("hint: mfa help TOPIC: {}\n", topics().join(", "));
    let run = Sandbox::new().mfa(["help", "frobnicate"]).run().exits(2).prints("");
    run.says("error: unrecognized subcommand 'frobnicate'\n").says(&hint).says(" [OPTIONS] <COMMAND>");
    let run = Sandbox::new().mfa(["help", "JBSWY3DPEHPK3PXP"]).run().exits(2).prints("").says(&hint);
    assert!(!run.stderr.contains("JBSW"), "{}", run.stderr);
    let run = Sandbox::new().mfa(["frobnicate"]).run().exits(2);
    assert!(!run.stderr.contains("TOPIC"), "{}", run.stderr);
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
fn help_describes_a_single_minus() {
    let text = Sandbox::new().mfa(["export-qr", "--help"]).run().exits(0).text();
    assert!(text.contains("- for stdout") && !text.contains("- for stdin"), "{text}");
}

#[test]
fn help_goes_to_stderr_without_a_command() {
    let run = Sandbox::new().mfa([""; 0]).run();
    assert_eq!((run.status.code(), run.text().as_str()), (Some(2), ""));
    run.says("Usage: mfa");
}

#[test]
fn unknown_arguments_are_exit_2_on_stderr() {
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
