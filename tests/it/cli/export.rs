//! `mfa export`

use std::fs;

use super::import::{exported, import};
use crate::harness::{Sandbox, vector};
#[cfg(unix)]
use crate::harness::{python, tool_output};

#[test]
fn export_writes_a_private_file_or_stdout_on_request() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws"), ("alice", "plain")]);
    sandbox.mfa(["export"]).run().exits(2).prints("").hints("--reveal");
    sandbox.mfa(["export", "-o", "-"]).run().exits(2).prints("");
    sandbox.mfa(["export", "-o", "out.json"]).run().exits(0).prints("").says("holds secrets");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(sandbox.path("out.json").metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let first = fs::read(sandbox.path("out.json")).unwrap();
    sandbox.mfa(["export", "alice", "-o", "out.json"]).run().exits(5);
    assert_eq!(fs::read(sandbox.path("out.json")).unwrap(), first);
    sandbox.mfa(["export", "alice", "-o", "out.json", "-f"]).run().exits(0);
    assert_ne!(fs::read(sandbox.path("out.json")).unwrap(), first);
    sandbox.mfa(["export", "nobody", "--reveal"]).run().exits(3).prints("");
    sandbox.mfa(["export", "--filter", "nothing", "--reveal"]).run().exits(3).prints("");
}

#[test]
fn google_export_reports_accounts_it_cannot_hold() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("john", "sha256-8-60")]);
    sandbox
        .mfa(["export", "-F", "google", "-o", "g.png"])
        .run()
        .exits(1)
        .says("not exported: 'john': its period is 60 s");
    let other = Sandbox::new();
    let picture = sandbox.path("g.png");
    other.mfa(["import".as_ref(), picture.as_os_str()]).run().exits(0);
    assert_eq!(exported(&other).len(), 1);
}

#[test]
fn every_exported_format_is_imported_unchanged() {
    let accounts = [("root", "aws"), ("alice", "plain"), ("zoe", "unicode"), ("seven", "no-issuer-80bit")];
    let sandbox = Sandbox::with_accounts(&accounts);
    let all = exported(&sandbox);
    sandbox.write("password", "correct horse");
    for format in ["json", "uri", "aegis", "aegis-encrypted", "2fas", "bitwarden", "keepassxc", "google"] {
        let outcome = sandbox
            .mfa(["export", "-F", format, "-o", format, "--password-file", "password"])
            .run()
            .exits(0)
            .prints("");
        drop(outcome);
        let other = Sandbox::new();
        import(&other, &sandbox.path(format), "correct horse").exits(0);
        let again = exported(&other);
        if format == "bitwarden" || format == "keepassxc" {
            // an account without an issuer has its name as the issuer there
            assert_eq!(again.len(), all.len(), "{format}");
        } else {
            assert_eq!(again, all, "{format}");
        }
    }
}

#[test]
fn account_without_a_label_is_exported_under_its_name() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "alone", "-"]).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run().exits(0);
    for format in ["uri", "aegis", "2fas", "google"] {
        let text = sandbox.mfa(["export", "-F", format, "--reveal"]).run().exits(0).text();
        let other = Sandbox::new();
        other.mfa(["import", "-"]).stdin(text).run().exits(0);
        other.mfa(["list", "--names"]).run().prints("alone\n");
    }
}

#[test]
fn export_reports_fields_the_format_cannot_hold() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("john", "sha256-8-60")]);
    sandbox.mfa(["edit", "alice", "--tag", "a", "--tag", "b"]).run().exits(0);
    sandbox.mfa(["export", "-F", "2fas", "--reveal"]).run().exits(0).says("'alice': ").says("'a'");
    sandbox.mfa(["edit", "alice", "--serial", "arn:aws:iam::123456789012:mfa/x"]).run().exits(0);
    sandbox.mfa(["export", "-F", "uri", "--reveal"]).run().exits(0).says("'alice': ").says("ARN");
    let hotp = "otpauth://hotp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0";
    sandbox.mfa(["add", "bank", "-"]).stdin(hotp).run().exits(0);
    sandbox.mfa(["export", "-F", "bitwarden", "--reveal"]).run().exits(1).says("not exported: 'bank'");
}

#[test]
fn export_warns_of_a_colon_that_other_apps_split_at() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws")]);
    for (name, label) in
        [("shop", ["-i", "Shop: Berlin", "-a", "bob"]), ("arn", ["-i", "", "-a", "arn:aws:x:y"])]
    {
        let add = sandbox.mfa([&["add", name, "-"][..], &label].concat()).stdin(&vector("plain").secret);
        add.run().exits(0);
    }
    let colon = |name: &str| format!("'{name}': its issuer or account name has a colon");
    let run = sandbox.mfa(["export", "-F", "uri", "--reveal"]).run().exits(0).says(&colon("shop"));
    drop(run.says_not(&colon("root")).says_not(&colon("arn")));
    sandbox.mfa(["export-qr", "shop", "-o", "x.png"]).run().exits(0).says(&colon("shop"));
    sandbox.mfa(["export-qr", "root", "-o", "y.png"]).run().exits(0).says_not("colon");
}

#[test]
fn encrypted_export_needs_a_password() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    sandbox.mfa(["export", "-F", "aegis-encrypted", "-o", "x"]).run().exits(2).hints("--password-file");
    assert!(!sandbox.path("x").exists());
}

#[test]
fn import_recognises_an_export_with_missing_fields() {
    let sandbox = Sandbox::new();
    let serial = "arn:aws:iam::123456789012:mfa/alice";
    sandbox.mfa(["add", "github", "-"]).stdin("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").run().exits(0);
    sandbox.mfa(["add", "aws", "-", "--serial", serial]).stdin(vector("aws").secret.as_str()).run().exits(0);
    sandbox.mfa(["add", "-", "--serial", serial]).stdin(vector("plain").uri()).run().exits(0);
    let before = sandbox.vault_bytes();
    for format in ["json", "uri", "aegis", "2fas", "bitwarden", "keepassxc", "google"] {
        let text = sandbox.mfa(["export", "-F", format, "--reveal"]).run().exits(0).text();
        let run = sandbox.mfa(["import", "-"]).stdin(text).run().exits(0);
        drop(run.says("imported 0 accounts").says("; 3 already in the vault"));
        assert_eq!(sandbox.vault_bytes(), before, "{format}");
    }
}

#[test]
fn export_of_no_account_has_its_own_exit_code() {
    let damaged = "[accounts.motp]\ntype = \"motp\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n";
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{damaged}{}", vector("plain").record("alice")));
    let run =
        sandbox.mfa(["export", "-o", "out.json"]).run().exits(1).says("not exported: the account 'motp'");
    drop(run.says("could not export 1 of 2 accounts"));
    let other = Sandbox::new();
    other
        .mfa(["import".as_ref(), sandbox.path("out.json").as_os_str()])
        .run()
        .exits(0)
        .says("imported 1 account from");
    sandbox.mfa(["export", "alice", "-o", "alice.json"]).run().exits(0);
}

#[test]
fn no_picture_is_written_if_one_of_them_exists() {
    let sandbox = Sandbox::new();
    let ends = [["X", "Y"], ["Q", "P"]];
    let uri = |n: usize| {
        format!("otpauth://totp/Shop:u{n}?secret=JBSWY3DPEHPK3P{}{}\n", ends[0][n % 2], ends[1][n / 6])
    };
    sandbox.mfa(["import", "-"]).stdin((0..11).map(uri).collect::<String>()).run().exits(0);
    sandbox.write("g-2.png", "in the way");
    let export = ["export", "-F", "google", "-o", "g.png"];
    sandbox.mfa(export).run().exits(5).says("'g-2.png' already exists");
    assert!(!sandbox.path("g-1.png").exists());
    sandbox.mfa([&export[..], &["-f"]].concat()).run().exits(0);
    assert!(sandbox.path("g-1.png").exists());
    assert_ne!(fs::read(sandbox.path("g-2.png")).unwrap(), b"in the way");
}

#[test]
fn account_too_large_for_a_picture_is_skipped() {
    let sandbox = Sandbox::new();
    let uri =
        |name: &str, length| format!("otpauth://totp/{}?secret=JBSWY3DPEHPK3PXP\n", name.repeat(length));
    let uris = [uri("a", 1500), uri("b", 1500), uri("c", 3000)].concat();
    sandbox.mfa(["import", "-"]).stdin(uris).run().exits(0);
    let export = ["export", "-F", "google"];
    let run = sandbox.mfa([&export[..], &["-o", "g.png"]].concat()).run().exits(1);
    drop(run.says("are too long for a QR code").says("could not export 1 of 3 accounts"));
    assert!(sandbox.path("g-1.png").exists() && sandbox.path("g-2.png").exists());
    let text = sandbox.mfa([&export[..], &["--reveal"]].concat()).run().exits(1).text();
    Sandbox::new().mfa(["import", "-"]).stdin(text).run().exits(0).says("imported 2 accounts from");
}

#[test]
fn export_does_not_overwrite_the_vault_or_its_backup() {
    let sandbox = Sandbox::with_accounts(&[("root", "aws"), ("alice", "plain")]);
    sandbox.mfa(["edit", "alice", "--tag", "x"]).run().exits(0);
    let before = sandbox.state();
    for file in ["vault.toml", "./vault.toml", "vault.toml.bak", "vault.toml.lock"] {
        for command in [&["export"][..], &["export-qr", "alice"]] {
            let run = sandbox.mfa([command, &["-f", "-o", file]].concat()).run().exits(5);
            drop(run.says("is the vault, its backup or its lock"));
        }
    }
    assert_eq!(sandbox.state(), before);
}

/// Google's messages, parsed by an independent reader (protocol buffers: a tag, then a number or a length and bytes).
#[cfg(unix)]
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

#[cfg(unix)]
#[test]
#[ignore = "needs oathtool and zbarimg: .ci/run installs them"]
fn independent_reader_parses_google_export() {
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
    let payload = |name: &str| {
        tool_output("zbarimg", &["-q", "--raw", "--nodbus", sandbox.path(name).to_str().unwrap()])
    };
    let script = sandbox.write("migration.py", MIGRATION);
    let lines = sandbox.write("lines", [payload("codes-1.png"), payload("codes-2.png")].join("\n"));
    let output = python().arg(script).stdin(fs::File::open(lines).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found = String::from_utf8(output.stdout).unwrap();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}
