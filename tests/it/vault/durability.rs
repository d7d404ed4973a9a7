//! Many writers at once, and a process killed at any instant: the vault is the old or the new one, whole.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::thread::scope;
use std::time::{Duration, Instant};

use crate::harness::{Sandbox, VaultKind, over_all, vector};

over_all![
    fifty_processes_at_once_lose_nothing,
    one_of_fifty_processes_gets_the_name_and_the_others_fail,
    readers_see_a_whole_vault_while_it_changes,
    process_killed_at_any_instant_leaves_a_whole_vault,
];

/// Checks that every secret decrypts and that the file is authentic.
#[track_caller]
fn assert_intact(sandbox: &Sandbox) {
    sandbox.mfa(["vault", "verify"]).run().exits(0).prints("");
}

fn names(sandbox: &Sandbox) -> BTreeSet<String> {
    let Some(bytes) = sandbox.vault_bytes() else { return BTreeSet::new() };
    let text = String::from_utf8(bytes).expect("the vault is text");
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("a torn vault: {error}\n{text}"));
    let accounts = table.get("accounts").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    for (name, account) in &accounts {
        if sandbox.is_for_encrypted() {
            assert!(account["sealed"].is_str() && account["tag"].is_str(), "{name}: {account:?}");
        } else {
            assert_eq!(account["secret"].as_str(), Some(vector("plain").secret.as_str()), "{name}");
        }
    }
    if table["version"].as_integer() == Some(1) || !sandbox.vault_text().contains("hide_names") {
        return accounts.keys().cloned().collect();
    }
    let list = sandbox.mfa(["list", "--names"]).run().exits(0).text();
    list.lines().map(str::to_owned).collect()
}

fn start(sandbox: &Sandbox, name: &str) -> Child {
    let mut command = sandbox.mfa(["add", name, "-"]).command();
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(vector("plain").secret.as_bytes()).expect("a pipe holds that much");
    child
}

fn fifty_processes_at_once_lose_nothing(kind: VaultKind) {
    let sandbox = kind.sandbox();
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
    assert_intact(&sandbox);
}

fn one_of_fifty_processes_gets_the_name_and_the_others_fail(kind: VaultKind) {
    let sandbox = kind.sandbox();
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

fn readers_see_a_whole_vault_while_it_changes(kind: VaultKind) {
    let sandbox = kind.sandbox_with_accounts(&[("alice", "plain")]);
    scope(|scope| {
        scope.spawn(|| {
            for number in 0..40 {
                let run =
                    sandbox.mfa(["add", &format!("n{number}"), "-"]).stdin(&vector("plain").secret).run();
                run.exits(0);
            }
        });
        for _ in 0..100 {
            sandbox.mfa(["code", "alice"]).run().exits(0).prints("713653\n").in_silence();
        }
    });
}

/// Waits without sleeping, because a scheduler is too coarse.
fn spin_until(instant: Instant) {
    while Instant::now() < instant {
        std::hint::spin_loop();
    }
}

fn process_killed_at_any_instant_leaves_a_whole_vault(kind: VaultKind) {
    let sandbox = kind.sandbox();
    let (mut reported, mut killed) = (BTreeSet::new(), 0);
    // an estimate of the time that `add` takes; it grows or shrinks until half of the processes are killed
    let mut span = Duration::from_millis(10);
    for number in 0..300_u32 {
        let name = format!("n{number}");
        let begin = Instant::now();
        let mut child = start(&sandbox, &name);
        spin_until(begin + span * (number % 37) / 18);
        // fails if the process has ended already
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        if output.status.success() || String::from_utf8_lossy(&output.stderr).contains("stored") {
            reported.insert(name);
        } else {
            killed += 1;
        }
        let there = names(&sandbox);
        assert!(reported.is_subset(&there), "lost: {:?}", reported.difference(&there));
        assert_intact(&sandbox);
        span = if killed > reported.len() { span * 21 / 20 } else { span * 20 / 21 };
    }
    assert!(killed > 50 && reported.len() > 50, "{killed} killed, {} stored", reported.len());
    sandbox.mfa(["add", "last", "-"]).stdin(&vector("plain").secret).run().exits(0);
    let rest = sandbox.vault_files();
    assert!(rest.len() <= 3, "left lying around: {rest:?}");
}
