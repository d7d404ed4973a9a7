//! The clipboard inside WSL, with stand-ins for the programs of Windows.

use std::fs;
use std::process::{Output, Stdio};

use crate::harness::desktop::page::{ONE, SECRET};
use crate::harness::desktop::running::until;
use crate::harness::desktop::{CODE, Desktop};
use crate::harness::{MFA, picture};

fn mfa(desktop: &Desktop, path: &str, arguments: &[&str]) -> Output {
    let mut command = desktop.command(MFA);
    command.args(arguments).env("PATH", path).env("WSL_DISTRO_NAME", "Debian").stderr(Stdio::piped());
    command.output().unwrap()
}

#[test]
fn code_goes_to_the_windows_clipboard_and_is_cleared() {
    let desktop = Desktop::without();
    desktop.stand_in("clip.exe", "cat > ~/clipboard");
    let path = desktop.stand_in("powershell.exe", "cat ~/clipboard; echo");
    let output = mfa(&desktop, &path, &["code", "rfc", "--copy", "--at", "57"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "copied, cleared in 3 s\n");
    let copied = || fs::read_to_string(desktop.path("clipboard")).unwrap();
    assert_eq!(copied(), CODE);
    until("it is cleared", || copied().is_empty().then_some(()));
}

#[test]
fn pictures_of_windows_are_read_as_base64() {
    let desktop = Desktop::without();
    let script =
        format!("case $* in *GetImage*|*CopyFromScreen*) base64 -w 0 '{}';; esac", picture(ONE).display());
    let path = desktop.stand_in("powershell.exe", &script);
    for (name, source) in [("copied", "--clipboard"), ("seen", "--screen")] {
        let output = mfa(&desktop, &path, &["add", name, source]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(desktop.vault().matches(SECRET).count(), 2);
}
