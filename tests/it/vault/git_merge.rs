//! The merge driver, with real git: two clones of a repository with one vault.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::harness::{MFA, Sandbox, VaultKind, public_key, ssh_public_key, vault_toml, vector};

/// Makes a test of each function for each kind of vault.
macro_rules! with_git {
    ($($test:ident),+ $(,)?) => {
        with_git!(@plain Plain: $($test),+);
        with_git!(@encrypted Encrypted: $($test),+);
        with_git!(@hidden_names HiddenNames: $($test),+);
    };
    (@$module:ident $kind:ident: $($test:ident),+) => {
        mod $module {
            $(
                #[test]
                #[ignore = "needs git: .ci/run installs it"]
                fn $test() { super::$test(super::VaultKind::$kind); }
            )+
        }
    };
}

with_git![
    both_sides_of_random_edits_arrive,
    edits_of_different_fields_and_accounts_are_merged,
    conflict_keeps_this_side_and_the_exit_code_says_so,
    removal_against_an_edit_keeps_the_account,
    same_account_added_on_both_sides_is_stored_once,
    other_account_of_the_same_name_gets_a_number,
    rebase_merges_too,
    path_with_blanks_and_wildcards_is_merged,
];

/// Two clones: the vault was committed in the first one, and cloned.
struct Clones {
    sandbox: Sandbox,
    /// The path of the vault in a clone
    file: &'static str,
}

impl Clones {
    fn new(kind: VaultKind, accounts: &[(&str, &str)]) -> Self {
        Self::of_text(kind, &vault_toml(accounts), "vault.toml")
    }

    fn of_text(kind: VaultKind, text: &str, file: &'static str) -> Self {
        let clones = Self { sandbox: kind.sandbox_with(text), file };
        let here = clones.folder("here");
        fs::create_dir_all(clones.vault("here").parent().unwrap()).unwrap();
        fs::rename(clones.sandbox.vault(), clones.vault("here")).unwrap();
        clones.git("here", &["init", "-q", "-b", "main"]);
        fs::write(here.join(".gitignore"), "*.bak\n*.lock\n").unwrap();
        clones.commit("here");
        clones.git("here", &["clone", "-q", here.to_str().unwrap(), "../there"]);
        for clone in ["here", "there"] {
            let said = clones.mfa(clone, &["vault", "merge", "--install-driver"]);
            assert!(said.contains("git merges"), "{said}");
        }
        clones
    }

    fn folder(&self, clone: &str) -> PathBuf {
        let folder = self.sandbox.path(clone);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn vault(&self, clone: &str) -> PathBuf {
        self.sandbox.path(clone).join(self.file)
    }

    /// Runs `mfa` on the vault of a clone, and returns what it says.
    fn mfa(&self, clone: &str, words: &[&str]) -> String {
        let outcome = self.sandbox.mfa(words).env("MFA_VAULT", self.vault(clone)).run().exits(0);
        format!("{}{}", outcome.text(), outcome.stderr)
    }

    fn add(&self, clone: &str, name: &str, uri: &str) {
        let run = self.sandbox.mfa(["add", name, "-"]).env("MFA_VAULT", self.vault(clone)).stdin(uri).run();
        drop(run.exits(0));
    }

    fn git_output(&self, clone: &str, words: &[&str]) -> Output {
        let run = self.sandbox.mfa([""; 0]).command();
        // git gives files in the work tree the modes that the umask leaves
        let mut git = Command::new("sh");
        git.args(["-c", "umask 077; exec git \"$@\"", "git"]);
        git.args(words).current_dir(self.folder(clone)).env_clear();
        git.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
        git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_EDITOR", "true");
        for name in ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"] {
            git.env(name, "test@example.com");
        }
        git.output().expect("git runs")
    }

    #[track_caller]
    fn git(&self, clone: &str, words: &[&str]) {
        let output = self.git_output(clone, words);
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, clone: &str) {
        self.git(clone, &["add", "-A"]);
        self.git(clone, &["commit", "-q", "--allow-empty", "-m", "x"]);
    }

    /// Commits both sides and merges the other one into `here`. Returns whether git found no conflict, and what was said.
    fn merge(&self) -> (bool, String) {
        self.commit("here");
        self.commit("there");
        self.git("here", &["fetch", "-q", "../there", "main"]);
        let output = self.git_output("here", &["merge", "--no-edit", "FETCH_HEAD"]);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// Returns the accounts by their secrets, as `mfa export` writes them.
    fn accounts(&self, clone: &str) -> BTreeMap<String, Value> {
        let run = self.sandbox.mfa(["export", "--reveal"]).env("MFA_VAULT", self.vault(clone)).run();
        let json = run.exits(0).in_silence().json();
        let accounts = json["accounts"].as_array().unwrap().iter();
        accounts.map(|account| (account["secret"].as_str().unwrap().to_owned(), account.clone())).collect()
    }

    /// After the merge was committed, the other clone gets it and finds nothing wrong.
    fn check_the_other_clone(&self) {
        self.commit("here");
        self.git("there", &["pull", "-q", "--no-rebase", "../here", "main"]);
        assert_eq!(self.accounts("there"), self.accounts("here"));
        for clone in ["here", "there"] {
            let said = self.mfa(clone, &["list", "--codes"]);
            assert!(!said.contains("warning"), "{said}");
        }
    }
}

/// Returns the values of one field by the names of the accounts.
fn field(accounts: &BTreeMap<String, Value>, field: &str) -> BTreeMap<String, Value> {
    let value = |account: &Value| (account["name"].as_str().unwrap().to_owned(), account[field].clone());
    accounts.values().map(value).collect()
}

fn names(accounts: &BTreeMap<String, Value>) -> Vec<String> {
    field(accounts, "name").into_keys().collect()
}

const THREE: [(&str, &str); 3] = [("alice", "plain"), ("bob", "unicode"), ("carol", "aws")];

fn edits_of_different_fields_and_accounts_are_merged(kind: VaultKind) {
    let clones = Clones::new(kind, &THREE);
    clones.mfa("here", &["rename", "alice", "alicia"]);
    clones.mfa("here", &["edit", "bob", "--tag", "h"]);
    clones.mfa("there", &["edit", "alice", "-i", "GitHub", "--note", "old phone"]);
    clones.mfa("there", &["edit", "bob", "--tag", "t"]);
    clones.mfa("there", &["remove", "carol", "-y"]);
    let (clean, said) = clones.merge();
    assert!(clean && said.contains("- carol: removed in the other copy"), "{said}");
    let accounts = clones.accounts("here");
    assert_eq!(names(&accounts), ["alicia", "bob"]);
    assert_eq!(field(&accounts, "issuer")["alicia"], "GitHub");
    assert_eq!(field(&accounts, "note")["alicia"], "old phone");
    assert_eq!(field(&accounts, "tags")["bob"], serde_json::json!(["h", "t"]));
    clones.check_the_other_clone();
}

fn conflict_keeps_this_side_and_the_exit_code_says_so(kind: VaultKind) {
    let clones = Clones::new(kind, &THREE);
    clones.mfa("here", &["edit", "alice", "-i", "Here"]);
    clones.mfa("there", &["edit", "alice", "-i", "There"]);
    clones.mfa("there", &["rename", "bob", "bobby"]);
    let (clean, said) = clones.merge();
    assert!(!clean && said.contains("! alice: issuer 'Here' here, 'There' there"), "{said}");
    assert!(said.contains("1 conflict in 'vault.toml'") && said.contains("git add vault.toml"), "{said}");
    let accounts = clones.accounts("here");
    assert_eq!(names(&accounts), ["alice", "bobby", "carol"]);
    assert_eq!(field(&accounts, "issuer")["alice"], "Here");
    clones.check_the_other_clone();
}

fn removal_against_an_edit_keeps_the_account(kind: VaultKind) {
    let clones = Clones::new(kind, &THREE);
    clones.mfa("here", &["remove", "alice", "-y"]);
    clones.mfa("there", &["edit", "alice", "-i", "GitHub"]);
    clones.mfa("there", &["remove", "bob", "-y"]);
    clones.mfa("here", &["edit", "bob", "-a", "robert"]);
    let (clean, said) = clones.merge();
    assert!(!clean && said.contains("! alice: removed here, changed there"), "{said}");
    assert!(said.contains("! bob: changed here, removed there"), "{said}");
    assert_eq!(names(&clones.accounts("here")), ["alice", "bob", "carol"]);
    clones.check_the_other_clone();
}

fn same_account_added_on_both_sides_is_stored_once(kind: VaultKind) {
    let clones = Clones::new(kind, &THREE);
    for clone in ["here", "there"] {
        clones.add(clone, "new", &vector("sha256-8-60").uri());
    }
    let (clean, said) = clones.merge();
    assert!(clean, "{said}");
    assert_eq!(names(&clones.accounts("here")), ["alice", "bob", "carol", "new"]);
    clones.check_the_other_clone();
}

fn other_account_of_the_same_name_gets_a_number(kind: VaultKind) {
    let clones = Clones::new(kind, &THREE);
    clones.add("here", "new", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXQ");
    clones.add("there", "new", "otpauth://totp/x?secret=KRSXG5CTMVRXEZLU");
    let (clean, said) = clones.merge();
    assert!(clean && said.contains("'new' is another account in this vault: stored as 'new-2'"), "{said}");
    let secrets = field(&clones.accounts("here"), "secret");
    assert_eq!(secrets["new"], "JBSWY3DPEHPK3PXQ");
    assert_eq!(secrets["new-2"], "KRSXG5CTMVRXEZLU");
    clones.check_the_other_clone();
}

fn rebase_merges_too(kind: VaultKind) {
    let clones = Clones::new(kind, &THREE);
    clones.mfa("here", &["edit", "alice", "--note", "h"]);
    clones.mfa("there", &["edit", "alice", "--tag", "t"]);
    clones.commit("here");
    clones.commit("there");
    clones.git("here", &["pull", "-q", "--rebase", "../there", "main"]);
    let accounts = clones.accounts("here");
    assert_eq!(field(&accounts, "note")["alice"], "h");
    assert_eq!(field(&accounts, "tags")["alice"], serde_json::json!(["t"]));
    clones.check_the_other_clone();
}

fn path_with_blanks_and_wildcards_is_merged(kind: VaultKind) {
    let clones = Clones::of_text(kind, &vault_toml(&THREE), "my files/[x] \"*\" 'é'/vault.toml");
    clones.mfa("here", &["edit", "alice", "--note", "h"]);
    clones.mfa("there", &["edit", "alice", "--tag", "t"]);
    let (clean, said) = clones.merge();
    assert!(clean, "{said}");
    assert_eq!(field(&clones.accounts("here"), "note")["alice"], "h");
    clones.check_the_other_clone();
}

#[test]
#[ignore = "needs git: .ci/run installs it"]
fn locked_vault_stays_as_it_is_and_the_message_says_why() {
    let mut clones = Clones::new(VaultKind::Encrypted, &THREE);
    clones.mfa("here", &["edit", "alice", "-i", "Here"]);
    clones.mfa("there", &["edit", "alice", "-a", "there"]);
    let before = fs::read(clones.vault("here")).unwrap();
    clones.sandbox = clones.sandbox.with_variable("MFA_IDENTITY", "");
    let (clean, said) = clones.merge();
    assert!(!clean && said.contains("the vault is locked"), "{said}");
    assert_eq!(fs::read(clones.vault("here")).unwrap(), before);
}

#[test]
#[ignore = "needs git: .ci/run installs it"]
fn side_that_was_edited_without_the_key_is_not_merged() {
    let clones = Clones::new(VaultKind::Encrypted, &THREE);
    let text = fs::read_to_string(clones.vault("there")).unwrap();
    let edited = text.replacen("issuer = \"Example\"", "issuer = \"Exampel\"", 1);
    assert_ne!(text, edited);
    fs::write(clones.vault("there"), edited).unwrap();
    clones.mfa("here", &["edit", "carol", "--tag", "h"]);
    let before = fs::read(clones.vault("here")).unwrap();
    let (clean, said) = clones.merge();
    assert!(!clean && said.contains("alice") && said.contains("edited without the key"), "{said}");
    assert_eq!(fs::read(clones.vault("here")).unwrap(), before);
}

#[test]
#[ignore = "needs git: .ci/run installs it"]
fn sides_with_different_keys_are_not_merged() {
    for change in [&["vault", "rekey", "-r", &public_key()][..], &["vault", "decrypt", "-y"]] {
        let clones = Clones::new(VaultKind::Encrypted, &THREE);
        clones.mfa("there", change);
        clones.mfa("here", &["edit", "carol", "--tag", "h"]);
        let before = fs::read(clones.vault("here")).unwrap();
        let (clean, said) = clones.merge();
        assert!(!clean && said.contains("could not merge 'vault.toml': "), "{said}");
        assert_eq!(fs::read(clones.vault("here")).unwrap(), before);
    }
}

#[test]
#[ignore = "needs git: .ci/run installs it"]
fn key_that_the_other_side_added_opens_the_merged_vault() {
    let clones = Clones::new(VaultKind::Encrypted, &THREE);
    clones.mfa("there", &["vault", "keys", "add", "-r", &ssh_public_key(), "--label", "laptop"]);
    clones.mfa("here", &["edit", "carol", "--tag", "h"]);
    let (clean, said) = clones.merge();
    assert!(clean && said.contains("+ key slots that the other copy added: public key laptop"), "{said}");
    assert!(clones.mfa("here", &["vault", "keys"]).contains("laptop"));
    clones.check_the_other_clone();
}

#[test]
#[ignore = "needs git: .ci/run installs it"]
fn driver_needs_a_repository() {
    let sandbox = Sandbox::with_accounts(&THREE);
    let run = sandbox.mfa(["vault", "merge", "--install-driver"]).run();
    run.exits(1).says("'git' failed: fatal: not a git repository");
}

/// A generator of random numbers, the same in each run
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn secret(&mut self) -> String {
        (0..16).map(|_| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[self.below(32)])).collect()
    }
}

/// Changes the vault of a clone in some random ways. New names begin with the name of the clone.
fn edit_at_random(clones: &Clones, clone: &str, random: &mut Random) {
    for number in 0..=random.below(6) {
        let all = names(&clones.accounts(clone));
        if all.is_empty() {
            return;
        }
        let name = all[random.below(all.len())].as_str();
        let text = random.one_of(&["", "A", "B", "C é", "D"]);
        match random.below(10) {
            0 => clones.add(
                clone,
                &format!("{clone}-{number}"),
                &format!("otpauth://totp/x?secret={}", random.secret()),
            ),
            1 => drop(clones.mfa(clone, &["remove", name, "-y"])),
            2 => drop(clones.mfa(clone, &["rename", name, &format!("{clone}-{number}-{}", name.len())])),
            3 => drop(clones.mfa(clone, &["edit", name, "-i", text])),
            4 => drop(clones.mfa(clone, &["edit", name, "-a", text])),
            5 => drop(clones.mfa(clone, &["edit", name, "--tag", random.one_of(&["x", "y", "z"])])),
            6 => drop(clones.mfa(clone, &["edit", name, "--untag", random.one_of(&["x", "y", "z"])])),
            7 => drop(clones.mfa(clone, &["edit", name, "--note", text])),
            8 if all.contains(&"count".to_owned()) => drop(clones.mfa(clone, &["code", "count", "-e"])),
            _ => {
                let arn = format!("arn:aws:iam::123456789012:mfa/{}", random.one_of(&["a", "b"]));
                drop(clones.mfa(clone, &["edit", name, "--serial", &arn]));
            }
        }
    }
}

/// Returns what a person would expect of an account, `None` if it is removed, and the number of conflicts.
fn expected(base: Option<&Value>, here: Option<&Value>, there: Option<&Value>) -> (Option<Value>, usize) {
    let (here, there) = match (base, here, there) {
        (_, Some(here), Some(there)) => (here, there),
        (None, one, other) => return (one.or(other).cloned(), 0),
        (Some(_), None, None) => return (None, 0),
        (Some(base), one, other) => {
            let left = one.or(other).unwrap();
            return if left == base { (None, 0) } else { (Some(left.clone()), 1) };
        }
    };
    let (mut result, mut conflicts) = (here.clone(), 0);
    for field in ["name", "issuer", "account", "serial", "note"] {
        let [base, here, there] = [base.unwrap_or(&Value::Null), here, there].map(|account| &account[field]);
        if here == there || base == there {
        } else if base == here {
            result[field] = there.clone();
        } else {
            conflicts += 1;
        }
    }
    let tags = |account: Option<&Value>| -> BTreeSet<String> {
        let tags = account.and_then(|account| account["tags"].as_array()).into_iter().flatten();
        tags.map(|tag| tag.as_str().unwrap().to_owned()).collect()
    };
    let (base, mine, other) = (tags(base), tags(Some(here)), tags(Some(there)));
    let kept = mine
        .union(&other)
        .filter(|tag| !base.contains(*tag) || (mine.contains(*tag) && other.contains(*tag)));
    result["tags"] = kept.cloned().collect::<Vec<_>>().into();
    if there["counter"].as_u64() > here["counter"].as_u64() {
        result["counter"] = there["counter"].clone();
    }
    (Some(result), conflicts)
}

/// Sorts the tags, and drops fields that are null.
fn comparable(mut account: Value) -> Value {
    let fields = account.as_object_mut().unwrap();
    fields.retain(|_, value| !value.is_null());
    let tags = fields.get_mut("tags").and_then(Value::as_array_mut).unwrap();
    tags.sort_by_key(ToString::to_string);
    account
}

fn both_sides_of_random_edits_arrive(kind: VaultKind) {
    let counter = "[accounts.count]\ntype = \"hotp\"\ncounter = 0\nsecret = \"GEZDGNBVGY3TQOJQ\"\n";
    let text = format!("{}{counter}", vault_toml(&THREE));
    let mut with_conflict = 0;
    for case in 1..=20 {
        let mut random = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(case));
        let clones = Clones::of_text(kind, &text, "vault.toml");
        let base = clones.accounts("here");
        edit_at_random(&clones, "here", &mut random);
        edit_at_random(&clones, "there", &mut random);
        let [here, there] = ["here", "there"].map(|clone| clones.accounts(clone));
        let (clean, said) = clones.merge();
        let secrets: BTreeSet<&String> = base.keys().chain(here.keys()).chain(there.keys()).collect();
        let (mut wanted, mut conflicts) = (BTreeMap::new(), 0);
        for secret in secrets {
            let (account, count) = expected(base.get(secret), here.get(secret), there.get(secret));
            conflicts += count;
            wanted.extend(account.map(|account| (secret.clone(), comparable(account))));
        }
        assert_eq!(clean, conflicts == 0, "case {case}: {said}");
        let merged: BTreeMap<String, Value> = clones
            .accounts("here")
            .into_iter()
            .map(|(secret, account)| (secret, comparable(account)))
            .collect();
        assert_eq!(merged, wanted, "case {case}: {said}");
        with_conflict += usize::from(conflicts > 0);
        clones.check_the_other_clone();
    }
    assert!((1..20).contains(&with_conflict), "cases with and without a conflict: {with_conflict}");
}

/// The program that git finds as `mfa` need not be the tested one, so the driver names it by its path.
#[test]
#[ignore = "needs git: .ci/run installs it"]
fn driver_calls_this_program() {
    let clones = Clones::new(VaultKind::Plain, &THREE);
    let output = clones.git_output("here", &["config", "merge.mfa.driver"]);
    let driver = String::from_utf8(output.stdout).unwrap();
    assert!(driver.starts_with(Path::new(MFA).to_str().unwrap()), "{driver}");
    assert!(driver.trim_end().ends_with(" vault merge --driver %O %A %B %P"), "{driver}");
}
