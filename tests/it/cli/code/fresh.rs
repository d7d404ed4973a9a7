//! `mfa code --fresh`: no code twice, across processes.

use std::collections::HashSet;
use std::io::Read as _;
use std::process::{Child, Stdio};

use crate::harness::{RFC_4226, Sandbox, restrict, rfc_secret};

/// Checks that `mfa code rfc --fresh` prints the code of this step at this time.
#[track_caller]
fn fresh(sandbox: &Sandbox, time: &str, step: usize) {
    sandbox
        .mfa(["code", "rfc", "--fresh"])
        .at(time)
        .run()
        .exits(0)
        .prints(&format!("{}\n", RFC_4226[step]))
        .in_silence();
}

#[track_caller]
fn is_used(sandbox: &Sandbox, time: &str) {
    let run = sandbox.mfa(["code", "rfc", "--fresh"]).at(time).run();
    run.exits(1).prints("").says("was used already").hints("--at");
}

#[test]
fn fresh_prints_a_code_once() {
    let sandbox = Sandbox::with_rfc();
    fresh(&sandbox, "59", 1);
    is_used(&sandbox, "59");
    is_used(&sandbox, "30");
    is_used(&sandbox, "29");
    fresh(&sandbox, "60", 2);
    is_used(&sandbox, "60");
}

#[test]
fn each_account_has_its_own_used_codes() {
    let secret = rfc_secret(20);
    let vault = format!(
        "version = 1\n[accounts.rfc]\nsecret = \"{secret}\"\n[accounts.other]\nsecret = \"{secret}\"\n"
    );
    let sandbox = Sandbox::with_vault(&vault);
    fresh(&sandbox, "59", 1);
    sandbox.mfa(["code", "other", "--fresh"]).run().exits(0).prints("287082\n");
    let elsewhere = sandbox.write("elsewhere.toml", &vault);
    restrict(&elsewhere);
    let run = sandbox.mfa(["code", "rfc", "--fresh"]).env("MFA_VAULT", elsewhere).run();
    run.exits(0).prints("287082\n");
}

#[test]
fn next_code_counts_as_used() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code", "rfc", "--fresh", "--next"]).run().exits(0).prints("359152\n");
    is_used(&sandbox, "59");
    is_used(&sandbox, "60");
    fresh(&sandbox, "90", 3);
}

#[test]
fn fresh_waits_for_the_minimum_of_remaining_seconds() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code", "rfc", "--fresh", "-m2"]).run().exits(0).prints("359152\n").in_silence();
    let used = sandbox.mfa(["code", "rfc", "--fresh", "-m2"]).run();
    used.exits(1).prints("").says("was used already");
    sandbox.mfa(["code", "rfc", "--fresh"]).at("61").env("MFA_MIN_REMAINING", "30").run().prints("969429\n");
}

#[test]
fn pair_counts_as_used() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["next-pair", "rfc"]).run().exits(0);
    is_used(&sandbox, "59");
    is_used(&sandbox, "60");
    fresh(&sandbox, "90", 3);

    let past = Sandbox::with_rfc();
    past.mfa(["next-pair", "rfc", "--past", "-F", "aws"]).run().exits(0);
    is_used(&past, "59");
    fresh(&past, "60", 2);

    for format in ["plain", "line"] {
        let waited = Sandbox::with_rfc();
        waited.mfa(["next-pair", "rfc", "--wait", "-F", format]).run().exits(0);
        is_used(&waited, "60");
        fresh(&waited, "90", 3);
    }
}

#[test]
fn pair_that_fails_or_is_not_printed_is_not_used() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["next-pair", "rfc", "--past"]).at("0").run().exits(1);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    sandbox.mfa(["next-pair", "rfc"]).stdout(writer).run().exits(0);
    fresh(&sandbox, "59", 1);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    sandbox.mfa(["next-pair", "rfc"]).at("90").stdout(writer).run().exits(0);
    is_used(&sandbox, "59");
    fresh(&sandbox, "60", 2);
}

#[test]
fn every_code_counts_after_the_first_fresh_code() {
    let sandbox = Sandbox::with_rfc();
    fresh(&sandbox, "0", 0);
    sandbox.mfa(["code", "rfc"]).run().exits(0).prints("287082\n");
    is_used(&sandbox, "59");
    // an earlier code does not lower the record
    sandbox.mfa(["code", "rfc"]).at("0").run().exits(0).prints("755224\n");
    is_used(&sandbox, "59");
    sandbox.mfa(["code", "rfc", "--next"]).run().exits(0).prints("359152\n");
    is_used(&sandbox, "60");
}

#[test]
fn code_is_not_recorded_before_the_first_fresh_code() {
    let sandbox = Sandbox::with_rfc();
    let before = sandbox.state();
    sandbox.mfa(["code", "rfc"]).run().exits(0);
    assert_eq!(sandbox.state(), before);
}

/// Returns the file that records the used codes of the only account.
#[cfg(unix)]
fn record(sandbox: &Sandbox) -> std::path::PathBuf {
    let is_record = |path: &std::path::Path| path.extension().is_some_and(|ending| ending == "json");
    sandbox.state().into_iter().map(|(path, ..)| path).find(|path| is_record(path)).unwrap()
}

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn record_holds_no_name_and_no_secret() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code", "rfc", "--fresh"]).env("XDG_STATE_HOME", sandbox.path("state")).run().exits(0);
    let files = sandbox.state().into_iter().filter(|(path, ..)| path.starts_with(sandbox.path("state")));
    let mut files: Vec<_> = files.filter_map(|(path, bytes, _)| Some((path, bytes?))).collect();
    files.retain(|(_, bytes)| !bytes.is_empty());
    let [(path, bytes)] = &files[..] else { panic!("one file and a lock: {files:?}") };
    assert_eq!(String::from_utf8_lossy(bytes), r#"{"step":1,"period":30}"#);
    assert!(!path.file_name().unwrap().to_string_lossy().contains("rfc"));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn renamed_account_keeps_its_used_codes() {
    let sandbox = Sandbox::with_rfc();
    fresh(&sandbox, "59", 1);
    sandbox.mfa(["rename", "rfc", "new"]).run().exits(0);
    sandbox.mfa(["code", "new", "--fresh"]).run().exits(1).says("used already");
    sandbox.mfa(["undo", "-y"]).run().exits(0);
    is_used(&sandbox, "59");
}

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn fresh_fails_if_the_state_cannot_be_written() {
    let sandbox = Sandbox::with_rfc();
    let file = sandbox.write("file", "");
    let run = |arguments: &[&str]| sandbox.mfa(arguments).env("XDG_STATE_HOME", file.join("x")).run();
    run(&["code", "rfc", "--fresh"]).exits(1).prints("").says("could not record the used code");
    let warning = "could not read the pinned state of the vault";
    drop(run(&["code", "rfc"]).exits(0).prints("287082\n").says(warning));
    drop(run(&["next-pair", "rfc", "-Fline"]).exits(0).prints("287082 359152\n").says(warning));
}

/// Windows keeps its state in a folder that no variable names.
#[cfg(unix)]
#[test]
fn damaged_record_is_reported_and_not_trusted() {
    let sandbox = Sandbox::with_rfc();
    fresh(&sandbox, "59", 1);
    std::fs::write(record(&sandbox), "{}").unwrap();
    let run = sandbox.mfa(["code", "rfc", "--fresh"]).at("90").run();
    run.exits(1).prints("").says("is damaged").hints("remove");
    sandbox.mfa(["code", "rfc"]).run().exits(0).prints("287082\n").in_silence();
}

#[test]
fn json_of_fresh_has_the_same_keys() {
    let sandbox = Sandbox::with_rfc();
    let json = sandbox.mfa(["code", "rfc", "-j"]).run().exits(0).text();
    sandbox.mfa(["code", "rfc", "-j", "--fresh"]).run().exits(0).prints(&json);
}

#[test]
fn fresh_rejects_an_account_without_time_or_vault() {
    let record = format!("[accounts.hotp]\nsecret = \"{}\"\ntype = \"hotp\"\ncounter = 1\n", rfc_secret(20));
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{record}"));
    let run = sandbox.mfa(["code", "hotp", "--fresh"]).unset("MFA_AT").run();
    run.exits(2).prints("").says("--fresh does not apply");
    sandbox.mfa(["code", "--fresh", "--from", "-"]).run().exits(2).prints("");
}

fn start(sandbox: &Sandbox, name: &str, time: Option<&str>) -> Child {
    let run = sandbox.mfa(["code", name, "--fresh"]);
    let run = if let Some(time) = time { run.at(time) } else { run.unset("MFA_AT") };
    run.command().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Returns the printed code, if there is one.
fn printed(mut child: Child) -> Option<String> {
    let mut code = String::new();
    child.stdout.take().unwrap().read_to_string(&mut code).unwrap();
    child.wait().unwrap();
    Some(code).filter(|code| !code.is_empty())
}

#[test]
fn one_of_fifty_processes_gets_the_code_of_a_step() {
    let sandbox = Sandbox::with_rfc();
    for (time, code) in [("30", RFC_4226[1]), ("60", RFC_4226[2])] {
        let children: Vec<Child> = (0..50).map(|_| start(&sandbox, "rfc", Some(time))).collect();
        let codes: Vec<String> = children.into_iter().filter_map(printed).collect();
        assert_eq!(codes, [format!("{code}\n")]);
    }
}

/// Returns a sandbox whose codes change each second, so that the wait is short.
fn one_second_sandbox() -> Sandbox {
    let record = format!("[accounts.fast]\nsecret = \"{}\"\nperiod = 1\ndigits = 8\n", rfc_secret(20));
    Sandbox::with_vault(&format!("version = 1\n{record}"))
}

#[test]
#[ignore = "lets 20 seconds pass: .ci/run has them"]
fn twenty_processes_wait_for_twenty_codes() {
    let sandbox = one_second_sandbox();
    let children: Vec<Child> = (0..20).map(|_| start(&sandbox, "fast", None)).collect();
    let codes: HashSet<String> = children.into_iter().filter_map(printed).collect();
    assert_eq!(codes.len(), 20, "{codes:?}");
}

#[cfg(unix)]
#[test]
#[ignore = "reads the real time: .ci/run does"]
fn code_of_a_wrong_clock_does_not_block_later_ones() {
    let sandbox = one_second_sandbox();
    sandbox.mfa(["code", "fast", "--fresh"]).unset("MFA_AT").run().exits(0);
    let record = record(&sandbox);
    std::fs::write(&record, std::fs::read_to_string(&record).unwrap().replace("\"step\":", "\"step\":9"))
        .unwrap();
    let run = || sandbox.mfa(["code", "fast", "--fresh"]).unset("MFA_AT").run().exits(0);
    let healed = run().says("far in the future").hints("doctor --ntp").text();
    assert_ne!(run().in_silence().text(), healed);
}

#[test]
#[ignore = "reads the real time: .ci/run does"]
fn code_of_a_future_time_does_not_reset_used_codes() {
    let sandbox = one_second_sandbox();
    let run = |arguments: &[&str]| sandbox.mfa(arguments).unset("MFA_AT").run().exits(0).in_silence().text();
    let pair = run(&["next-pair", "fast"]);
    run(&["code", "fast", "--at", "+150s"]);
    let ahead = run(&["code", "fast", "--fresh", "--at", "+160s"]);
    let again = sandbox.mfa(["code", "fast", "--fresh", "--at", "+155s"]).unset("MFA_AT").run();
    again.exits(1).prints("").says("was used already");
    let fresh = run(&["code", "fast", "--fresh"]);
    assert!(!pair.contains(fresh.trim()) && fresh != ahead, "{fresh} after {pair}");
    assert_ne!(run(&["code", "fast", "--fresh"]), fresh);
}
