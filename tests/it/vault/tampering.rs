//! Vaults changed without their key: no wrong code without a warning.

use crate::harness::{Fixture, Sandbox, alice, public_key, tampered, vector};

/// The accounts of the bad vectors and their codes, by an independent HMAC in Python.
const RIGHT: [(&str, &str); 7] = [
    ("aws-root", "049773\n"),
    ("github", "755224\n"),
    ("mail", "275566\n"),
    ("late", "263420\n"),
    ("hotp", "162583\n"),
    ("hotp-8", "18920136\n"),
    ("steam", "DFP4R\n"),
];

/// Names of accounts that only an attacker has added.
const OTHERS: [&str; 3] = ["gitlab", "github-2", "new"];

impl Fixture {
    /// Returns whether the file around the accounts was changed, so that no account can be trusted.
    fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| !finding.starts_with("record-edited "))
    }
}

#[test]
fn tampered_vault_gives_no_code_and_an_edited_account_gives_none() {
    for vector in tampered() {
        for more in [&[][..], &["-q"]] {
            let sandbox = vector.sandbox();
            for name in RIGHT.iter().map(|(name, _)| *name).chain(OTHERS) {
                let run = sandbox.mfa([&["code", "-e", name], more].concat()).run();
                if run.status.code() != Some(0) {
                    drop(run.prints("").says("error: "));
                    continue;
                }
                let right = RIGHT.iter().find(|(right, _)| *right == name).map(|(_, code)| *code);
                assert_eq!(Some(run.text().as_str()), right, "{} in {}", name, vector.file);
                let is_edited = vector.findings.contains(&format!("record-edited {name}"));
                assert!(!vector.is_refused() && !is_edited, "{name} in {}", vector.file);
            }
        }
    }
}

#[test]
fn list_of_a_tampered_vault_gives_no_wrong_code() {
    for vector in tampered() {
        let sandbox = vector.sandbox();
        let run = sandbox.mfa(["list", "--codes", "-j", "-q"]).run();
        if vector.is_refused() {
            drop(run.exits(1).prints("").says("was tampered with"));
            continue;
        }
        let run = run.exits(0).says("warning: ");
        for row in run.json()["accounts"].as_array().unwrap() {
            let right = RIGHT.iter().find(|(name, _)| row["name"] == *name).map(|(_, code)| code.trim_end());
            let is_counted = row["type"] == "hotp";
            let is_hidden = sandbox.vault_text().contains("hide_names");
            assert!(is_counted || is_hidden || row["code"].as_str() == right, "{row} in {}", vector.file);
        }
    }
}

/// Returns an encrypted vault with the accounts `work` of alice@acme and `home` of malice@home.
fn two_alike() -> Sandbox {
    let vault = "version = 1\n[accounts.work]\naccount = \"alice@acme\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n\
                 [accounts.home]\naccount = \"malice@home\"\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n";
    let sandbox = Sandbox::new().with_identity();
    sandbox.write_vault(vault.as_bytes());
    sandbox.mfa(["vault", "encrypt", "-r", &public_key()]).run().exits(0);
    sandbox
}

#[test]
fn edited_label_does_not_redirect_a_lookup() {
    let sandbox = two_alike();
    sandbox.mfa(["code", "alice"]).run().exits(4);
    let text = sandbox.vault_text();
    sandbox.write_vault(text.replace("alice@acme", "zzzzz@acme").as_bytes());
    for find in [&["code", "alice"][..], &["verify", "alice", "287082"], &["code", "malice", "-q"]] {
        let run = sandbox.mfa(find).run().exits(1).prints("");
        drop(run.says("the account 'work' was edited").hints("vault verify"));
    }
    sandbox.mfa(["code", "work"]).run().exits(1).prints("").says("it was edited without the key");
    sandbox.mfa(["code", "home"]).run().exits(0).prints("287082\n").in_silence();

    let arn = "arn:aws:iam::123456789012:mfa/bob";
    let sandbox = Sandbox::new().with_identity();
    sandbox.mfa(["add", "new", "-", "--serial", arn]).stdin("JBSWY3DPEHPK3PXP").run().exits(0);
    let old = ["add", "old", "-", "-i", "Amazon Web Services", "-a", "bob@123456789012"];
    sandbox.mfa(old).stdin("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").run().exits(0);
    sandbox.mfa(["vault", "encrypt", "-r", &public_key()]).run().exits(0);
    sandbox.mfa(["code", arn]).run().exits(0).in_silence();
    let text = sandbox.vault_text();
    let without: String =
        text.lines().filter(|line| !line.starts_with("serial")).flat_map(|l| [l, "\n"]).collect();
    sandbox.write_vault(without.as_bytes());
    sandbox.mfa(["code", arn]).run().exits(1).prints("").says("the account 'new' was edited");
}

#[test]
fn older_record_is_refused_alone_and_beside_another_edit() {
    let sandbox = two_alike();
    let before = sandbox.vault_text();
    sandbox.mfa(["add", "work", "-", "-f"]).stdin("NUTCG65YNFASDGBAEDUCHBVEYVPI6YET").run().exits(0);
    let after = sandbox.vault_text();
    let rolled_back = after.replace(record(&after, "work"), record(&before, "work"));
    let tag = record(&rolled_back, "home").lines().find(|line| line.starts_with("tag = ")).unwrap();
    let label = rolled_back.replace("malice@home", "malice@work");
    for text in [rolled_back.clone(), label, rolled_back.replace(tag, "tag = \"\"")] {
        sandbox.write_vault(text.as_bytes());
        for name in ["work", "home"] {
            sandbox.mfa(["code", name, "-q"]).run().exits(1).prints("").says("was tampered with");
        }
        let verify = sandbox.mfa(["vault", "verify"]).run().exits(1);
        assert!(verify.text().contains("comes from another time"), "{}", verify.text());
    }
}

#[test]
fn tampered_vault_is_not_changed_before_it_is_accepted() {
    let key = public_key();
    for vector in tampered().iter().filter(|vector| !vector.findings.is_empty()) {
        let sandbox = vector.sandbox();
        let before = sandbox.vault_bytes();
        let add = ["add", "x"];
        let commands = [
            &add[..],
            &["vault", "decrypt", "-y"],
            &["vault", "rekey", "-r", &key],
            &["vault", "verify", "--accept"],
        ];
        // beside an edited account, the others can be changed
        for arguments in commands.into_iter().filter(|arguments| vector.is_refused() || **arguments != add) {
            let run = sandbox.mfa(arguments).stdin("JBSWY3DPEHPK3PXP").run();
            assert!(matches!(run.status.code(), Some(1 | 2)), "{arguments:?}: {}", run.stderr);
            assert!(run.stderr.contains("hint: "), "{}", run.stderr);
            assert_eq!(sandbox.vault_bytes(), before, "{arguments:?} on {}", vector.file);
        }
    }
}

#[test]
fn accepted_vault_is_intact_afterwards() {
    for vector in tampered().iter().filter(|vector| !vector.findings.is_empty()) {
        let sandbox = vector.sandbox();
        let accept = sandbox.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
        accept.says("accepted the vault as it is now");
        let again = sandbox.mfa(["vault", "verify"]).run();
        for part in ["was added", "was removed", "were reordered", "comes from another time"] {
            assert!(!again.text().contains(part), "{}: {}", vector.file, again.text());
        }
        let text = again.text();
        let (unusable, others): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| line.contains("cannot be used"));
        let edited = others.iter().filter(|line| line.contains("was edited")).count();
        assert!(edited <= unusable.len(), "{}: {text}", vector.file);
        sandbox.mfa(["add", "x"]).stdin("JBSWY3DPEHPK3PXP").run().exits(0).in_silence_but("stored");
        // the vault with hidden names has the same names with other secrets
        let rights = if sandbox.vault_text().contains("hide_names") { &[][..] } else { &RIGHT };
        for (name, code) in rights {
            let run = sandbox.mfa(["code", "-e", name]).run();
            // an older account keeps the accepted state
            if run.status.code() == Some(0) && vector.file != "bad-put-back.toml" {
                run.prints(code).in_silence();
            }
        }
        // an account that does not open stays in the file, unusable, until it is replaced or removed
        let unusable: Vec<String> =
            again.text().lines().filter_map(|line| Some(line.split('\'').nth(1)?.to_owned())).collect();
        for name in &unusable {
            sandbox.mfa(["code", "-e", name]).run().exits(1).prints("");
        }
        for name in unusable.into_iter().collect::<std::collections::BTreeSet<_>>() {
            sandbox.mfa(["remove", &name, "-y"]).run().exits(0);
        }
        sandbox.mfa(["vault", "verify"]).run().exits(0).prints("").says("the vault is intact");
    }
}

#[test]
fn edited_generation_is_not_pinned() {
    let sandbox = alice();
    let text = sandbox.vault_text();
    sandbox.write_vault(text.replacen("generation = 1", "generation = 900", 1).as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(1).prints("").says("was tampered with");
    sandbox.mfa(["list", "--codes"]).run().exits(1).prints("").says("was tampered with");
    sandbox.write_vault(text.as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

/// Returns the text from the header of an account on.
fn record<'a>(text: &'a str, name: &str) -> &'a str {
    &text[text.find(&format!("\n[accounts.{name}]")).unwrap()..]
}

#[test]
fn merge_of_two_copies_is_printed_and_then_accepted() {
    let (here, there) = (alice(), Sandbox::new().with_identity());
    there.write_vault(&here.vault_bytes().unwrap());
    here.mfa(["add", "a"]).stdin(vector("aws").uri()).run().exits(0);
    there.mfa(["add", "b"]).stdin(vector("sha512").uri()).run().exits(0);
    let theirs = there.vault_text();
    let both = here.vault_text() + record(&theirs, "b");
    for listed in [false, true] {
        // a user resolves the conflict with one header, without and with the names of both in the list
        let merged =
            if listed { both.replace("    \"a\",\n", "    \"a\",\n    \"b\",\n") } else { both.clone() };
        let finding = if listed { "the MAC of an account was edited" } else { "the account 'b' was added" };
        let here = Sandbox::new().with_identity();
        here.write_vault(merged.as_bytes());
        here.mfa(["code", "b"]).run().exits(1).prints("").says(finding);
        here.mfa(["add", "x"]).stdin(vector("plain").uri()).run().exits(1).says(finding);
        let verify = here.mfa(["vault", "verify"]).run().exits(1).hints("--accept");
        assert!(verify.text().contains(finding), "{}", verify.text());
        here.mfa(["vault", "verify", "--accept", "-y"]).run().exits(0);
        for (name, id) in [("alice", "plain"), ("a", "aws"), ("b", "sha512")] {
            let code = format!("{}\n", vector(id).at("59"));
            here.mfa(["code", "-e", name]).run().exits(0).prints(&code).in_silence();
        }
        there.write_vault(&here.vault_bytes().unwrap());
        there.mfa(["code", "-e", "a"]).run().exits(0).prints("596825\n").in_silence();
        there.mfa(["vault", "verify"]).run().exits(0).prints("");
    }
}

#[test]
fn conflict_markers_are_a_syntax_error_with_a_line() {
    let sandbox = alice();
    let text = sandbox
        .vault_text()
        .replace("generation = 1\n", "<<<<<<< HEAD\ngeneration = 1\n=======\n>>>>>>> x\n");
    sandbox.write_vault(text.as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(1).prints("").says("syntax error at line");
}
