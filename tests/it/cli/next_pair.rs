//! `mfa next-pair`

use crate::harness::{Sandbox, parameters, rfc_secret};

/// The output at 59 s: the codes of the steps 1 and 2 of RFC 4226.
const FORMATS: [(&str, &str); 6] = [
    ("plain", "287082\n359152\n"),
    ("line", "287082 359152\n"),
    ("aws", "--authentication-code1\n287082\n--authentication-code2\n359152\n"),
    ("env", "MFA_CODE1=287082\nMFA_CODE2=359152\n"),
    ("json", "{\"name\":\"rfc\",\"codes\":[\"287082\",\"359152\"],\"steps\":[1,2],\"submit_before\":90}\n"),
    ("aws-json", "{\"AuthenticationCode1\":\"287082\",\"AuthenticationCode2\":\"359152\"}\n"),
];

/// The output at 59 s with `--past`: the codes of the steps 0 and 1.
const PAST: [(&str, &str); 6] = [
    ("plain", "755224\n287082\n"),
    ("line", "755224 287082\n"),
    ("aws", "--authentication-code1\n755224\n--authentication-code2\n287082\n"),
    ("env", "MFA_CODE1=755224\nMFA_CODE2=287082\n"),
    ("json", "{\"name\":\"rfc\",\"codes\":[\"755224\",\"287082\"],\"steps\":[0,1],\"submit_before\":60}\n"),
    ("aws-json", "{\"AuthenticationCode1\":\"755224\",\"AuthenticationCode2\":\"287082\"}\n"),
];

#[test]
fn next_pair_prints_one_code_a_line() {
    Sandbox::with_rfc().mfa(["next-pair", "rfc"]).run().exits(0).prints("287082\n359152\n").in_silence();
}

#[test]
fn every_format_is_exact() {
    let sandbox = Sandbox::with_rfc();
    for (format, text) in FORMATS {
        sandbox.mfa(["next-pair", "rfc", "-F", format]).run().exits(0).prints(text).in_silence();
        sandbox.mfa(["next-pair", "--format", format, "rfc"]).run().exits(0).prints(text).in_silence();
    }
}

#[test]
fn past_pair_ends_with_the_current_code() {
    let sandbox = Sandbox::with_rfc();
    for (format, text) in PAST {
        sandbox.mfa(["next-pair", "rfc", "--past", "-F", format]).run().exits(0).prints(text).in_silence();
    }
}

/// Codes that change every two seconds, and a process that sleeps meanwhile.
#[cfg(unix)]
#[test]
#[ignore = "lets seconds pass: .ci/run has them"]
fn expired_pair_is_not_printed() {
    use std::process::Stdio;
    use std::thread::sleep;
    use std::time::{Duration, SystemTime};

    use crate::harness::rfc_secret;

    #[expect(clippy::disallowed_methods, reason = "what sleeps here does so by the real time")]
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let record = format!("[accounts.t]\nsecret = \"{}\"\nperiod = 4\n", rfc_secret(20));
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{record}"));
    for (format, pauses) in [("json", false), ("plain", true)] {
        // at the start of a period
        sleep(Duration::from_millis(u64::try_from(4000 - now().as_millis() % 4000).unwrap()));
        let mut command = sandbox.mfa(["next-pair", "t", "--wait", "-F", format]).unset("MFA_AT").command();
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let signal = |name: &str| {
            let id = child.id().to_string();
            assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
        };
        sleep(Duration::from_secs(1));
        signal("-STOP");
        sleep(Duration::from_secs(8));
        signal("-CONT");
        let output = child.wait_with_output().unwrap();
        let (stdout, stderr) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        if pauses {
            assert_eq!(output.status.code(), Some(1), "{stderr}");
            assert!(
                stderr.contains("expired during the wait") && stdout.lines().count() == 1,
                "{stdout}{stderr}"
            );
            continue;
        }
        let end: u64 =
            serde_json::from_str::<serde_json::Value>(&stdout).unwrap()["submit_before"].as_u64().unwrap();
        assert!(end > now().as_secs(), "{stdout}");
    }
}

#[test]
fn pair_after_a_wait_is_the_same_in_every_format() {
    let sandbox = Sandbox::with_rfc();
    for (format, text) in FORMATS {
        sandbox.mfa(["next-pair", "rfc", "--wait", "-F", format]).run().exits(0).prints(text).in_silence();
    }
}

#[test]
fn pair_has_consecutive_steps_at_every_second() {
    let sandbox = Sandbox::with_rfc();
    for (time, pair) in [("0", "755224 287082\n"), ("29", "755224 287082\n"), ("30", "287082 359152\n")] {
        sandbox.mfa(["next-pair", "rfc", "-F", "line", "--at", time]).run().exits(0).prints(pair);
    }
    // RFC 6238, appendix B: the last six of eight digits
    let pair = "081804 050471\n";
    sandbox.mfa(["next-pair", "rfc", "-Fline"]).at("1111111109").run().exits(0).prints(pair);
    sandbox.mfa(["next-pair", "rfc", "-Fline", "--past"]).at("1111111111").run().exits(0).prints(pair);
}

#[test]
fn past_pair_before_the_first_code_is_an_error() {
    let sandbox = Sandbox::with_rfc();
    for time in ["0", "29"] {
        let run = sandbox.mfa(["next-pair", "rfc", "--past", "--at", time]).run();
        run.exits(1).prints("").says("no code before the first");
    }
    sandbox.mfa(["next-pair", "rfc", "--past", "--at", "30"]).run().exits(0).prints("755224\n287082\n");
}

#[test]
fn aws_formats_need_six_digits() {
    for digits in [7, 8] {
        let secret = rfc_secret(20);
        let parameters = parameters("SHA1", digits, 30);
        let sandbox =
            Sandbox::with_vault(&format!("version = 1\n[accounts.rfc]\nsecret = \"{secret}\"\n{parameters}"));
        for format in ["aws", "aws-json"] {
            let run = sandbox.mfa(["next-pair", "rfc", "-F", format]).run();
            run.exits(1).prints("").says("6 digits").says(&digits.to_string());
        }
        // RFC 6238, appendix B: the last digits of 94287082
        let expected = &"94287082"[8 - usize::from(digits)..];
        for format in ["plain", "line", "env", "json"] {
            let run = sandbox.mfa(["next-pair", "rfc", "-F", format]).run().exits(0);
            assert!(run.text().contains(expected), "{}", run.text());
        }
    }
}

#[test]
fn wrong_usage_is_2() {
    let sandbox = Sandbox::with_rfc();
    for arguments in [
        &["next-pair"][..],
        &["next-pair", "rfc", "--past", "--wait"],
        &["next-pair", "rfc", "-F", "xml"],
        &["next-pair", "rfc", "-F", ""],
        &["next-pair", "rfc", "--at", "noon"],
        &["next-pair", "rfc", "other"],
    ] {
        sandbox.mfa(arguments).run().exits(2).prints("");
    }
}

#[test]
fn next_pair_looks_names_up_like_code() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["next-pair", "RF", "-Fline"]).run().exits(0).prints("287082 359152\n");
    sandbox.mfa(["next-pair", "RF", "-e"]).run().exits(3).prints("");
    sandbox.mfa(["next-pair", "nobody"]).run().exits(3).prints("");
}
