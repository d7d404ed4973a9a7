//! Messages and warnings that `add` prints on success.

use crate::harness::{Sandbox, picture, restrict, vector};

#[test]
fn success_prints_one_line_about_the_account() {
    let sandbox = Sandbox::new();
    let run = sandbox.mfa(["add", "x"]).stdin(vector("sha256-8-60").uri()).run().exits(0).prints("");
    assert_eq!(run.stderr, "stored 'x': ACME Co, john.doe@example.org, 8 digits, 60 s, SHA256\n");
    let run = sandbox.mfa(["add", "y"]).stdin(&vector("plain").secret).run().exits(0).prints("");
    assert_eq!(run.stderr, "stored 'y': 6 digits, 30 s, SHA1\n");
    sandbox.mfa(["add", "z", "-q"]).stdin(vector("plain").uri()).run().exits(0).prints("").in_silence();
}

#[test]
fn add_warns_of_a_uri_in_the_shell_history() {
    let plain = vector("plain");
    for arguments in
        [&["add", "x", &plain.uri()][..], &["add", &plain.uri()], &["add", "--uri", &plain.uri()]]
    {
        let run = Sandbox::new().mfa(arguments).run().exits(0);
        run.says("warning: ").says("history").says("process list").hints("with - as the source");
    }
    let from =
        Sandbox::new().mfa(["code", "--from", &plain.uri()]).run().exits(0).hints("with - as the source");
    drop(from.prints("713653\n"));
    Sandbox::new().mfa(["add", "x"]).stdin(plain.uri()).run().exits(0).says_not("history");
}

#[test]
fn add_warns_of_a_file_that_still_holds_the_secret() {
    let sandbox = Sandbox::new();
    std::fs::copy(picture("plain-gray.png"), sandbox.path("my code.png")).unwrap();
    restrict(&sandbox.path("my code.png"));
    let run = sandbox.mfa(["add", "x", "my code.png"]).run().exits(0);
    let removal = if cfg!(windows) { "del \"my code.png\"" } else { "rm 'my code.png'" };
    run.says("'my code.png' still holds the secret").hints(removal).says_not("others can read");
    // printed again if the account existed already
    sandbox.mfa(["add", "x", "my code.png"]).run().exits(0).says("still holds the secret");
    assert!(sandbox.path("my code.png").exists());

    let png = std::fs::read(picture("plain-gray.png")).unwrap();
    sandbox.mfa(["add", "y"]).stdin(png).run().exits(0).says_not("still holds");
}

#[cfg(unix)]
#[test]
fn add_warns_of_a_file_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;

    for (mode, exposed) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true)] {
        let sandbox = Sandbox::new();
        let file = sandbox.write("seed", &vector("plain").secret);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let run = sandbox.mfa(["add", "x", "seed"]).run().exits(0).hints("rm seed");
        assert_eq!(run.stderr.contains("others can read it"), exposed, "{mode:o}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn add_does_not_warn_of_a_pipe_with_a_path() {
    if !std::path::Path::new("/dev/stdin").exists() {
        return;
    }
    let piped = Sandbox::new().mfa(["add", "x", "/dev/stdin"]).stdin(vector("plain").uri()).run();
    piped.exits(0).says_not("still holds");

    let sandbox = Sandbox::new();
    sandbox.write("seed", &vector("plain").secret);
    let redirected = sandbox.mfa(["add", "x", "/dev/stdin"]).after("exec < seed").run();
    redirected.exits(0).says_not("rm /dev/stdin");
}

#[test]
fn add_warns_of_an_unusual_source() {
    let sandbox = Sandbox::new();
    for (uri, warning) in [
        (
            "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&issuer=C",
            "the label has the issuer 'A', but the issuer parameter is 'C'",
        ),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&period=0", "the period is 0"),
        ("otpauth://totp/a?secret=JBSWY3DP", "the secret key is shorter than 80 bits"),
    ] {
        let run = sandbox.mfa(["add", "-n", "x"]).stdin(uri).run().exits(0);
        run.says(&format!("warning: {warning}"));
        sandbox.mfa(["add", "-nq", "x"]).stdin(uri).run().exits(0).in_silence();
    }
}

/// Windows has no such file names.
#[cfg(unix)]
#[test]
fn escapes_in_a_path_are_sanitized() {
    use super::text;

    let sandbox = Sandbox::new();
    let file = sandbox.write("a\u{1b}[31m.png", std::fs::read(picture("plain-gray.png")).unwrap());
    for arguments in [
        &["add", "x", text(&file)][..],
        &["add", text(&file), "y"],
        &["add", "z", "b\u{1b}[31m.png"],
        &["add", text(&picture("plain-gray.png")), "b\u{1b}[31m"],
        &["--vault", "c\u{1b}[31m/../vault.toml", "add", "z", text(&file)],
    ] {
        let run = sandbox.mfa(arguments).run();
        assert!(!run.stderr.contains('\u{1b}'), "{arguments:?}: {:?}", run.stderr);
    }
}
