//! No use of the network, judged by `strace`.

use std::process::Command;

use crate::harness::{Sandbox, alice, picture, public_key, vector};

/// Runs a command under `strace`. Returns the sockets that it and its children opened.
fn sockets(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let trace = sandbox.path("trace");
    let run = sandbox.mfa(arguments);
    let prepared = run.command();
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", "trace=network", "-o"]).arg(&trace);
    command.arg(prepared.get_program()).args(prepared.get_args()).env_clear();
    command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(sandbox.path(".")).stdin(std::process::Stdio::null());
    let output = command.output().expect("strace is needed here");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let trace = std::fs::read_to_string(trace).expect("strace writes it");
    trace.lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs strace: .ci/run installs it"]
fn no_command_opens_an_internet_socket() {
    let sandbox = alice();
    sandbox.write("words", "correct horse");
    sandbox.write("uri", vector("aws").uri());
    let (image, key) = (picture("plain-gray.png"), public_key());
    let image = image.to_str().unwrap();
    for arguments in [
        &["--help"][..],
        &["add", "new", "uri"],
        &["add", "picture", image],
        &["code", "alice"],
        &["code", "--from", image],
        &["next-pair", "alice"],
        &["list"],
        &["list", "--codes"],
        &["export-qr", "alice", "-o", "alice.png"],
        &["vault", "keys", "add", "--new-passphrase-file", "words"],
        &["vault", "keys"],
        &["vault", "passwd", "--new-passphrase-file", "words"],
        &["unlock", "--for", "1m"],
        &["lock"],
        &["vault", "verify"],
        &["vault", "rekey", "-r", &key],
        &["vault", "decrypt", "-y"],
        &["code", "alice"],
        &["vault", "encrypt", "-r", &key],
        &["code", "alice"],
    ] {
        let calls = sockets(&sandbox, arguments);
        let outside: Vec<_> = calls.iter().filter(|call| call.contains("AF_INET")).collect();
        assert!(outside.is_empty(), "{arguments:?}: {outside:?}");
    }
    // control: strace does report a socket of the internet
    let resolver = sandbox.path("resolver");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=network", "-o"])
        .arg(&resolver)
        .args(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9"])
        .output();
    output.expect("bash is there");
    assert!(std::fs::read_to_string(resolver).unwrap().contains("AF_INET"));
}
