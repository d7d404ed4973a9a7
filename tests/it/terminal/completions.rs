//! The Tab key in bash, zsh and fish.

use std::path::Path;

use crate::harness::MFA;
use crate::harness::pty::{ENTER, TAB};
use crate::harness::shells::{SHELLS, Shell, ShellSession};

const CTRL_A: &str = "\x01";

const VAULT: &str = "version = 1
[accounts.github]
issuer = \"GitHub: Inc\"
secret = \"JBSWY3DPEHPK3PXP\"
[accounts.aws-root]
secret = \"JBSWY3DPEHPK3PXP\"
[accounts.aws-prod]
secret = \"JBSWY3DPEHPK3PXP\"
[accounts.\"zoe@x\"]
secret = \"JBSWY3DPEHPK3PXP\"
[accounts.\"ключ\"]
secret = \"JBSWY3DPEHPK3PXP\"
";

const SEALED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sealed/good-one.toml");

/// The text before the Tab, and the words of the line after it.
const LINES: [(&str, &str); 16] = [
    ("mfa ren", "mfa rename"),
    ("mfa vault ver", "mfa vault verify"),
    ("mfa code g", "mfa code github"),
    ("mfa show z", "mfa show zoe@x"),
    ("mfa next-pair zoe@", "mfa next-pair zoe@x"),
    ("mfa code кл", "mfa code ключ"),
    ("mfa remove github aws-p", "mfa remove github aws-prod"),
    ("mfa rename aws-r", "mfa rename aws-root"),
    ("mfa code github --fre", "mfa code github --fresh"),
    ("mfa next-pair -F aws-", "mfa next-pair -F aws-json"),
    ("mfa list --color=al", "mfa list --color=always"),
    ("mfa --vault sealed.toml code g", "mfa --vault sealed.toml code github"),
    ("mfa --vault=sealed.toml code a", "mfa --vault=sealed.toml code a"),
    ("mfa import sea", "mfa import sealed.toml"),
    ("mfa add github sea", "mfa add github sealed.toml"),
    ("mfa list --vault=sea", "mfa list --vault=sealed.toml"),
];

/// Returns a shell that has loaded the script.
fn desk(shell: &'static Shell) -> ShellSession {
    let mut desk = ShellSession::start(shell);
    desk.session.write_vault(VAULT);
    let program = Path::new(MFA).parent().expect("a folder").display();
    let load = match shell.name {
        "fish" => format!("set PATH {program} $PATH; mfa completions fish | source"),
        "zsh" => {
            let start = "autoload -U compinit; compinit -D -u";
            format!("PATH={program}:$PATH; {start}; source <(mfa completions zsh)")
        }
        _ => format!("PATH={program}:$PATH; source <(mfa completions bash)"),
    };
    for line in [load, format!("cp {SEALED} sealed.toml")] {
        desk.type_line(&line);
        desk.expect_shell();
    }
    desk
}

fn in_each_shell(story: impl Fn(&mut ShellSession)) {
    for shell in SHELLS.iter().filter(|shell| shell.name != "dash") {
        story(&mut desk(shell));
    }
}

/// Returns the line after a Tab, as the shell would run it.
fn completed(desk: &mut ShellSession, typed: &str) -> String {
    desk.session.send(&format!("{typed}{TAB}{CTRL_A}echo ans\"\"wer= {ENTER}"));
    desk.session.expect("answer= ");
    let line = desk.session.expect("\r\n");
    desk.expect_shell();
    line.trim().to_owned()
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn tab_completes_commands_options_names_and_files() {
    in_each_shell(|desk| {
        for (typed, line) in LINES {
            assert_eq!(completed(desk, typed), line, "{typed:?} {desk}");
        }
    });
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn tab_lists_the_candidates() {
    for (typed, candidates) in [
        ("mfa code ", &["github", "aws-root", "aws-prod", "zoe@x", "ключ"][..]),
        ("mfa code aws-", &["aws-root", "aws-prod"]),
        ("mfa next-pair -F ", &["plain", "line", "aws-json"]),
        ("mfa e", &["edit", "export", "export-qr"]),
    ] {
        in_each_shell(|desk| {
            let before = desk.session.output().len();
            desk.session.send(&format!("{typed}{TAB}{TAB}"));
            desk.session.until("all are shown", |session| {
                candidates.iter().all(|candidate| session.output()[before..].contains(candidate))
            });
            let shown = &desk.session.output()[before..];
            assert!(!shown.contains("--fresh") && !shown.contains("error"), "{desk}");
        });
    }
}

#[test]
#[ignore = "needs bash, dash, zsh and fish: .ci/run installs them"]
fn script_in_the_folder_of_zsh_is_loaded_at_the_first_tab() {
    let zsh = SHELLS.iter().find(|shell| shell.name == "zsh").expect("it is one of them");
    let mut desk = ShellSession::start(zsh);
    desk.session.write_vault(VAULT);
    let program = Path::new(MFA).parent().expect("a folder").display();
    desk.type_line(&format!(
        "PATH={program}:$PATH; mkdir f; mfa completions zsh > f/_mfa; fpath=($PWD/f $fpath)"
    ));
    desk.expect_shell();
    desk.type_line("autoload -U compinit; compinit -D -u");
    desk.expect_shell();
    assert_eq!(completed(&mut desk, "mfa code g"), "mfa code github", "{desk}");
    assert_eq!(completed(&mut desk, "mfa code z"), "mfa code zoe@x", "{desk}");
}
