//! Account lookup: the order of matches, and errors for no match or several.

use crate::harness::{Sandbox, fixture, vector};

const AWS_ARN: &str = "arn:aws:iam::123456789012:mfa/root-account-mfa-device";
const SERIAL: &str = "arn:aws:iam::210987654321:mfa/team/ops";

fn sandbox() -> Sandbox {
    let records: String = [
        ("github", "plain"),
        ("github-work", "same-issuer"),
        ("GitLab", "sha512"),
        ("root", "aws"),
        ("straße", "digits7"),
        ("zoë", "unicode"),
    ]
    .iter()
    .map(|(name, id)| vector(id).record(&format!("\"{name}\"")))
    .collect();
    let serial = vector("no-issuer-80bit").record("ops");
    Sandbox::with_vault(&format!("version = 1\n{records}{serial}serial = \"{SERIAL}\"\n"))
}

fn found_account(sandbox: &Sandbox, query: &str) -> String {
    let json = sandbox.mfa(["code", "-j", "--", query]).run().exits(0).in_silence().json();
    json["name"].as_str().expect("it is a text").to_owned()
}

#[test]
fn lookup_tries_exact_then_folded_then_prefix_then_part() {
    let sandbox = sandbox();
    for (query, name) in [
        ("github", "github"),       // exactly, although another name begins with it
        ("GITHUB", "github"),       // ignoring case
        ("ｇｉｔｈｕｂ", "github"), // ignoring width
        ("STRASSE", "straße"),      // full case folding
        ("zoe\u{308}", "zoë"),      // another composition
        ("ZOE\u{308}", "zoë"),
        ("github-", "github-work"), // the only name with this prefix
        ("gitl", "GitLab"),
        ("work", "github-work"), // the only name with this part
        ("sonar", "GitLab"),     // part of an issuer
        ("web serv", "root"),
        ("erin", "straße"), // part of an account name
        ("例え", "zoë"),
        ("o", "ops"), // a prefix goes before parts of others
    ] {
        assert_eq!(found_account(&sandbox, query), name, "{query}");
    }
}

#[test]
fn ambiguous_name_lists_the_candidates() {
    let sandbox = sandbox();
    for (query, candidates) in
        [("git", &["github", "github-work", "GitLab"][..]), ("example", &["github", "github-work"])]
    {
        for command in ["code", "next-pair"] {
            let run = sandbox.mfa([command, query]).run().exits(4).prints("").says(query);
            let run = candidates.iter().fold(run, |run, candidate| run.says(candidate));
            run.says_not("zoë").hints("");
        }
    }
}

#[test]
fn lookup_does_not_guess() {
    let sandbox = sandbox();
    for query in ["githb", "gthub", "gitlub", "xyz", "github.com", "git hub", "*", "git.*"] {
        sandbox.mfa(["code", query]).run().exits(3).prints("").says(&format!("'{query}'"));
    }
    sandbox.mfa(["code", "githb"]).run().exits(3).hints("did you mean github");
    sandbox.mfa(["code", "xyz"]).run().exits(3).hints("mfa list").says_not("did you mean");
}

#[test]
fn exact_matches_only_the_whole_name() {
    let sandbox = sandbox();
    for option in ["-e", "--exact"] {
        sandbox.mfa(["code", option, "github"]).run().exits(0).prints("713653\n");
        for query in ["GITHUB", "github-", "work", "sonar"] {
            sandbox.mfa(["code", option, query]).run().exits(3).prints("");
            sandbox.mfa(["next-pair", option, query]).run().exits(3).prints("");
        }
    }
}

#[test]
fn arn_finds_the_account_by_serial_or_label() {
    let sandbox = sandbox();
    assert_eq!(found_account(&sandbox, SERIAL), "ops");
    assert_eq!(found_account(&sandbox, AWS_ARN), "root");
    assert_eq!(
        found_account(&sandbox, "arn:aws:iam::123456789012:mfa/a/path/root-account-mfa-device"),
        "root"
    );
    sandbox.mfa(["code", "-e", SERIAL]).run().exits(0);
    sandbox.mfa(["next-pair", AWS_ARN]).run().exits(0);
    sandbox.mfa(["export-qr", AWS_ARN, "-o", "-"]).run().exits(0);
    for other in [
        "arn:aws:iam::123456789012:mfa/root-account",
        "arn:aws:iam::210987654321:mfa/root-account-mfa-device",
        "arn:aws:iam::210987654321:mfa/ops",
        "arn:aws:iam::123456789012:user/root",
    ] {
        sandbox.mfa(["code", other]).run().exits(3).prints("");
    }
}

#[test]
fn stored_serial_goes_before_a_label() {
    let sandbox = Sandbox::with_vault(&format!(
        "version = 1\n{}{}serial = \"{AWS_ARN}\"\n",
        vector("aws").record("label"),
        vector("plain").record("serial"),
    ));
    assert_eq!(found_account(&sandbox, AWS_ARN), "serial");
}

#[test]
fn arn_of_two_accounts_is_ambiguous() {
    let sandbox = Sandbox::with_accounts(&[("one", "aws"), ("two", "aws")]);
    sandbox.mfa(["code", AWS_ARN]).run().exits(4).prints("").says("one").says("two");
}

#[test]
fn empty_name_is_wrong_usage() {
    let sandbox = sandbox();
    for name in ["", " "] {
        sandbox.mfa(["code", name]).run().exits(2).prints("");
    }
}

#[test]
fn two_dashes_end_the_options() {
    let sandbox = sandbox();
    sandbox.mfa(["code", "--", "github"]).run().exits(0).prints("713653\n");
    sandbox.mfa(["code", "--", "-j"]).run().exits(3).prints("").says("'-j'");
    sandbox.mfa(["list", "--names", "--", "--codes"]).run().exits(0).prints("");
}

#[test]
fn damaged_record_is_reported_when_looked_up() {
    let sandbox = Sandbox::with_vault(&format!(
        "version = 1\n[accounts.bad]\nsecret = \"\"\n{}",
        vector("plain").record("good")
    ));
    sandbox.mfa(["code", "bad"]).run().exits(1).prints("").says("'bad'").says("'secret'").hints("");
    sandbox.mfa(["code", "good"]).run().exits(0).prints("713653\n").in_silence();
}

#[test]
fn account_name_instead_of_a_command_gives_a_hint() {
    let sandbox = Sandbox::with_accounts(&[("aws-root", "aws"), ("codes", "plain")]);
    for arguments in [&["aws-root"][..], &["-q", "aws-root"], &["aws-root", "-j"], &["codes"]] {
        let name = arguments.iter().find(|argument| !argument.starts_with('-')).unwrap();
        let run = sandbox.mfa(arguments).run().exits(2).prints("");
        run.says(&format!("error: no command '{name}'\n")).hints(&format!("mfa code {name}"));
    }
    let elsewhere = sandbox.write("elsewhere.toml", sandbox.vault_text()).display().to_string();
    let lost =
        || sandbox.mfa(["--vault", &elsewhere, "aws-root"]).env("MFA_VAULT", "none.toml").run().exits(2);
    lost().hints("mfa code aws-root");

    // a similar name or a misspelt command gives the usual message
    for word in ["aws", "AWS-root", "aws-rot", "nobody"] {
        sandbox.mfa([word]).run().exits(2).says("unrecognized subcommand").says_not("mfa code");
    }
    sandbox.mfa(["cod"]).run().exits(2).hints("'code'");
    sandbox.mfa(["vault", "keys", "aws-root"]).run().exits(2).says("unrecognized subcommand");
    Sandbox::with_vault("no vault").mfa(["aws-root"]).run().exits(2).says("unrecognized subcommand");
}

#[test]
fn hint_knows_the_names_of_an_encrypted_vault() {
    let sandbox = Sandbox::new();
    sandbox.write_vault(&std::fs::read(fixture("sealed/good-one.toml")).unwrap());
    sandbox.mfa(["github"]).run().exits(2).hints("mfa code github");
}
