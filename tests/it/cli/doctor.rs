//! `mfa doctor`

use std::net::UdpSocket;

use crate::harness::{Run, Sandbox, fixture, restrict, rfc_secret, vector};

fn doctor(sandbox: &Sandbox) -> Run {
    sandbox.mfa(["doctor"]).unset("MFA_AT")
}

/// Returns the lines of a check, as `status text`.
fn lines(text: &str, check: &str) -> Vec<String> {
    let words = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    words
        .filter(|words| words[1] == check)
        .map(|words| [&words[..1], &words[2..]].concat().join(" "))
        .collect()
}

#[track_caller]
fn says(text: &str, check: &str, part: &str) {
    let lines = lines(text, check);
    assert!(lines.iter().any(|line| line.contains(part)), "no '{part}' about {check} in\n{text}");
}

#[test]
fn intact_vault_has_no_problem() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain"), ("root", "aws")]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(sandbox.path("."), std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    let before = sandbox.state();
    let text = doctor(&sandbox).run().exits(0).in_silence().text();
    says(&text, "vault", "ok 2 accounts, in '");
    says(&text, "encryption", "ok the secrets are plain text");
    says(&text, "secrets", "ok no weak");
    says(&text, "place", "ok not in a git repository");
    says(&text, "clock", "ok plausible");
    says(&text, "state", "ok kept in '");
    says(&text, "permissions", if cfg!(unix) { "ok only you" } else { "ok not checked" });
    assert!(text.lines().all(|line| ["ok ", "warning ", "problem "].iter().any(|s| line.starts_with(s))));
    assert_eq!(sandbox.state(), before, "nothing was written");
}

#[test]
fn missing_vault_is_no_problem() {
    let text = doctor(&Sandbox::new()).run().exits(0).text();
    says(&text, "vault", "ok no vault yet");
}

#[test]
fn damage_is_a_problem_and_named() {
    let record = vector("plain").record("good");
    let vault =
        format!("version = 1\n{record}[accounts.bad]\nsecret = \"1\"\n[accounts.worse]\nissuer = \"x\"\n");
    let sandbox = Sandbox::with_vault(&vault);
    let run = doctor(&sandbox).run().exits(8).says("found 2 problems");
    let text = run.text();
    says(&text, "vault", "ok 1 account,");
    says(&text, "accounts", "problem 'bad' cannot be used");
    says(&text, "accounts", "problem 'worse' cannot be used");

    let text = doctor(&Sandbox::with_vault("no vault")).run().exits(8).says("found 1 problem").text();
    says(&text, "vault", "problem the vault '");
}

#[test]
fn weak_and_duplicate_secrets_are_reported_by_name() {
    let (short, secret) = ("JBSWY3DPEB3W64TM", rfc_secret(20));
    let record = |name: &str, secret: &str| format!("[accounts.{name}]\nsecret = \"{secret}\"\n");
    let vault =
        [record("b", &secret), record("weak", &short[..8]), record("fair", short), record("a", &secret)];
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", vault.concat()));
    let text = doctor(&sandbox).run().exits(0).text();
    assert_eq!(
        lines(&text, "secrets"),
        [
            "warning shorter than 80 bits: weak; the service should issue longer ones",
            "warning the same secret: b, a"
        ]
    );
}

#[cfg(unix)]
#[test]
fn files_that_others_can_use_are_a_problem() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let mode = |name: &str, mode: u32| {
        let path = sandbox.path(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    sandbox.write("vault.toml.bak", "");
    sandbox.write("vault.toml.lock", "");
    for (name, wrong, right) in [
        ("vault.toml", 0o640, 0o600),
        ("vault.toml.bak", 0o604, 0o600),
        ("vault.toml.lock", 0o660, 0o600),
        (".", 0o777, 0o700),
    ] {
        for name in ["vault.toml", "vault.toml.bak", "vault.toml.lock"] {
            restrict(&sandbox.path(name));
        }
        mode(name, wrong);
        let text = doctor(&sandbox).run().exits(8).text();
        says(&text, "permissions", "problem others can");
        assert_eq!(lines(&text, "permissions").len(), 1, "{text}");
        mode(name, right);
        doctor(&sandbox).run().exits(0);
    }
    mode(".", 0o1777);
    doctor(&sandbox).run().exits(0);
}

#[test]
fn plain_copy_of_an_encrypted_vault_is_a_problem() {
    let sandbox = Sandbox::new();
    sandbox.write_vault(&std::fs::read(fixture("sealed/good-all.toml")).unwrap());
    let text = doctor(&sandbox).run().exits(0).text();
    says(&text, "encryption", "ok the secrets are encrypted, opened by");
    says(&text, "secrets", "ok not checked");
    assert_eq!(lines(&text, "place"), [""; 0], "it may lie anywhere");

    let copy = sandbox.write("vault.toml.bak", format!("version = 1\n{}", vector("plain").record("x")));
    restrict(&copy);
    let text = doctor(&sandbox).run().exits(8).text();
    says(&text, "copies", "vault.toml.bak' holds accounts as plain text");
}

#[test]
fn damaged_key_slot_is_a_problem() {
    let sandbox = Sandbox::new();
    sandbox.write_vault(&std::fs::read(fixture("sealed/bad-slot-bit.toml")).unwrap());
    let text = doctor(&sandbox).run().exits(8).text();
    says(&text, "encryption", "problem key 1 cannot be used");
}

#[test]
fn plain_text_in_a_repository_or_cloud_folder_is_reported() {
    for (marker, message) in [
        (".git/config", "the plain-text vault is in the git working tree '"),
        (".stfolder/x", "Syncthing copies"),
    ] {
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        std::fs::create_dir(sandbox.path(marker).parent().unwrap()).unwrap();
        sandbox.write(marker, "");
        let text = doctor(&sandbox).run().exits(0).text();
        says(&text, "place", &format!("warning {message}"));
    }
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("Dropbox")).unwrap();
    let vault = sandbox.write("Dropbox/vault.toml", "version = 1\n");
    restrict(&vault);
    let text = doctor(&sandbox).env("MFA_VAULT", vault).run().exits(0).text();
    says(&text, "place", "warning Dropbox copies");
}

/// The desktops, shells and folders of Unix.
#[cfg(unix)]
#[test]
fn environment_is_reported() {
    let sandbox = Sandbox::new();
    for (variable, value, message) in [
        ("TMUX", "x", "ok tmux"),
        ("SSH_TTY", "x", "ok terminal (OSC 52)"),
        ("WSL_DISTRO_NAME", "x", "ok Windows"),
        ("WAYLAND_DISPLAY", "x", "ok Wayland"),
        ("DISPLAY", "x", "ok X11"),
        ("MFA_CLIPBOARD", "off", "ok the clipboard is turned off"),
        ("MFA_CLIPBOARD", "x", "warning unknown clipboard 'x' in MFA_CLIPBOARD"),
    ] {
        says(&doctor(&sandbox).env(variable, value).run().exits(0).text(), "clipboard", message);
    }
    let file = sandbox.write("file", "");
    let text = doctor(&sandbox).env("XDG_STATE_HOME", file.join("x")).run().exits(0).text();
    says(&text, "state", "warning '");
    says(&doctor(&sandbox).env("SHELL", "/bin/tcsh").run().text(), "completion", "ok not checked");
    let shell = || doctor(&sandbox).env("SHELL", "/bin/bash").run().exits(0).text();
    says(&shell(), "completion", "warning not found for bash");
    std::fs::create_dir(sandbox.path("home")).unwrap();
    sandbox.write("home/.bashrc", "source <(mfa completions bash)\n");
    says(&shell(), "completion", "ok installed for bash: '");
    says(&doctor(&sandbox).env("MFA_AT", "59").run().text(), "clock", "warning MFA_AT is set to 59");
}

#[test]
fn json_has_a_version_and_a_list() {
    let sandbox = Sandbox::with_vault("version = 1\n[accounts.bad]\n");
    let json = sandbox.mfa(["doctor", "-j"]).run().exits(8).json();
    assert_eq!(json["version"], 1);
    let bad = json["checks"].as_array().unwrap().iter().find(|check| check["check"] == "accounts").unwrap();
    assert_eq!((&bad["status"], bad["text"].as_str().unwrap().contains("'bad'")), (&"problem".into(), true));
}

/// Starts a time server that answers one request with this packet, into which it puts the client's timestamp and its
/// own time, in Unix seconds. Returns its address.
fn time_server(first: [u8; 2], seconds: u64) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut question = [0; 100];
        let (length, client) = socket.recv_from(&mut question).unwrap();
        assert_eq!(
            (length, question[0] & 0b111, &question[1..40]),
            (48, 3, &[0; 39][..]),
            "it tells nothing of us"
        );
        let mut answer = [0; 48];
        answer[..2].copy_from_slice(&first);
        let time = u32::try_from((seconds + 2_208_988_800) & u64::from(u32::MAX)).unwrap().to_be_bytes();
        answer[32..36].copy_from_slice(&time);
        answer[40..44].copy_from_slice(&time);
        // a response to another client
        socket.send_to(&answer, client).unwrap();
        answer[24..32].copy_from_slice(&question[40..48]);
        socket.send_to(&answer, client).unwrap();
    });
    address
}

#[test]
fn ntp_option_reports_the_offset_of_the_clock() {
    let sandbox = Sandbox::with_rfc();
    let asked = |first: [u8; 2], seconds: u64| {
        let server = time_server(first, seconds);
        sandbox.mfa(["doctor", "--ntp", &server]).at("1800000000").run()
    };
    let good = [0x24, 2];
    for (seconds, exit, message) in [
        (1_800_000_000, 0, "ok this clock is 0.0"),
        (1_800_000_010, 0, "warning this clock is 9.9"),
        (1_799_999_984, 8, "problem this clock is 16.0"),
        (1_800_000_100, 8, "problem this clock is 99.9"),
        // after the turn of NTP's seconds in 2036
        (2_100_000_000, 8, "problem this clock is 299999999.9"),
    ] {
        says(&asked(good, seconds).exits(exit).text(), "ntp", message);
    }
    says(&asked(good, 1_799_999_984).text(), "ntp", "s ahead: its codes are wrong");
    for odd in [[0x24, 0], [0x24, 16], [0xe4, 2]] {
        says(&asked(odd, 1_800_000_000).exits(8).text(), "ntp", "problem the time server '127.0.0.1:");
    }
}

#[test]
fn time_server_without_an_answer_is_a_problem() {
    let sandbox = Sandbox::with_rfc();
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let run = sandbox.mfa(["doctor", "--ntp", &address]).run().exits(8);
    assert!((3.0..10.0).contains(&run.seconds), "{} s", run.seconds);
    says(&run.text(), "ntp", "did not answer within 3 s");
    drop(silent);
    // wine does not report a closed port
    let told = if cfg!(unix) { "problem could not ask" } else { "problem " };
    says(&sandbox.mfa(["doctor", "--ntp", &address]).run().exits(8).text(), "ntp", told);
    says(&sandbox.mfa(["doctor", "--ntp", "host:port"]).run().exits(8).text(), "ntp", "is not HOST");
}

#[test]
fn conflict_copies_and_markers_are_reported_with_the_merge() {
    for copy in [
        "vault.sync-conflict-20261130-101010-ABCDEFG.toml",
        "vault (conflicted copy 2026-11-30 101010).toml",
        "vault (Anna's conflicted copy 2026-11-30).toml",
    ] {
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        restrict(&sandbox.write(copy, "version = 1\n"));
        let text = doctor(&sandbox).run().exits(0).text();
        says(&text, "conflicts", "warning '");
        says(&text, "conflicts", "run 'mfa vault merge ");
    }
    let record = vector("plain").record("alice");
    let sandbox =
        Sandbox::with_vault(&format!("version = 1\n<<<<<<< HEAD\n{record}=======\n{record}>>>>>>> other\n"));
    let text = doctor(&sandbox).run().exits(8).text();
    says(&text, "conflicts", "problem git left conflict markers");
    says(&text, "conflicts", "'mfa vault merge'");
}

#[cfg(unix)]
#[test]
fn hard_linked_vault_and_backup_are_reported() {
    use std::os::unix::fs::MetadataExt as _;
    for name in ["vault.toml", "vault.toml.bak"] {
        let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
        restrict(&sandbox.write("vault.toml.bak", "version = 1\n"));
        assert_eq!(lines(&doctor(&sandbox).run().exits(0).text(), "links"), [""; 0]);
        std::fs::hard_link(sandbox.path(name), sandbox.path("other name")).unwrap();
        let text = doctor(&sandbox).run().exits(0).text();
        says(&text, "links", &format!("{name}' is hard-linked"));
        says(&text, "links", &format!("-inum {}", sandbox.path(name).metadata().unwrap().ino()));
    }
}
