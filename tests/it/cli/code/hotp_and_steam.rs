//! HOTP and Steam accounts.

use std::collections::BTreeSet;

use crate::harness::{RFC_4226, Sandbox, hotp_and_steam};

const HOTP: &str = "otpauth://hotp/Bank:me?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0";

fn with_hotp() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "bank", "-"]).stdin(HOTP).run().exits(0).says("counter 0");
    sandbox
}

#[test]
fn hotp_code_is_printed_once() {
    let sandbox = with_hotp();
    for code in RFC_4226 {
        sandbox.mfa(["code", "bank"]).run().exits(0).in_silence().prints(&format!("{code}\n"));
    }
    assert!(sandbox.vault_text().contains("counter = 10"));
    let answer = sandbox.mfa(["code", "bank", "--json"]).run().exits(0).json();
    assert_eq!((&answer["counter"], &answer["name"]), (&10.into(), &"bank".into()));
}

#[cfg(unix)]
#[test]
fn counter_is_saved_before_its_code_is_printed() {
    let sandbox = with_hotp();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    sandbox.mfa(["code", "bank"]).stdout(full).run().exits(1);
    sandbox.mfa(["code", "bank"]).run().prints("287082\n");
}

#[test]
fn ten_processes_get_ten_hotp_codes() {
    let sandbox = with_hotp();
    let codes: BTreeSet<String> = std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..10).map(|_| scope.spawn(|| sandbox.mfa(["code", "bank"]).run().exits(0).text())).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(codes, RFC_4226.iter().map(|code| format!("{code}\n")).collect());
}

#[cfg(unix)]
#[test]
fn read_only_vault_gives_no_hotp_code() {
    let sandbox = with_hotp();
    let before = sandbox.vault_bytes();
    sandbox.mfa(["code", "bank"]).after("ulimit -f 0").run().exits(1).prints("");
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn options_of_time_are_rejected_for_hotp() {
    let sandbox = with_hotp();
    let before = sandbox.vault_bytes();
    for arguments in [
        &["code", "bank", "--next"][..],
        &["code", "bank", "--at", "59"],
        &["code", "bank", "-m", "5"],
        &["next-pair", "bank"],
    ] {
        sandbox.mfa(arguments).run().exits(2).says("HOTP").prints("");
    }
    assert_eq!(sandbox.vault_bytes(), before);
}

#[test]
fn list_shows_the_type_and_no_hotp_code() {
    let sandbox = with_hotp();
    sandbox.mfa(["list", "--codes"]).run().exits(0).prints("bank\tBank\tme\t\t\thotp\n");
    assert!(sandbox.vault_text().contains("counter = 0"));
}

#[test]
fn every_hotp_and_steam_vector_gives_its_codes() {
    let mut compared = 0;
    for vector in hotp_and_steam() {
        let sandbox = Sandbox::new();
        for (moment, code) in &vector.codes {
            let uri = if vector.kind == "hotp" {
                let counter = moment.strip_prefix("counter ").unwrap();
                format!("{}&counter={counter}", vector.uri().replace("&period=0", ""))
            } else {
                vector.uri()
            };
            sandbox.mfa(["add", "x", "-", "--force"]).stdin(uri).run().exits(0);
            sandbox
                .mfa(["code", "x"])
                .at(if vector.kind == "hotp" { "59" } else { moment })
                .run()
                .exits(0)
                .prints(&format!("{code}\n"));
            compared += 1;
        }
    }
    assert!(compared >= 8, "{compared}");
}
