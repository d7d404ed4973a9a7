//! `code --copy`: the code stays in the clipboard after the program has ended, until the code expires.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::MFA;
use crate::harness::desktop::running::until;
use crate::harness::desktop::{CODE, Desktop, Kind, read};

fn assert_kept_and_cleared(kind: Kind) {
    let desktop = Desktop::new(kind);
    let start = Instant::now();
    let output = desktop.mfa(["code", "rfc", "--copy", "--at", "55"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{CODE}\n"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "copied, cleared in 5 s\n");
    for kind in ["UTF8_STRING", "STRING", "TEXT", "text/plain", "text/plain;charset=utf-8"] {
        assert_eq!(desktop.pasted(kind), CODE.as_bytes(), "{kind}");
    }
    assert_eq!(desktop.pasted("x-kde-passwordManagerHint"), b"secret");
    until("it is cleared", || desktop.pasted_text().is_empty().then_some(()));
    assert!(start.elapsed() > Duration::from_secs(3), "it is cleared too early: {:?}", start.elapsed());
    until("the daemon has ended", || desktop.keepers().is_empty().then_some(()));
}

fn assert_later_copy_stays(kind: Kind) {
    let desktop = Desktop::new(kind);
    assert!(desktop.mfa(["code", "rfc", "--copy", "--at", "57"]).status.success());
    desktop.copy("text/plain", b"something else");
    until("the daemon has ended", || desktop.keepers().is_empty().then_some(()));
    assert_eq!(desktop.pasted("text/plain"), b"something else");
}

#[test]
#[ignore = "needs Xvfb and xclip: .ci/run installs them"]
fn code_under_x11_stays_until_it_expires() {
    assert_kept_and_cleared(Kind::X11);
}

#[test]
#[ignore = "needs sway and wl-clipboard: .ci/run installs them"]
fn code_under_wayland_stays_until_it_expires() {
    assert_kept_and_cleared(Kind::Wayland);
}

#[test]
#[ignore = "needs Xvfb and xclip: .ci/run installs them"]
fn later_copy_under_x11_stays() {
    assert_later_copy_stays(Kind::X11);
}

#[test]
#[ignore = "needs sway and wl-clipboard: .ci/run installs them"]
fn later_copy_under_wayland_stays() {
    assert_later_copy_stays(Kind::Wayland);
}

#[test]
#[ignore = "needs Xvfb: .ci/run installs it"]
fn daemon_closes_inherited_files_and_hides_the_code() {
    let desktop = Desktop::new(Kind::X11);
    let start = Instant::now();
    // the shell's pipe under three more numbers, one of them higher than a shell closes
    let script = format!("exec 3>&1 9>&1; \"{MFA}\" code rfc --copy --at 30 2>&1 20>&1");
    let mut shell = desktop.command("bash").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    shell.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(shell.wait().unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(20), "it was held open for {:?}", start.elapsed());
    assert_eq!(said, format!("{CODE}\ncopied, cleared in 30 s\n"));
    let keepers = desktop.keepers();
    let [keeper] = keepers.as_slice() else { panic!("{keepers:?}") };
    for file in ["cmdline", "environ"] {
        assert!(!read(keeper, file).contains(CODE), "{file}");
    }
    let session = read(keeper, "stat").rsplit(") ").next().unwrap().split(' ').nth(3).unwrap().to_owned();
    assert_eq!(&session, keeper, "it leads a session of its own");
    desktop.end_keeper(Signal::TERM);
}

#[test]
fn code_is_printed_with_exit_1_without_a_clipboard() {
    let output = Desktop::without().mfa(["code", "rfc", "-c", "--at", "59"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"287082\n");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("error: no clipboard: no display responds") && said.contains("MFA_CLIPBOARD"),
        "{said}"
    );
}

#[test]
fn variable_selects_the_clipboard_backend() {
    for (wanted, exit, says) in [("off", 1, "turned off"), ("xclip", 2, "auto, tmux, osc52, system or off")] {
        let desktop = Desktop::without();
        for arguments in [&["code", "rfc", "-c"][..], &["add", "x", "--clipboard"]] {
            let mut command = desktop.command(MFA);
            command.args(arguments).env("MFA_CLIPBOARD", wanted).stderr(Stdio::piped());
            let output = command.output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(exit), "{said}");
            assert!(said.contains(says), "{said}");
            assert!(exit != 2 || output.stdout.is_empty(), "no code is given away for a mistake");
        }
    }
}

/// A stand-in for the tool that shows a window: no headless compositor denies its clipboard to programs without one.
#[test]
fn window_tool_is_the_last_backend_and_ends_with_the_code() {
    let desktop = Desktop::without();
    let tool = "case $* in *--help*) echo --sensitive; exit;; esac\ncat > ~/copied\necho $* > ~/arguments\nexec sleep 1000";
    let path = desktop.stand_in("wl-copy", tool);
    let mut command = desktop.command(MFA);
    command.args(["code", "rfc", "--copy", "--at", "57"]);
    let output = command.env("WAYLAND_DISPLAY", "wayland-77").env("PATH", path).output().unwrap();
    assert!(output.status.success());
    assert_eq!(fs::read_to_string(desktop.path("copied")).unwrap(), CODE);
    let arguments = fs::read_to_string(desktop.path("arguments")).unwrap();
    assert_eq!(arguments, "--foreground --type text/plain;charset=utf-8 --sensitive\n");
    until("both end", || desktop.processes("").is_empty().then_some(()));
}

#[test]
#[ignore = "needs Xvfb and xclip: .ci/run installs them"]
fn second_copy_stays_for_its_own_time() {
    let desktop = Desktop::new(Kind::X11);
    assert!(desktop.mfa(["code", "rfc", "--copy", "--at", "57"]).status.success());
    // RFC 4226, appendix D: the code of step 0
    assert!(desktop.mfa(["code", "rfc", "--copy", "--at", "22"]).status.success());
    until("the first is kept no longer", || (desktop.keepers().len() == 1).then_some(()));
    let end_of_the_first = Instant::now() + Duration::from_secs(4);
    until("the time of the first is over", || (Instant::now() > end_of_the_first).then_some(()));
    assert_eq!(desktop.pasted_text(), "755224");
    until("the second is cleared", || desktop.pasted_text().is_empty().then_some(()));
}

#[test]
#[ignore = "needs Xvfb and xclip: .ci/run installs them"]
fn code_is_copied_even_if_stdout_is_closed() {
    let desktop = Desktop::new(Kind::X11);
    // step 0 again, so that the two differ
    for (arguments, end, code) in
        [("--at 40", "| true; exit ${PIPESTATUS[0]}", CODE), ("--at 10", ">&-", "755224")]
    {
        let script = format!("\"{MFA}\" code rfc --copy {arguments} {end}");
        let output = desktop.command("bash").args(["-c", &script]).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(desktop.pasted_text(), code, "{script}");
    }
}

#[test]
#[ignore = "needs Xvfb and xclip: .ci/run installs them"]
fn killed_daemon_clears_the_code_and_allows_another_copy() {
    let desktop = Desktop::new(Kind::X11);
    for signal in [Signal::TERM, Signal::KILL] {
        assert!(desktop.mfa(["code", "rfc", "--copy", "--at", "30"]).status.success());
        assert_eq!(desktop.pasted_text(), CODE);
        desktop.end_keeper(signal);
        until("it is cleared", || desktop.pasted_text().is_empty().then_some(()));
    }
}

#[test]
#[ignore = "needs Xvfb and xclip: .ci/run installs them"]
fn hotp_code_stays_for_45_seconds() {
    let desktop = Desktop::new(Kind::X11);
    fs::write(
        desktop.path("vault.toml"),
        "version = 1\n[accounts.hotp]\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\ntype = \"hotp\"\ncounter = 0\n",
    )
    .unwrap();
    let output = desktop.mfa(["code", "hotp", "--copy", "--json"]);
    // RFC 4226, appendix D
    assert!(String::from_utf8(output.stdout).unwrap().contains("755224"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "copied, cleared in 45 s\n");
    assert_eq!(desktop.pasted_text(), "755224");
}
