//! Vaults that were changed without their key, or put in the place of another: no wrong code in silence.

use super::{Fixture, alice, fixtures};
use crate::kind::{Kind, public_key};
use crate::sandbox::{Sandbox, restrict, vault_of};
use crate::vectors::vector;

/// The accounts of the bad vectors and their codes, by an HMAC of its own in Python
const RIGHT: [(&str, &str); 7] = [
    ("aws-root", "049773\n"),
    ("github", "755224\n"),
    ("mail", "275566\n"),
    ("late", "263420\n"),
    ("hotp", "162583\n"),
    ("hotp-8", "18920136\n"),
    ("steam", "DFP4R\n"),
];

/// Names that only somebody else has put there
const OTHERS: [&str; 3] = ["gitlab", "github-2", "new"];

/// Those that open, and are not as they were signed
fn tampered() -> Vec<Fixture> {
    fixtures().into_iter().filter(|vector| vector.is_bad() && vector.opens.is_none()).collect()
}

/// What `verify-vault` prints for a finding of the format
fn line(finding: &str) -> String {
    let (kind, name) = finding.split_once(' ').unwrap_or((finding, ""));
    match kind {
        "entry-edited" => format!("the account '{name}' was edited"),
        "entry-missing" => format!("the account '{name}' was removed"),
        "entry-added" => format!("the account '{name}' was added without the key"),
        "entry-added-with-key" => format!("the account '{name}' was added by a copy of this vault"),
        "entries-moved" => "the accounts were put into another order".to_owned(),
        "entries-mixed" => "an account was put back to an older state".to_owned(),
        "list-edited" => "the list of the accounts was edited".to_owned(),
        "slots-changed" => "a slot was added, removed or edited".to_owned(),
        "generation-edited" => "the generation was edited".to_owned(),
        "head-edited" => "an entry outside of the accounts was edited".to_owned(),
        "marks-edited" => "the marks were edited, and nothing else".to_owned(),
        "mac-edited" => "the signature was edited, or parts are of different times".to_owned(),
        other => panic!("{other}"),
    }
}

impl Fixture {
    /// Whether the codes of this account are in doubt: it is named, or the file around it is concerned
    fn concerns(&self, name: &str) -> bool {
        self.findings.iter().any(|finding| match finding.split_once(' ') {
            Some(("entry-missing", _)) => true,
            Some((_, named)) => named == name,
            None => finding != "entries-moved",
        })
    }
}

#[test]
fn no_wrong_code_is_printed_and_a_right_one_not_in_silence() {
    for vector in tampered() {
        let sandbox = vector.sandbox();
        for name in RIGHT.iter().map(|(name, _)| *name).chain(OTHERS) {
            for more in [&[][..], &["-q"]] {
                let run = sandbox.mfa([&["code", "-e", name], more].concat()).run();
                if run.status.code() != Some(0) {
                    drop(run.prints(""));
                    continue;
                }
                let right = RIGHT.iter().find(|(right, _)| *right == name).map(|(_, code)| *code);
                assert_eq!(Some(run.text().as_str()), right, "{} in {}", name, vector.file);
                let warns = run.stderr.starts_with("warning: ");
                assert!(warns || !vector.concerns(name), "{name} in {}: {}", vector.file, run.stderr);
            }
        }
    }
}

#[test]
fn the_list_of_codes_is_as_careful() {
    for vector in tampered() {
        let sandbox = vector.sandbox();
        let run = sandbox.mfa(["list", "--codes", "-j", "-q"]).run();
        assert!(run.stderr.contains("warning: ") || run.status.code() == Some(1), "{}", vector.file);
        if run.status.code() == Some(0) {
            for row in run.json()["accounts"].as_array().unwrap() {
                let right = RIGHT.iter().find(|(name, _)| row["name"] == *name);
                let right = right.map(|(_, code)| code.trim_end());
                assert!(row["code"].is_null() || row["code"].as_str() == right, "{row} in {}", vector.file);
            }
        }
    }
}

#[test]
fn each_finding_is_named() {
    for vector in tampered() {
        let sandbox = vector.sandbox();
        let run = sandbox.mfa(["verify-vault"]).run().exits(1);
        let text = run.text();
        let of_a_secret = |line: &&str| line.contains(" does not open: ") || line.contains("cannot be used");
        let mut found: Vec<&str> = text.lines().filter(|line| !of_a_secret(line)).collect();
        let mut expected: Vec<String> = vector.findings.iter().map(|finding| line(finding)).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", vector.file);
        for name in &vector.does_not_open {
            assert!(text.contains(&format!("the secret of '{name}' does not open")), "{text}");
        }
    }
}

/// With the accounts `work` of alice@acme and `home` of malice@home, sealed
fn two_alike() -> Sandbox {
    let vault = "version = 1\n[accounts.work]\naccount = \"alice@acme\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n\
                 [accounts.home]\naccount = \"malice@home\"\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n";
    let sandbox = Sandbox::new().with_identity();
    sandbox.write_vault(vault.as_bytes());
    sandbox.mfa(["encrypt", "-r", &public_key()]).run().exits(0);
    sandbox
}

#[test]
fn an_edited_label_makes_no_other_account_fit() {
    let sandbox = two_alike();
    sandbox.mfa(["code", "alice"]).run().exits(4);
    let text = sandbox.vault_text();
    sandbox.write_vault(text.replace("alice@acme", "zzzzz@acme").as_bytes());
    for find in [&["code", "alice"][..], &["verify", "alice", "287082"], &["code", "malice", "-q"]] {
        sandbox
            .mfa(find)
            .run()
            .exits(1)
            .prints("")
            .says("the account 'work' was edited")
            .hints("verify-vault");
    }
    sandbox.mfa(["code", "home"]).run().exits(0).prints("287082\n").in_silence();

    let arn = "arn:aws:iam::123456789012:mfa/bob";
    let sandbox = Sandbox::new().with_identity();
    sandbox.mfa(["add", "new", "-", "--serial", arn]).stdin("JBSWY3DPEHPK3PXP").run().exits(0);
    let old = ["add", "old", "-", "-i", "Amazon Web Services", "-a", "bob@123456789012"];
    sandbox.mfa(old).stdin("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").run().exits(0);
    sandbox.mfa(["encrypt", "-r", &public_key()]).run().exits(0);
    sandbox.mfa(["code", arn]).run().exits(0).in_silence();
    let text = sandbox.vault_text();
    let without: String =
        text.lines().filter(|line| !line.starts_with("serial")).flat_map(|l| [l, "\n"]).collect();
    sandbox.write_vault(without.as_bytes());
    sandbox.mfa(["code", arn]).run().exits(1).prints("").says("the account 'new' was edited");
}

#[test]
fn that_an_account_was_put_back_is_not_hidden_by_another_edit() {
    let sandbox = two_alike();
    let before = sandbox.vault_text();
    sandbox.mfa(["add", "work", "-", "-f"]).stdin("NUTCG65YNFASDGBAEDUCHBVEYVPI6YET").run().exits(0);
    let after = sandbox.vault_text();
    let put_back = after.replace(record(&after, "work"), record(&before, "work"));
    sandbox.write_vault(put_back.as_bytes());
    sandbox.mfa(["code", "work"]).run().exits(1).prints("").says("was put back to an older state");
    let marks = put_back.lines().find(|line| line.starts_with("marks = ")).unwrap();
    let tag = record(&put_back, "home").lines().find(|line| line.starts_with("tag = ")).unwrap();
    for hiding in [put_back.replace(marks, ""), put_back.replace(tag, "tag = \"\"")] {
        sandbox.write_vault(hiding.as_bytes());
        sandbox.mfa(["verify-vault"]).run().exits(1).says("may have been put back to an older state");
        sandbox.mfa(["code", "work", "-q"]).run().says("may have been put back to an older state");
    }
}

#[test]
fn nothing_is_written_before_it_was_looked_at() {
    let key = public_key();
    for vector in tampered().iter().filter(|vector| !vector.findings.is_empty()) {
        let sandbox = vector.sandbox();
        let before = sandbox.vault_bytes();
        for arguments in
            [&["add", "x"][..], &["decrypt", "-y"], &["rekey", "-r", &key], &["verify-vault", "--accept"]]
        {
            let run = sandbox.mfa(arguments).stdin("JBSWY3DPEHPK3PXP").run();
            assert!(matches!(run.status.code(), Some(1 | 2)), "{arguments:?}: {}", run.stderr);
            assert!(run.stderr.contains("hint: "), "{}", run.stderr);
            assert_eq!(sandbox.vault_bytes(), before, "{arguments:?} on {}", vector.file);
        }
    }
}

#[test]
fn what_is_accepted_is_sound_from_then_on() {
    for vector in tampered().iter().filter(|vector| !vector.findings.is_empty()) {
        let sandbox = vector.sandbox();
        let accept = sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
        accept.says("the vault is signed as it stands");
        let again = sandbox.mfa(["verify-vault"]).run();
        for part in ["was edited", "was added", "was removed", "were put", "was put back", "parts are"] {
            assert!(!again.text().contains(part), "{}: {}", vector.file, again.text());
        }
        sandbox.mfa(["add", "x"]).stdin("JBSWY3DPEHPK3PXP").run().exits(0).in_silence_but("stored");
        for (name, code) in RIGHT {
            let run = sandbox.mfa(["code", "-e", name]).run();
            // an account that was put back stays what it was accepted as
            if run.status.code() == Some(0) && !vector.findings.contains(&"entries-mixed".to_owned()) {
                run.prints(code).in_silence();
            }
        }
        for line in again.text().lines() {
            let name = line.split('\'').nth(1).unwrap();
            sandbox.mfa(["add", name, "--force"]).stdin("JBSWY3DPEHPK3PXP").run().exits(0);
        }
        sandbox.mfa(["verify-vault"]).run().exits(0).prints("").says("as it was signed");
    }
}

/// Keeps a vault as it was, changes it, and puts the older one back
fn put_back() -> Sandbox {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.write_vault(&older);
    sandbox
}

/// Windows remembers in no folder that a variable names
#[cfg(unix)]
#[test]
fn where_nothing_can_be_noted_nothing_is_changed_that_would_be_refused_then() {
    let sandbox = alice();
    sandbox.mfa(["code", "alice"]).run().exits(0);
    let state = sandbox.state();
    let is_record = |path: &&std::path::PathBuf| path.extension() == Some("json".as_ref());
    let record = state.iter().map(|(path, ..)| path).find(is_record).unwrap();
    let lock = record.with_file_name("lock");
    let _ = std::fs::remove_file(&lock);
    std::fs::create_dir(&lock).unwrap();
    let before = sandbox.vault_bytes();
    sandbox
        .mfa(["rekey", "-r", &public_key()])
        .run()
        .exits(1)
        .says("could not note what becomes of the vault");
    sandbox.mfa(["decrypt", "-y"]).run().exits(1).says("could not note what becomes of the vault");
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox.mfa(["code", "alice"]).run().exits(0).in_silence();
    // another vault in its place is not said to be taken
    let other = Kind::Sealed.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write_vault(other.vault_text().as_bytes());
    let run = sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(1).says("could not");
    drop(run.says_not("as it stands"));
}

#[test]
fn an_older_copy_is_told_and_takes_no_change() {
    let sandbox = put_back();
    let before = sandbox.vault_bytes();
    for more in [&[][..], &["-q"]] {
        let run = sandbox.mfa([&["code", "alice"], more].concat()).run().exits(0).prints("713653\n");
        run.says("warning: ")
            .says("is an older copy: generation 1, and 2 was there already")
            .hints("--accept");
    }
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(1).says("is an older copy");
    sandbox.mfa(["decrypt", "-y"]).run().exits(1);
    assert_eq!(sandbox.vault_bytes(), before);
    sandbox
        .mfa(["verify-vault"])
        .run()
        .exits(1)
        .prints("the vault is an older copy: generation 1, and 2 was there already\n");
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
}

#[test]
fn a_generation_that_was_edited_is_not_remembered() {
    let sandbox = alice();
    let text = sandbox.vault_text();
    sandbox.write_vault(text.replace("generation = 1", "generation = 900").as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").says("the generation was edited");
    sandbox.mfa(["list", "--codes"]).run().exits(0).says("the generation was edited");
    sandbox.write_vault(text.as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

#[test]
fn a_generation_that_none_can_follow_is_named() {
    let sandbox = alice();
    let generation = |from: &str, to: &str| {
        let text =
            sandbox.vault_text().replace(&format!("generation = {from}"), &format!("generation = {to}"));
        sandbox.write_vault(text.as_bytes());
    };
    let highest = i64::MAX.to_string();
    generation("1", &highest);
    let accept = || sandbox.mfa(["verify-vault", "--accept", "-y"]).run();
    accept().exits(1).says("the highest 'vault.generation'").hints("a lower number");
    generation(&highest, "1");
    accept().exits(0);
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
}

#[test]
fn another_vault_in_its_place_gives_nothing() {
    let sandbox = alice();
    // made by somebody who knows the public key, as everybody may
    let strange = Kind::Sealed.sandbox_with_accounts(&[("alice", "aws")]);
    sandbox.write_vault(&strange.vault_bytes().unwrap());
    let before = sandbox.vault_bytes();
    for arguments in [
        &["code", "alice"][..],
        &["next-pair", "alice"],
        &["list", "--codes"],
        &["add", "x"],
        &["unlock"],
        &["slots", "add", "--key-store"],
        &["export-qr", "alice", "-o", "-"],
        &["rekey", "-r", &public_key()],
        &["decrypt", "-y"],
    ] {
        let run = sandbox.mfa(arguments).stdin(vector("plain").uri()).run();
        run.exits(1).prints("").says("is another vault than the one that was there").hints("verify-vault");
        assert!(sandbox.vault_bytes() == before, "{arguments:?}");
    }
    sandbox.mfa(["list", "--names"]).run().exits(0).prints("alice\n");
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn a_plain_vault_in_its_place_takes_no_new_secret() {
    let sandbox = alice();
    let plain = vault_of(&[("alice", "plain")]);
    sandbox.write_vault(plain.as_bytes());
    let run = sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run();
    run.exits(1).says("is not sealed, and was when it was last seen here").hints("verify-vault --accept");
    assert_eq!(sandbox.vault_text(), plain);
    sandbox.mfa(["verify-vault"]).run().exits(1);
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    assert_eq!(sandbox.vault_text(), plain);
    sandbox.mfa(["add", "x"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["verify-vault"]).run().exits(0);
    sandbox.encrypt().run().exits(0);
    sandbox.mfa(["code", "x"]).run().exits(0).prints("596825\n").in_silence();
}

#[test]
fn a_vault_that_was_sealed_anew_elsewhere_is_taken_once_it_was_looked_at() {
    let here = alice();
    let elsewhere = Sandbox::new().with_identity();
    elsewhere.write_vault(&here.vault_bytes().unwrap());
    elsewhere.mfa(["rekey", "-r", &public_key()]).run().exits(0);
    here.write_vault(&elsewhere.vault_bytes().unwrap());
    here.mfa(["code", "alice"]).run().exits(1).says("or has another key");
    here.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    here.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
}

/// The text from the header of an account on
fn record<'a>(text: &'a str, name: &str) -> &'a str {
    &text[text.find(&format!("\n[accounts.{name}]")).unwrap()..]
}

#[test]
fn a_merge_of_two_copies_is_shown_and_then_signed() {
    let (here, there) = (alice(), Sandbox::new().with_identity());
    there.write_vault(&here.vault_bytes().unwrap());
    here.mfa(["add", "a"]).stdin(vector("aws").uri()).run().exits(0);
    there.mfa(["add", "b"]).stdin(vector("sha512").uri()).run().exits(0);
    let theirs = there.vault_text();
    let both = here.vault_text() + record(&theirs, "b");
    for listed in [false, true] {
        // as somebody resolves it who keeps one head, without and with the names of both in the list
        let merged =
            if listed { both.replace("    \"a\",\n", "    \"a\",\n    \"b\",\n") } else { both.clone() };
        let finding = if listed {
            "the list of the accounts was edited\n"
        } else {
            "the account 'b' was added by a copy of this vault\n"
        };
        let here = Sandbox::new().with_identity();
        here.write_vault(merged.as_bytes());
        here.mfa(["code", "b"]).run().exits(0).prints(&format!("{}\n", vector("sha512").at("59")));
        here.mfa(["add", "x"]).stdin(vector("plain").uri()).run().exits(1).says(finding.trim_end());
        here.mfa(["verify-vault"]).run().exits(1).prints(finding).hints("--accept");
        here.mfa(["verify-vault", "--accept", "-y"]).run().exits(0).prints(finding);
        for (name, id) in [("alice", "plain"), ("a", "aws"), ("b", "sha512")] {
            let code = format!("{}\n", vector(id).at("59"));
            here.mfa(["code", "-e", name]).run().exits(0).prints(&code).in_silence();
        }
        there.write_vault(&here.vault_bytes().unwrap());
        there.mfa(["code", "-e", "a"]).run().exits(0).prints("596825\n").in_silence();
        there.mfa(["verify-vault"]).run().exits(0).prints("");
    }
}

#[test]
fn the_marks_of_a_conflict_are_a_syntax_error_with_its_place() {
    let sandbox = alice();
    let text = sandbox
        .vault_text()
        .replace("generation = 1\n", "<<<<<<< HEAD\ngeneration = 1\n=======\n>>>>>>> x\n");
    sandbox.write_vault(text.as_bytes());
    sandbox.mfa(["code", "alice"]).run().exits(1).prints("").says("syntax error at line");
}

#[test]
fn accepting_signs_what_was_shown() {
    let sandbox = alice();
    sandbox.mfa(["verify-vault", "-y"]).run().exits(2);
    sandbox.mfa(["verify-vault", "--accept"]).run().exits(0).says("as it was signed");
    let text = sandbox.vault_text();
    sandbox.write_vault(text.replace("issuer = \"Example\"", "issuer = \"Exampel\"").as_bytes());
    restrict(&sandbox.vault());
    sandbox
        .mfa(["verify-vault", "--accept"])
        .run()
        .exits(2)
        .prints("the account 'alice' was edited\n")
        .hints("-y");
}

#[cfg(unix)]
#[test]
fn a_link_in_its_place_makes_no_other_vault_of_it() {
    let sandbox = alice();
    let older = sandbox.vault_bytes().unwrap();
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    let plain = vault_of(&[("alice", "plain")]);
    for (other, says) in [(&older[..], "is an older copy"), (plain.as_bytes(), "is not sealed, and was")] {
        restrict(&sandbox.write("other.toml", other));
        std::fs::remove_file(sandbox.vault()).unwrap();
        std::os::unix::fs::symlink("other.toml", sandbox.vault()).unwrap();
        sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(1).says(says);
        sandbox.mfa(["verify-vault"]).run().exits(1);
    }
}

/// As a manager of dot-files does
#[cfg(unix)]
#[test]
fn the_vault_itself_behind_a_link_raises_no_doubt() {
    let sandbox = alice();
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    std::fs::rename(sandbox.vault(), sandbox.path("moved.toml")).unwrap();
    std::os::unix::fs::symlink("moved.toml", sandbox.vault()).unwrap();
    sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
    sandbox.mfa(["verify-vault"]).run().exits(0);
    sandbox.mfa(["code", "new"]).env("MFA_VAULT", sandbox.path("moved.toml")).run().exits(0).in_silence();
}

#[test]
fn an_older_copy_that_is_accepted_leaves_none_between_it_and_now() {
    let sandbox = alice();
    let older: Vec<Vec<u8>> = (0..3)
        .map(|number| {
            let copy = sandbox.vault_bytes().unwrap();
            sandbox.mfa(["edit", "alice", "--tag", &number.to_string()]).run().exits(0);
            copy
        })
        .collect();
    sandbox.write_vault(&older[0]);
    sandbox
        .mfa(["verify-vault", "--accept", "-y"])
        .run()
        .exits(0)
        .prints("the vault is an older copy: generation 1, and 4 was there already\n");
    for copy in &older {
        let accepted = sandbox.vault_bytes().unwrap();
        sandbox.write_vault(copy);
        sandbox.mfa(["verify-vault"]).run().exits(1);
        sandbox.write_vault(&accepted);
        sandbox.mfa(["verify-vault"]).run().exits(0);
    }
}

#[test]
fn a_sealed_vault_that_has_gone_is_not_begun_anew_as_a_plain_one() {
    let sandbox = alice();
    std::fs::remove_file(sandbox.vault()).unwrap();
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(1).says("is not sealed, and was");
    sandbox.write_vault(vault_of(&[("alice", "plain")]).as_bytes());
    sandbox.encrypt().run().exits(1).says("is not sealed, and was").hints("--accept");
    std::fs::remove_file(sandbox.vault()).unwrap();
    sandbox.mfa(["verify-vault", "--accept", "-y"]).run().exits(0);
    sandbox.mfa(["add", "new"]).stdin(vector("aws").uri()).run().exits(0);
}
