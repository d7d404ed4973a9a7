//! Many writers at once, a process killed at any instant, a full disk: the vault is the old or the new one, whole.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::thread::scope;

use crate::sandbox::Sandbox;
use crate::vectors::vector;

fn names(sandbox: &Sandbox) -> BTreeSet<String> {
    let Some(bytes) = sandbox.vault_bytes() else { return BTreeSet::new() };
    let text = String::from_utf8(bytes).expect("the vault is text");
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("a torn vault: {error}\n{text}"));
    let accounts = table.get("accounts").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    for (name, account) in &accounts {
        assert_eq!(account["secret"].as_str(), Some(vector("plain").secret.as_str()), "{name}");
    }
    accounts.keys().cloned().collect()
}

fn start(sandbox: &Sandbox, name: &str) -> Child {
    let mut command = sandbox.mfa(["add", name, "-"]).command();
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(vector("plain").secret.as_bytes()).unwrap();
    child
}

#[test]
fn fifty_processes_at_once_lose_nothing() {
    let sandbox = Sandbox::new();
    scope(|scope| {
        for number in 0..50 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let run =
                    sandbox.mfa(["add", &format!("n{number}"), "-"]).stdin(&vector("plain").secret).run();
                run.exits(0).says(&format!("stored 'n{number}'"));
            });
        }
    });
    assert_eq!(names(&sandbox), (0..50).map(|number| format!("n{number}")).collect());
}

#[test]
fn of_fifty_with_one_name_one_wins_and_the_others_are_told() {
    let sandbox = Sandbox::new();
    let secrets = ["plain", "aws", "same-issuer", "sha512", "digits7"].map(|id| &vector(id).secret);
    let codes = scope(|scope| {
        let run =
            |number: usize| sandbox.mfa(["add", "same", "-"]).stdin(secrets[number % 5]).run().status.code();
        let threads: Vec<_> = (0..50).map(|number| scope.spawn(move || run(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 10, "the winner's secret: {codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(5)).count(), 40, "{codes:?}");
}

#[test]
fn readers_see_a_whole_vault_while_it_changes() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    scope(|scope| {
        scope.spawn(|| {
            for number in 0..40 {
                let run =
                    sandbox.mfa(["add", &format!("n{number}"), "-"]).stdin(&vector("plain").secret).run();
                run.exits(0);
            }
        });
        for _ in 0..100 {
            sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").is_silent();
        }
    });
}

/// Adds, each killed a little later than the one before, over and over: whether it had reported success is known
#[test]
fn a_process_killed_at_any_instant_leaves_a_whole_vault() {
    let sandbox = Sandbox::new();
    let mut reported = BTreeSet::new();
    let mut killed = 0;
    let mut spins = 0_u32;
    for number in 0..300 {
        let name = format!("n{number}");
        let mut child = start(&sandbox, &name);
        // wasted in the processor and not slept, for instants finer than a scheduler's
        for spin in 0..spins {
            std::hint::black_box(spin);
        }
        // not an error where it had ended already
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        if output.status.success() || stderr.contains("stored") {
            reported.insert(name);
            spins = 0;
        } else {
            killed += 1;
            spins += 150_000;
        }
        let there = names(&sandbox);
        assert!(reported.is_subset(&there), "lost: {:?}", reported.difference(&there));
    }
    assert!(killed > 100 && reported.len() > 5, "{killed} killed, {} stored", reported.len());
    sandbox.mfa(["add", "last", "-"]).stdin(&vector("plain").secret).run().exits(0);
    let rest: Vec<_> =
        std::fs::read_dir(sandbox.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(rest.len() <= 3, "left lying around: {rest:?}");
}

#[test]
fn a_full_disk_is_a_clear_error_and_changes_nothing() {
    // of files: the blocks that `ulimit -f` counts are of 512 bytes here and of 1024 there
    let filler = format!("# {}\n", "x".repeat(100)).repeat(40);
    let start = crate::sandbox::vault_of(&[("alice", "plain")]) + &filler;
    for limit in 0..16 {
        let sandbox = Sandbox::with_vault(&start);
        let issuer = "y".repeat(6000);
        let add = sandbox.mfa(["add", "big", "-", "-i", &issuer]).stdin(&vector("aws").secret);
        let run = add.after(&format!("ulimit -f {limit}")).run();
        if run.status.code() == Some(0) {
            sandbox.mfa(["code", "big"]).run().exits(0).prints("596825\n");
            assert!(limit >= 10, "{limit}");
            continue;
        }
        run.exits(1).prints("").says("could not write the vault").says_not("stored");
        assert_eq!(sandbox.vault_text(), start, "under {limit}");
        sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").is_silent();
        let names: Vec<_> =
            std::fs::read_dir(sandbox.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(names.len() <= 3, "half a file was left: {names:?}");
    }
}

#[test]
fn a_first_vault_on_a_full_disk_is_no_empty_one() {
    let sandbox = Sandbox::new();
    let add = sandbox.mfa(["add", "x", "-"]).stdin(&vector("aws").secret).after("ulimit -f 0");
    add.run().exits(1).says("could not write the vault").says_not("stored");
    assert_eq!(sandbox.vault_bytes(), None);
}
