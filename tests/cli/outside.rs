//! Judged by tools that others wrote, `oathtool` and `zbarimg`, or run under a clock that `faketime` turns.

use std::process::Command;

use data_encoding::BASE32_NOPAD;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::sandbox::Sandbox;
use crate::vectors::{parameters, totp, vector};

/// What a tool prints
fn answer(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed here: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
#[ignore = "needs oathtool and zbarimg: .ci/run installs them"]
fn oathtool_agrees_on_random_accounts_at_random_times() {
    // 2038, 2106 and beyond
    let times = prop_oneof![
        0_u64..3_000_000_000,
        2_147_483_600_u64..2_147_483_700,
        4_294_967_250_u64..20_000_000_000_u64
    ];
    let accounts = (
        prop::collection::vec(any::<u8>(), 1..80),
        prop::sample::select(vec!["SHA1", "SHA256", "SHA512"]),
        6_u8..=8,
        prop::sample::select(vec![1_u32, 15, 30, 60, 90, 86_400]),
        times,
    );
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let agrees = |(bytes, algorithm, digits, period, time): (Vec<u8>, &str, u8, u32, u64)| {
        let secret = BASE32_NOPAD.encode(&bytes);
        let record = parameters(algorithm, digits, period);
        let vault = format!("version = 1\n[accounts.x]\nsecret = \"{secret}\"\n{record}");
        let code = answer(
            "oathtool",
            &[
                "-b",
                &format!("--totp={}", algorithm.to_lowercase()),
                &format!("--digits={digits}"),
                &format!("--time-step-size={period}s"),
                &format!("--now=@{time}"),
                &secret,
            ],
        );
        Sandbox::with_vault(&vault)
            .mfa(["code", "x", "--at", &time.to_string()])
            .run()
            .exits(0)
            .prints(&code);
        Ok(())
    };
    runner.run(&accounts, agrees).unwrap();
}

#[test]
#[ignore = "needs oathtool and zbarimg: .ci/run installs them"]
fn zbar_reads_the_pictures_of_every_scale() {
    let records: String = totp().map(|vector| vector.record(&vector.id)).collect();
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{records}"));
    let read = |id: &str, scale: u32| {
        let scale = scale.to_string();
        sandbox.mfa(["export-qr", id, "-o", "x.png", "-f", "--scale", &scale]).run().exits(0);
        let uri = answer("zbarimg", &["-q", "--raw", "--nodbus", sandbox.path("x.png").to_str().unwrap()]);
        let vector = vector(id);
        assert!(uri.contains(&format!("secret={}", vector.secret)), "{id} at {scale}");
        for (parameter, is_default) in [
            ("algorithm=", vector.algorithm == "SHA1"),
            ("digits=", vector.digits == 6),
            ("period=", vector.period == 30),
        ] {
            assert_ne!(uri.contains(parameter), is_default, "{id}: defaults are left out: {uri}");
        }
        Sandbox::new()
            .mfa(["code", "--from", "-"])
            .stdin(uri)
            .run()
            .exits(0)
            .prints(&format!("{}\n", vector.at("59")));
    };
    for vector in totp() {
        read(&vector.id, 8);
    }
    (2..=32).for_each(|scale| read("aws", scale));
}

/// Google's messages, taken apart by a reader of its own (protocol buffers: a tag, then a number or a length and bytes)
const MIGRATION: &str = r#"
import base64, sys, urllib.parse
def fields(data):
    at = 0
    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]; at += 1
            value |= (byte & 127) << shift; shift += 7
            if byte < 128: return value
    while at < len(data):
        tag = number()
        if tag & 7 == 2:
            length = number(); yield tag >> 3, data[at:at + length]; at += length
        else:
            yield tag >> 3, number()
for line in sys.stdin.read().split():
    query = urllib.parse.parse_qs(urllib.parse.urlparse(line).query)
    for number, value in fields(base64.b64decode(query["data"][0])):
        if number == 1:
            account = dict(fields(value))
            secret = base64.b32encode(account[1]).decode().rstrip("=")
            print(account[3].decode(), account[2].decode(), secret, account[4], account[5], account[6], sep="|")
"#;

#[test]
#[ignore = "needs oathtool and zbarimg: .ci/run installs them"]
fn another_reader_takes_googles_codes_apart() {
    let sandbox = Sandbox::new();
    let mut expected = Vec::new();
    for number in 0..12 {
        let uri = format!(
            "otpauth://totp/Shop:user{number}?secret=JBSWY3DPEHPK3P{}&issuer=Shop&digits=8",
            ["XP", "XQ"][number % 2]
        );
        sandbox.mfa(["add", &format!("n{number}"), "-"]).stdin(uri).run().exits(0);
        expected.push(format!("Shop|user{number}|JBSWY3DPEHPK3P{}|1|2|2", ["XP", "XQ"][number % 2]));
    }
    sandbox.mfa(["export", "-F", "google", "-o", "codes.png"]).run().exits(0);
    let payload =
        |name: &str| answer("zbarimg", &["-q", "--raw", "--nodbus", sandbox.path(name).to_str().unwrap()]);
    let script = sandbox.write("migration.py", MIGRATION);
    let lines = sandbox.write("lines", [payload("codes-1.png"), payload("codes-2.png")].join("\n"));
    let python = std::env::var_os("MFA_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let output =
        Command::new(python).arg(script).stdin(std::fs::File::open(lines).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}

#[test]
#[ignore = "needs a tmpfs, which only root may mount"]
fn a_really_full_disk_leaves_the_vault_as_it_was() {
    let sandbox = Sandbox::new();
    let disk = sandbox.path("disk");
    std::fs::create_dir(&disk).unwrap();
    let path = disk.to_str().unwrap();
    answer("mount", &["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", path]);
    let result = std::panic::catch_unwind(|| fill(&sandbox));
    answer("umount", &[path]);
    result.unwrap();
}

fn fill(sandbox: &Sandbox) {
    let vault = sandbox.path("disk/vault.toml");
    let add = |number: u32| {
        let issuer = "x".repeat(900);
        let arguments = ["add".to_owned(), format!("a{number}"), "-i".to_owned(), issuer];
        sandbox.mfa(arguments).env("MFA_VAULT", &vault).stdin(&vector("plain").secret).run()
    };
    let mut before = Vec::new();
    for number in 0..100 {
        let run = add(number);
        if run.status.code() == Some(0) {
            before = std::fs::read(&vault).expect("there is a vault");
            continue;
        }
        run.exits(1).says("could not write the vault").says_not("stored");
        assert_eq!(std::fs::read(&vault).expect("there is a vault"), before);
        sandbox.mfa(["code", "a0"]).env("MFA_VAULT", &vault).run().exits(0).prints("713653\n");
        return;
    }
    panic!("the disk never got full");
}

/// What a command says where the machine's clock shows the year 2020
fn in_2020(sandbox: &Sandbox, command: &[&str]) -> (String, String) {
    let here = sandbox.mfa(["list"]).unset("MFA_AT").command();
    let output = Command::new("faketime")
        .args(["-f", "@2020-01-01 00:00:00", crate::sandbox::MFA])
        .args(command)
        .env_clear()
        .envs(here.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .expect("faketime is needed here");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (text(output.stdout), text(output.stderr))
}

#[test]
#[ignore = "needs faketime: .ci/run installs it"]
fn a_clock_before_the_programs_own_release_is_told() {
    let sandbox = Sandbox::with_rfc();
    for command in [&["code", "rfc"][..], &["next-pair", "rfc"]] {
        let (stdout, stderr) = in_2020(&sandbox, command);
        assert!(
            stderr.contains("clock shows 20") && stderr.contains("before this program was made"),
            "{stderr}"
        );
        assert!(!stdout.is_empty());
    }
    let (doctor, stderr) = in_2020(&sandbox, &["doctor"]);
    assert!(
        doctor.contains("problem  clock        it shows 20") && stderr.contains("a problem was found"),
        "{doctor}"
    );
    let (_, quiet) = in_2020(&sandbox, &["code", "rfc", "-q"]);
    assert_eq!(quiet, "");
}
