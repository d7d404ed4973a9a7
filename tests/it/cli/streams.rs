//! Both streams: colours, quiet runs, and streams that accept no output.

use crate::harness::{Sandbox, vector};

const RED: &str = "\u{1b}[";

#[test]
fn colours_appear_on_request_only() {
    let sandbox = Sandbox::new();
    for (options, environment, coloured) in [
        (&[][..], &[][..], false),
        (&["--color", "always"], &[], true),
        (&["--color=always"], &[("NO_COLOR", "1"), ("TERM", "dumb")], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&["--color", "auto"], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&[], &[("CLICOLOR", "1"), ("TERM", "xterm-256color")], false),
    ] {
        for command in [&["code", "nobody"][..], &["code", "nobody", "--frobnicate"]] {
            let arguments = [command, options].concat();
            let run =
                environment.iter().fold(sandbox.mfa(&arguments), |run, (name, value)| run.env(name, value));
            let run = run.run_unchecked();
            assert_eq!(run.stderr.contains(RED), coloured, "{arguments:?} {environment:?}: {:?}", run.stderr);
            assert!(run.stderr.contains("error"), "colour alone says nothing");
        }
    }
    for wrong in ["", "blue", "ALWAYS!"] {
        sandbox.mfa(["list", &format!("--color={wrong}")]).run().exits(2).prints("");
    }
}

#[test]
fn output_without_colours_is_the_same() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("john", "sha256-8-60")]);
    for arguments in [
        &["code", "alice"][..],
        &["next-pair", "alice"],
        &["list"],
        &["list", "-j"],
        &["code", "alice", "-j"],
    ] {
        let plain = sandbox.mfa(arguments).run().exits(0).text();
        let coloured = [arguments, &["--color", "always"]].concat();
        sandbox.mfa(coloured).run().exits(0).prints(&plain).in_silence();
    }
    for help in [&["--help", "--color", "always"][..], &["list", "--color=always", "-h"]] {
        assert!(sandbox.mfa(help).run().exits(0).text().contains(RED));
    }
}

#[test]
fn quiet_keeps_errors_and_output() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("alicia", "aws")]);
    sandbox.mfa(["code", "alice", "-q"]).run().exits(0).prints("713653\n").in_silence();
    for (arguments, code) in [
        (&["-q", "code", "nobody"][..], 3),
        (&["code", "ali", "--quiet"], 4),
        (&["code", "-q"], 2),
        (&["add", "alice", "-q"], 1),
        (&["export-qr", "-q", "alice"], 2),
    ] {
        sandbox.mfa(arguments).run().exits(code).prints("").says("error: ");
    }
}

#[test]
fn no_prompt_appears_without_a_terminal() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    for (arguments, code) in [
        (&["add", "alice"][..], 1),
        (&["add", "alice", "--no-input"], 1),
        (&["code", "ali", "--no-input"], 0),
        (&["export-qr", "alice", "--no-input"], 2),
    ] {
        sandbox.mfa(arguments).run().exits(code);
        sandbox.mfa(arguments).env("MFA_NO_INPUT", "1").run().exits(code);
        sandbox.mfa(arguments).env("MFA_NO_INPUT", "").run().exits(code);
    }
    let other = sandbox.mfa(["add", "alice"]).stdin(vector("aws").uri()).run();
    other.exits(5).says_not("type 'alice'");
}

#[test]
fn arguments_that_are_not_utf_8_are_wrong_usage() {
    #[cfg(unix)]
    {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;

        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        let odd = OsStr::from_bytes(b"a\xffb\x1b");
        for command in ["code", "next-pair", "list", "export-qr", "add"] {
            let run = sandbox.mfa([OsStr::new(command), odd]).run().exits(2).prints("");
            assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
        }
        for variable in ["MFA_AT", "MFA_MIN_REMAINING"] {
            sandbox.mfa(["code", "alice"]).env(variable, odd).run().exits(2).says(variable);
        }
        // a flag overrides its variable, even an invalid one
        sandbox.mfa(["code", "alice", "--at", "59"]).env("MFA_AT", odd).run().exits(0).prints("713653\n");
        let flag = sandbox.mfa(["code", "alice", "-m1"]).env("MFA_MIN_REMAINING", odd);
        flag.run().exits(0).prints("713653\n");
        // paths may have any bytes
        let path = sandbox.path(odd);
        std::fs::copy(sandbox.vault(), &path).unwrap();
        sandbox.mfa(["code", "alice"]).env("MFA_VAULT", &path).run().exits(0).prints("713653\n");
        sandbox.mfa([OsStr::new("add"), OsStr::new("x"), path.as_os_str()]).run().exits(1);
    }
}

#[test]
fn very_long_arguments_give_short_errors() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let long = "x".repeat(100_000);
    for (arguments, code) in [
        (&["code", &long][..], 3),
        (&["list", &long], 0),
        (&["next-pair", &long], 3),
        (&["export-qr", &long], 3),
        (&["add", &long, "-"], 2),
        (&["add", "x", &long], 1),
        (&["code", "alice", "--at", &long], 2),
        (&["code", "alice", &long], 2),
        (&["export-qr", "alice", "-o", &long], 1),
    ] {
        let run = sandbox.mfa(arguments).run().exits(code);
        assert!(run.stderr.len() < 1000, "{} bytes about {:?}", run.stderr.len(), arguments[0]);
    }
}

#[cfg(unix)]
mod unix {
    use std::io::Read as _;
    use std::process::Stdio;

    use super::*;

    /// Returns a sandbox with more accounts than a pipe holds.
    fn many() -> Sandbox {
        let records: String = (0..3000).map(|n| vector("plain").record(&format!("account-{n}"))).collect();
        Sandbox::with_vault(&format!("version = 1\n{records}"))
    }

    #[test]
    fn reader_that_stops_early_ends_mfa_silently() {
        let sandbox = many();
        for arguments in
            [&["list"][..], &["list", "-j"], &["list", "--names", "--quiet"], &["list", "--codes"]]
        {
            let mut command = sandbox.mfa(arguments).command();
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let mut first = [0; 8];
            child.stdout.take().unwrap().read_exact(&mut first).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(
                (output.status.code(), output.stderr.as_slice()),
                (Some(0), &b""[..]),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn closed_pipe_ends_every_command_silently() {
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        for arguments in [
            &["code", "alice"][..],
            &["code", "alice", "-j"],
            &["next-pair", "alice"],
            &["next-pair", "alice", "--wait"],
            &["list"],
            &["export-qr", "alice", "-o", "-"],
            &["--help"],
            &["add", "--help"],
            &["--version"],
        ] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            sandbox.mfa(arguments).stdout(writer).run().exits(0).in_silence();
        }
    }

    #[test]
    fn output_that_cannot_be_written_is_an_error() {
        let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        for arguments in [
            &["code", "alice"][..],
            &["code", "alice", "-j", "-q"],
            &["next-pair", "alice", "-F", "aws"],
            &["list"],
            &["list", "--names"],
            &["export-qr", "alice", "-o", "-"],
            &["--help"],
            &["--version"],
        ] {
            let run = sandbox.mfa(arguments).stdout(full.try_clone().unwrap()).run();
            run.exits(1).says("could not write to stdout");
        }
    }

    #[test]
    fn file_size_limit_is_an_error_like_a_full_disk() {
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        let file = std::fs::File::create(sandbox.path("out")).unwrap();
        let run = sandbox.mfa(["code", "alice"]).stdout(file).after("ulimit -f 0").run();
        run.exits(1).says("could not write to stdout");
    }

    #[test]
    fn closed_or_full_stderr_does_not_change_stdout() {
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        for closed in ["exec 2>&-", "exec 2>/dev/full", "exec <&-"] {
            sandbox.mfa(["code", "alice"]).after(closed).run().exits(0).prints("713653\n");
            let run = sandbox.mfa(["code", "nobody"]).after(closed).run();
            assert_eq!(run.status.code(), Some(3), "{closed}");
            sandbox.mfa(["list", "nobody"]).after(closed).run().exits(0).prints("");
        }
    }
}
