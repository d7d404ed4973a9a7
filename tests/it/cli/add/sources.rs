//! Sources: the content decides the format.

use super::{accounts, assert_stored, text};
use crate::harness::{Sandbox, Vector, fixture, picture, totp, vector};

/// Returns the account that a bare secret gives: without a label.
fn bare(vector: &Vector) -> Vector {
    Vector { issuer: String::new(), name: String::new(), ..vector.clone() }
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn uri_is_read_from_argument_file_and_stdin() {
    for vector in totp() {
        let uri = vector.uri();
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", "x", &uri]).run().exits(0).prints("").says("stored 'x'");
        assert_stored(&sandbox, "x", vector);

        let sandbox = Sandbox::new();
        let file = sandbox.write("uri", format!("{uri}\n"));
        sandbox.mfa(["add", "x", text(&file)]).run().exits(0).prints("");
        assert_stored(&sandbox, "x", vector);

        for arguments in [&["add", "x"][..], &["add", "x", "-"], &["add", "x", "--uri", "-"]] {
            let sandbox = Sandbox::new();
            sandbox.mfa(arguments).stdin(&uri).run().exits(0).prints("");
            assert_stored(&sandbox, "x", vector);
        }
    }
}

#[test]
fn explicit_source_options_read_each_source() {
    let plain = vector("plain");
    for arguments in [
        &["add", "x", "--uri", &plain.uri()][..],
        &["add", "--uri", &plain.uri(), "x"],
        &["add", "x", "--qr", text(&picture("plain-gray.png"))],
        &["add", "--", "x", text(&picture("plain-gray.png"))],
    ] {
        let sandbox = Sandbox::new();
        sandbox.mfa(arguments).run().exits(0);
        assert_stored(&sandbox, "x", plain);
    }
    let sandbox = Sandbox::new();
    let png = std::fs::read(picture("plain-gray.png")).unwrap();
    sandbox.mfa(["add", "x", "--qr", "-"]).stdin(png).run().exits(0);
    assert_stored(&sandbox, "x", plain);
}

#[test]
fn unknown_account_types_are_rejected() {
    for kind in ["motp", "yaotp", "moon"] {
        let sandbox = Sandbox::new();
        let uri = format!("otpauth://{kind}/x?secret={}", vector("plain").secret);
        sandbox.mfa(["add", "x"]).stdin(uri).run().exits(1).says(&format!("'{kind}'"));
        assert_eq!(sandbox.vault_bytes(), None);
    }
}

#[test]
fn pasted_secret_is_read_with_blanks_and_a_byte_order_mark() {
    let expected = bare(vector("no-issuer-80bit"));
    for pasted in ["jbswy3dpehpk3pxp\r\n", "jbsw\ty3dp\nehpk 3pxp\n", "\u{feff}JBSWY3DPEHPK3PXP"] {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", "x"]).stdin(pasted).run().exits(0).says("stored 'x'").says_not("warning");
        assert_stored(&sandbox, "x", &expected);
    }
}

#[test]
fn aws_files_are_read_unchanged() {
    let aws = vector("aws");
    let seed = fixture("import/aws/root-account-mfa-device.seed");
    let bytes = std::fs::read(&seed).unwrap();
    assert_eq!((bytes.len(), bytes.contains(&b'\n')), (64, false));

    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "aws-root", text(&seed)]).run().exits(0);
    assert_stored(&sandbox, "aws-root", &bare(aws));

    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "aws-root", "-"]).stdin(&bytes).run().exits(0);
    assert_stored(&sandbox, "aws-root", &bare(aws));

    let json = fixture("import/aws/create-virtual-mfa-device.json");
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", text(&json)]).run().exits(0);
    assert_stored(&sandbox, "aws-root-account-mfa-device", aws);
    let serial = &super::accounts(&sandbox)["aws-root-account-mfa-device"]["serial"];
    assert_eq!(serial.as_str(), Some("arn:aws:iam::123456789012:mfa/root-account-mfa-device"));
}

#[test]
fn output_of_the_aws_command_without_a_seed_is_explained() {
    let printed = r#"{"VirtualMFADevice": {"SerialNumber": "arn:aws:iam::123456789012:mfa/a"}}"#;
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "x"]).stdin(printed).run().exits(1).says("has no secret key").hints("--outfile");
}

#[test]
fn utf_16_from_powershell_is_read() {
    let plain = vector("plain");
    for (content, expected) in [(plain.uri(), plain.clone()), (plain.secret.clone() + "\r\n", bare(plain))] {
        for bytes in [utf16(&content, u16::to_le_bytes), utf16(&content, u16::to_be_bytes)] {
            let sandbox = Sandbox::new();
            let file = sandbox.write("secret.txt", &bytes);
            sandbox.mfa(["add", "x", text(&file)]).run().exits(0);
            assert_stored(&sandbox, "x", &expected);
            let sandbox = Sandbox::new();
            sandbox.mfa(["add", "x"]).stdin(&bytes).run().exits(0);
            assert_stored(&sandbox, "x", &expected);
        }
    }
}

#[test]
fn extension_does_not_decide_the_source() {
    let plain = vector("plain");
    let png = std::fs::read(picture("plain-gray.png")).unwrap();
    for (file, content, expected) in [
        ("x.txt", png.clone(), plain.clone()),
        ("picture", png, plain.clone()),
        ("x.png", plain.secret.clone().into_bytes(), bare(plain)),
        ("x.jpg", plain.uri().into_bytes(), plain.clone()),
    ] {
        let sandbox = Sandbox::new();
        let file = sandbox.write(file, content);
        sandbox.mfa(["add", "it", text(&file)]).run().exits(0);
        assert_stored(&sandbox, "it", &expected);
    }
}

#[test]
fn secret_that_begins_like_a_bitmap_is_a_secret() {
    let secret = "BMTUCQJWGU3DMNZYHEYDCMRTGQ2TMNZY";
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "x"]).stdin(secret).run().exits(0);
    assert_eq!(super::accounts(&sandbox)["x"]["secret"].as_str(), Some(secret));
}

#[test]
fn invalid_secret_is_reported_by_position() {
    for (text, message, hint) in [
        ("JBSWY3DP0HPK3PXP", "'0' at position 9", "O"),
        ("JBSW Y3DP 1HPK", "'1' at position 11", "I"),
        ("8BSWY3DP", "'8' at position 1", "B"),
        ("JBSWY3DP!", "'!' at position 9", "A to Z"),
        ("492039", "that looks like a code, not the secret key", "shown beside the QR code"),
        ("492 039", "that looks like a code, not the secret key", ""),
    ] {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", "x"]).stdin(text).run().exits(1).prints("").says(message).hints(hint);
        assert_eq!(sandbox.state(), [], "nothing was written");
    }
}

#[test]
fn unrecognised_source_is_rejected() {
    let plain = vector("plain");
    let twice = format!("{}&secret={}", plain.uri(), vector("aws").secret);
    for content in [
        &b""[..],
        b" \n\t",
        b"\0\0\0\0",
        b"\xff\xfe",
        b"\x80\x81\x82",
        b"{}",
        b"{\"VirtualMFADevice\": 1}",
        b"[1, 2]",
        b"<html></html>",
        b"two\nlines of text, and more",
        b"otpauth://totp/x",
        b"otpauth://totp/x?secret=",
        b"otpauth://totp/x?secret=A",
        b"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=9",
        b"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=five",
        b"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5",
        b"otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=-1",
        b"otpauth://totp/x%1b[31m?secret=JBSWY3DPEHPK3PXP",
        b"otpauth://totp/%E2%80%AEx?secret=JBSWY3DPEHPK3PXP",
        b"otpauth://what/x?secret=JBSWY3DPEHPK3PXP",
        b"otpauth-migration://offline?data=CgA",
        twice.as_bytes(),
        b"PVOW74MC.",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x10\0\0\0WEBPVP8 ",
    ] {
        let sandbox = Sandbox::new();
        let run = sandbox.mfa(["add", "x"]).stdin(content).run().exits(1).prints("");
        run.says("stdin").says_not("JBSWY3DP");
        assert_eq!(sandbox.state(), [], "nothing was written");
    }
}

#[test]
fn unreadable_source_is_named() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    for missing in ["gone.png", "./gone", "folder", "gone/x", ""] {
        let run = sandbox.mfa(["add", "x", missing]).run().exits(1).prints("");
        run.says(&format!("could not read '{missing}'"));
    }
    sandbox.mfa(["add", "x", "--qr", "gone"]).run().exits(1).says("could not read 'gone'");
    assert!(!sandbox.vault().exists());
}

#[test]
fn endless_input_is_rejected() {
    if std::path::Path::new("/dev/zero").exists() {
        let sandbox = Sandbox::new();
        sandbox.mfa(["add", "x", "/dev/zero"]).run().exits(1).says("'/dev/zero' is larger than 64 MiB");
    }
}

#[test]
fn google_export_reports_missing_batches() {
    let sandbox = Sandbox::new();
    let folder = "import/google-authenticator/";
    let first = text(&fixture(&format!("{folder}migration-batch-1.png"))).to_owned();
    sandbox.mfa(["add", "--all", &first]).run().exits(0).says("code 2 of 2 of this export is missing");
    assert_eq!(accounts(&sandbox).len(), 10);
    let whole = text(&fixture(&format!("{folder}migration-batch-reversed.txt"))).to_owned();
    sandbox.mfa(["add", "--all", &whole]).run().exits(0).says_not("missing");
    assert_eq!(accounts(&sandbox).len(), 12);
}

#[test]
fn lines_around_a_uri_are_skipped() {
    let plain = vector("plain");
    let sandbox = Sandbox::new();
    let entry = format!("hunter2\nuser: alice\n{}\n", plain.uri());
    sandbox.mfa(["add", "x"]).stdin(entry).run().exits(0);
    assert_stored(&sandbox, "x", plain);
}

#[test]
fn two_keys_on_two_lines_are_not_joined() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["add", "x"]).stdin("JBSWY3DPEHPK3PXP\nGEZDGNBVGY3TQOJQ\n").run().exits(1).says("no account");
    assert_eq!(sandbox.vault_bytes(), None);
}
