//! Generated attacks: each kind of edit without the key, on a vault with readable and with hidden names. A command
//! either gives nothing, or all but the edited account, or an older state with a warning.

use crate::harness::{Outcome, Sandbox, VaultKind, fixture, public_key, vector};

/// The accounts of the attacked vault, with their vectors
const ACCOUNTS: [(&str, &str); 3] = [("one", "plain"), ("two", "aws"), ("three", "sha512")];

/// The only outcome of an attack
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcomes {
    /// No command gives or changes anything.
    Nothing,
    /// Each command works for all accounts but this one.
    AllBut(usize),
    /// The older codes are given with a warning, and nothing can be changed.
    OlderWithWarning,
    /// The file means the same.
    Everything,
}

struct Attack {
    name: String,
    text: String,
    expected: Outcomes,
    /// Whether a reader without checks can open the file.
    opens: bool,
}

/// The text of an encrypted vault before and after a change, and its parts
struct Texts {
    before: String,
    after: String,
}

impl Texts {
    fn new(kind: VaultKind) -> (Sandbox, Self) {
        let sandbox = kind.sandbox_with_accounts(&ACCOUNTS[..2]);
        sandbox.mfa(["add", "two", "-", "-f"]).stdin(&vector("sha256-8-60").secret).run().exits(0);
        let before = sandbox.vault_text();
        sandbox.mfa(["add", "two", "-", "-f"]).stdin(&vector("aws").secret).run().exits(0);
        sandbox.mfa(["add", "three", "-"]).stdin(vector("sha512").uri()).run().exits(0);
        let after = sandbox.vault_text();
        (sandbox, Self { before, after })
    }

    /// Returns the records of a text, each with its header line.
    fn records(text: &str) -> Vec<String> {
        let start = text.find("\n[accounts.").expect("it has accounts");
        text[start..].split("\n[accounts.").skip(1).map(|record| format!("\n[accounts.{record}")).collect()
    }

    fn key(record: &str) -> &str {
        record.split_once("[accounts.").unwrap().1.split_once(']').unwrap().0
    }

    /// Returns the first line of a text that begins so.
    fn line<'t>(text: &'t str, start: &str) -> &'t str {
        text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start} in {text}"))
    }

    fn without_records(&self) -> &str {
        &self.after[..self.after.find("\n[accounts.").unwrap()]
    }

    fn with_records(&self, records: &[String]) -> String {
        format!("{}{}", self.without_records(), records.concat())
    }
}

/// Returns a line with another Base64 character in its value.
fn flipped(line: &str) -> String {
    let at = line.find('"').unwrap() + 9;
    let other = if line.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &line[..at], &line[at + 1..])
}

struct Attacks {
    list: Vec<Attack>,
}

impl Attacks {
    fn add(&mut self, expected: &Outcomes, name: impl Into<String>, text: String) {
        self.list.push(Attack { name: name.into(), text, expected: expected.clone(), opens: true });
    }

    /// Adds an attack that also locks the vault for a reader without checks.
    fn add_locking(&mut self, name: &str, text: String) {
        self.list.push(Attack { name: name.to_owned(), text, expected: Outcomes::Nothing, opens: false });
    }

    /// Removes, doubles, renames, exchanges and rolls back records.
    fn on_records(&mut self, texts: &Texts) {
        let (records, older) = (Texts::records(&texts.after), Texts::records(&texts.before));
        for (index, record) in records.iter().enumerate() {
            let (key, next) = (Texts::key(record), &records[(index + 1) % records.len()]);
            let next_key = Texts::key(next);
            let removed: Vec<String> = records.iter().filter(|other| *other != record).cloned().collect();
            let removed = texts.with_records(&removed);
            let unlisted = removed.replacen(&format!("    \"{key}\",\n"), "", 1);
            let doubled = texts.after.clone() + &record.replacen(key, &format!("{key}x"), 1);
            let listed = doubled.replacen(
                &format!("    \"{key}\",\n"),
                &format!("    \"{key}\",\n    \"{key}x\",\n"),
                1,
            );
            let exchanged = [record.replacen(key, next_key, 1), next.replacen(next_key, key, 1)];
            let rest = records.iter().filter(|other| *other != record && *other != next).cloned();
            let exchanged: Vec<String> = exchanged.into_iter().chain(rest).collect();
            let tag = Texts::line(record, "tag = ");
            for (name, text) in [
                ("remove", removed),
                ("remove and unlist", unlisted),
                ("double", doubled),
                ("double and list", listed),
                ("rename", texts.after.replace(key, &format!("{key}x"))),
                ("exchange", texts.with_records(&exchanged)),
                ("flip the tag", texts.after.replace(tag, &flipped(tag))),
                ("remove the tag", texts.after.replace(&format!("{tag}\n"), "")),
                ("empty the tag", texts.after.replace(tag, "tag = \"\"")),
                ("take the next tag", texts.after.replace(tag, Texts::line(next, "tag = "))),
            ] {
                self.add(&Outcomes::Nothing, format!("{name} {index}"), text);
            }
        }
        let rolled_back = texts.after.replace(&records[1], &older[1]);
        let other_edit = rolled_back.replacen("sealed = ", "x = 1\nsealed = ", 1);
        let own_edit = rolled_back.replace(&older[1], &format!("{}\nx = 1\n", older[1].trim_end()));
        self.add(&Outcomes::Nothing, "roll back", rolled_back);
        self.add(&Outcomes::Nothing, "roll back beside an edit", other_edit);
        self.add(&Outcomes::Nothing, "roll back and edit", own_edit);
        let mut moved = records.clone();
        moved.rotate_left(1);
        self.add(&Outcomes::Nothing, "reorder", texts.with_records(&moved));
    }

    /// Edits the header, the slots and the MAC.
    fn on_header(&mut self, texts: &Texts) {
        let after = &texts.after;
        let mac = Texts::line(after, "mac = ");
        let slot = &texts.without_records()[after.find("[[vault.slot]]").unwrap()..];
        let label = Texts::line(slot, "label = ");
        let generation = Texts::line(after, "generation = ");
        let first = Texts::line(after, "    \"");
        let moved =
            after.replacen(&format!("{first}\n"), "", 1).replacen("\n]\n", &format!("\n{first}\n]\n"), 1);
        for (name, text) in [
            ("raise the generation", after.replacen(generation, "generation = 900", 1)),
            ("lower the generation", after.replacen(generation, "generation = 0", 1)),
            ("reorder the list", moved),
            ("edit the label of a slot", after.replace(label, "label = \"mine\"")),
            ("remove the label of a slot", after.replace(&format!("{label}\n"), "")),
            ("double a slot", after.replace(slot, &format!("{slot}\n{slot}"))),
            ("add a field", after.replacen("version = 3", "version = 3\nx = 1", 1)),
            ("add a field to the header", after.replacen("[vault]\n", "[vault]\nx = 1\n", 1)),
            ("add a table", format!("{after}\n[other]\nx = 1\n")),
            ("flip the MAC", after.replace(mac, &flipped(mac))),
            ("remove the MAC", after.replace(&format!("{mac}\n"), "")),
            ("take an older MAC", after.replace(mac, Texts::line(&texts.before, "mac = "))),
        ] {
            self.add(&Outcomes::Nothing, name, text);
        }
        let id = Texts::line(after, "id = ");
        self.add_locking("edit the id", after.replacen(id, "id = \"AAAAAAAAAAAAAAAAAAAAAA==\"", 1));
        self.add_locking("flip a slot", after.replace(slot, &slot.replacen("YWdl", "YWdm", 1)));
        self.add_locking(
            "hide shown names, or show hidden ones",
            match after.find("hide_names = true\n") {
                Some(_) => after.replacen("hide_names = true\n", "", 1).replace("label = ", "issuer = "),
                None => after.replacen("[vault]\n", "[vault]\nhide_names = true\n", 1),
            },
        );
        self.add_locking("empty the file", String::new());
        self.add_locking("lower the version", after.replacen("version = 3", "version = 2", 1));
    }

    /// Replaces the whole file.
    fn on_file(&mut self, texts: &Texts) {
        let plain = crate::harness::vault_toml(&[
            ("one", "sha256-8-60"),
            ("two", "sha256-8-60"),
            ("three", "sha256-8-60"),
        ]);
        let foreign = Sandbox::new();
        foreign.write_vault(plain.as_bytes());
        foreign.mfa(["vault", "encrypt", "-r", &public_key()]).run().exits(0);
        self.add(&Outcomes::Nothing, "a plain-text vault", plain);
        self.add(&Outcomes::Nothing, "a foreign vault for the same key", foreign.vault_text());
        self.add(&Outcomes::OlderWithWarning, "an older copy", texts.before.clone());
        for (name, text) in [
            ("a comment", texts.after.replacen("[vault]\n", "# a remark\n[vault] # another\n", 1)),
            ("the line ends of Windows", texts.after.replace('\n', "\r\n")),
            ("blanks", texts.after.replace("tag = ", "tag   =  ")),
        ] {
            self.add(&Outcomes::Everything, name, text);
        }
    }

    /// Edits a field of a record, whose MAC stays.
    fn on_fields(&mut self, texts: &Texts) {
        for (index, record) in Texts::records(&texts.after).iter().enumerate() {
            let sealed = Texts::line(record, "sealed = ");
            let generation = Texts::line(record, "generation = ");
            let add = |line: &str| texts.after.replace(sealed, &format!("{line}\n{sealed}"));
            let mut edits = vec![
                ("add an unknown field", add("x = 1")),
                ("add tags", add("tags = [\"x\"]")),
                ("add a type", add("type = \"steam\"")),
                ("flip the secret", texts.after.replace(sealed, &flipped(sealed))),
                (
                    "edit the generation",
                    texts.after.replace(record, &record.replace(generation, "generation = 0")),
                ),
            ];
            if let Some(label) = record.lines().find(|line| line.starts_with("label = ")) {
                edits.push(("flip the label", texts.after.replace(label, &flipped(label))));
            }
            for (name, text) in edits {
                self.add(&Outcomes::AllBut(index), format!("{name} {index}"), text);
            }
        }
    }

    fn on(texts: &Texts) -> Vec<Attack> {
        let mut attacks = Self { list: Vec::new() };
        attacks.on_records(texts);
        attacks.on_header(texts);
        attacks.on_file(texts);
        attacks.on_fields(texts);
        attacks.list
    }
}

/// Returns the code of an account of the attacked vault.
fn code(index: usize) -> String {
    vector(ACCOUNTS[index].1).at("59").to_owned()
}

/// Returns why an answer to an attack is wrong.
fn judge(attack: &Attack, index: usize, run: &Outcome) -> Option<String> {
    let is_refused = run.status.code() != Some(0) && run.stdout.is_empty();
    let is_right = run.status.code() == Some(0) && run.text().trim_end() == code(index);
    let is_fine = match &attack.expected {
        Outcomes::Nothing => is_refused,
        Outcomes::AllBut(edited) if *edited == index => is_refused,
        Outcomes::AllBut(_) => is_right,
        Outcomes::Everything => is_right && run.stderr.is_empty(),
        Outcomes::OlderWithWarning if index == 0 => is_right && run.stderr.contains("is older than expected"),
        Outcomes::OlderWithWarning => is_refused || run.stderr.contains("is older than expected"),
    };
    (!is_fine).then(|| format!("{}: {:?} gave {:?} {}", attack.name, run.said, run.text(), run.stderr))
}

/// Runs commands on the attacked vault and returns what is wrong with their answers.
fn failures(kind: VaultKind, after: &str, attack: &Attack) -> Vec<String> {
    let sandbox = kind.sandbox_without_vault();
    sandbox.write_vault(after.as_bytes());
    sandbox.mfa(["code", "one"]).run().exits(0);
    sandbox.write_vault(attack.text.as_bytes());
    let mut failures = Vec::new();
    for (index, (name, _)) in ACCOUNTS.iter().enumerate() {
        failures.extend(judge(attack, index, &sandbox.mfa(["code", "-e", "-q", name]).run()));
    }
    let list = sandbox.mfa(["list", "--codes", "-q", "-j"]).run();
    for index in 0..ACCOUNTS.len() {
        let gives = list.text().contains(&format!("\"{}\"", code(index)));
        let may_give = match &attack.expected {
            Outcomes::Nothing => false,
            Outcomes::AllBut(edited) => *edited != index,
            Outcomes::Everything => true,
            Outcomes::OlderWithWarning => continue,
        };
        if gives != may_give {
            failures.push(format!("{}: list gave {} {}", attack.name, list.text(), list.stderr));
        }
    }
    let may_change = matches!(attack.expected, Outcomes::AllBut(_) | Outcomes::Everything);
    let add = sandbox.mfa(["add", "new", "-"]).stdin(&vector("plain").secret).run();
    let is_changed = sandbox.vault_text() != attack.text;
    if (add.status.code() == Some(0)) != may_change || is_changed != may_change {
        failures.push(format!("{}: add changed the vault: {is_changed}, {}", attack.name, add.stderr));
    }
    if let Outcomes::AllBut(edited) = attack.expected {
        failures.extend(judge(attack, edited, &sandbox.mfa(["code", "-e", "-q", ACCOUNTS[edited].0]).run()));
    }
    failures
}

#[test]
fn no_attack_gets_through() {
    for kind in [VaultKind::Encrypted, VaultKind::HiddenNames] {
        let (_sandbox, texts) = Texts::new(kind);
        let attacks = Attacks::on(&texts);
        let failures: Vec<String> =
            attacks.iter().flat_map(|attack| failures(kind, &texts.after, attack)).collect();
        assert!(failures.is_empty(), "{kind:?}: {}", failures.join("\n"));
        println!("{} attacks on {kind:?}: none got through", attacks.len());
    }
}

/// The suite can fail: a reader without the checks gives a code in each attack that leaves the vault open.
#[test]
fn reader_without_checks_lets_every_attack_through() {
    let identity = std::fs::read_to_string(fixture("sealed/age-key.txt")).unwrap();
    for kind in [VaultKind::Encrypted, VaultKind::HiddenNames] {
        let (_sandbox, texts) = Texts::new(kind);
        for attack in Attacks::on(&texts).iter().filter(|attack| attack.opens) {
            let codes = mfa::hooks::attack::read_unchecked(attack.text.as_bytes(), &identity, 59);
            assert!(!codes.is_empty(), "{kind:?}: {}", attack.name);
        }
    }
}
