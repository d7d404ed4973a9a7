//! Other programs that tests run: judges, and programs that run `mfa`.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Runs a command with this standard input.
#[track_caller]
pub(crate) fn run_with_stdin(command: &mut Command, stdin: &str) -> Output {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child =
        child.unwrap_or_else(|error| panic!("{} does not start: {error}", command.get_program().display()));
    // a program that fails early does not read its input
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

/// Returns what a tool prints.
#[cfg(unix)]
#[track_caller]
pub(crate) fn tool_output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed here: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

/// Returns a command of the Python that has the packages of the scripts; it writes no `__pycache__` beside them.
pub(crate) fn python() -> Command {
    let mut command = Command::new(std::env::var_os("MFA_TEST_PYTHON").unwrap_or_else(|| "python3".into()));
    command.arg("-B");
    command
}
