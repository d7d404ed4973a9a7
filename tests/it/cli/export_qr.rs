//! `mfa export-qr`

#[cfg(unix)]
use crate::harness::tool_output;
use crate::harness::{Sandbox, totp, vector};

const ROOT: [(&str, &str); 1] = [("root", "aws")];

#[test]
fn exported_picture_gives_the_same_codes() {
    let records: String = totp().map(|vector| vector.record(&vector.id)).collect();
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{records}"));
    for vector in totp() {
        let file = format!("{}.png", vector.id);
        sandbox.mfa(["export-qr", &vector.id, "-o", &file]).run().exits(0).prints("");
        for time in ["59", "1111111109", "20000000000"] {
            let code = format!("{}\n", vector.at(time));
            sandbox.mfa(["code", "--from", &file]).at(time).run().exits(0).prints(&code);
        }
    }
}

#[test]
fn exported_picture_is_the_same_account() {
    let records: String = totp().map(|vector| vector.record(&vector.id)).collect();
    let (here, there) = (Sandbox::with_vault(&format!("version = 1\n{records}")), Sandbox::new());
    for vector in totp() {
        let png = here.mfa(["export-qr", &vector.id, "-o", "-"]).run().exits(0).stdout;
        there.mfa(["add", &vector.id, "-"]).stdin(png).run().exits(0).says_not("warning");
    }
    let list = here.mfa(["list", "-j"]).run().text();
    there.mfa(["list", "-j"]).run().exits(0).prints(&list);
}

#[test]
fn unusual_labels_are_kept() {
    let labels = [
        ("a:b", "c"),
        ("", "c:d"),
        ("A & B", "50% #1?x=y&z"),
        ("+", "a+b c"),
        ("例え", "🦀@x"),
        ("%41", "%3A"),
        ("x", ""),
        ("\\", "'\""),
        ("a/b", "../.."),
        ("", "arn:aws:iam::123456789012:mfa/a/b"),
    ];
    let (here, there) = (Sandbox::new(), Sandbox::new());
    for (number, (issuer, account)) in labels.iter().enumerate() {
        let name = format!("n{number}");
        let arguments = ["add", &name, "-", "-i", issuer, "-a", account];
        here.mfa(arguments).stdin(&vector("plain").secret).run().exits(0);
        let png = here.mfa(["export-qr", &name, "-o", "-"]).run().exits(0).stdout;
        there.mfa(["add", &name]).stdin(png).run().exits(0);
    }
    let listed: serde_json::Value = here.mfa(["list", "-j"]).run().json();
    for (row, (issuer, account)) in listed["accounts"].as_array().unwrap().iter().zip(labels) {
        assert_eq!((&row["issuer"], &row["account"]), (&issuer.into(), &account.into()));
    }
    assert_eq!(there.mfa(["list", "-j"]).run().json(), listed);
}

#[test]
fn account_without_a_label_is_exported_under_its_name() {
    let secret = &vector("aws").secret;
    let sandbox = Sandbox::with_vault(&format!("version = 1\n[accounts.aws-root]\nsecret = \"{secret}\"\n"));
    let png = sandbox.mfa(["export-qr", "aws-root", "-o", "-"]).run().exits(0).stdout;
    // authenticators need a label
    let other = Sandbox::new();
    other.mfa(["add", "-"]).stdin(png).run().exits(0).says("aws-root");
}

#[test]
fn existing_file_is_not_overwritten() {
    let sandbox = Sandbox::with_accounts(&ROOT);
    sandbox.write("qr.png", "mine");
    let before = sandbox.state();
    sandbox.mfa(["export-qr", "root", "-o", "qr.png"]).run().exits(5).prints("").says("'qr.png'").hints("-f");
    assert_eq!(sandbox.state(), before);
    for option in ["-f", "--force"] {
        sandbox.write("qr.png", "mine");
        sandbox.mfa(["export-qr", "root", "-o", "qr.png", option]).run().exits(0);
        sandbox.mfa(["code", "--from", "qr.png"]).run().exits(0).prints("596825\n");
    }
}

#[test]
fn export_qr_warns_that_the_file_holds_the_secret() {
    let sandbox = Sandbox::with_accounts(&ROOT);
    let run = sandbox.mfa(["export-qr", "root", "-o", "qr.png"]).run().exits(0).prints("");
    run.says("warning: 'qr.png' holds the secret");
    sandbox.mfa(["export-qr", "root", "-o", "qr.svg", "-q"]).run().exits(0).in_silence();
}

#[test]
fn pipe_gets_the_secret_only_on_request() {
    let sandbox = Sandbox::with_accounts(&ROOT);
    let before = sandbox.state();
    for arguments in [
        &["export-qr", "root"][..],
        &["export-qr", "root", "-y"],
        &["export-qr", "root", "--type", "png"],
        &["export-qr", "root", "--type", "svg", "-y"],
        &["export-qr", "root", "--type", "terminal"],
    ] {
        sandbox.mfa(arguments).run().exits(2).prints("").hints("-o");
    }
    assert_eq!(sandbox.state(), before);
    let png = sandbox.mfa(["export-qr", "root", "-o", "-"]).run().exits(0).in_silence();
    assert!(png.stdout.starts_with(b"\x89PNG"));
}

#[test]
fn type_is_given_or_derived_from_the_extension() {
    let sandbox = Sandbox::with_accounts(&ROOT);
    for (file, kind, start) in [
        ("a.png", None, "\u{fffd}PNG"),
        ("a", None, "\u{fffd}PNG"),
        ("a.svg", None, "<svg"),
        ("capitals.SVG", None, "<svg"),
        ("b.png", Some("svg"), "<svg"),
        ("b.svg", Some("png"), "\u{fffd}PNG"),
        ("c.png", Some("terminal"), "  "),
    ] {
        let options = kind.map_or(vec![], |kind| vec!["--type", kind]);
        let arguments = [&["export-qr", "root", "-o", file][..], &options].concat();
        sandbox.mfa(arguments).run().exits(0);
        let bytes = std::fs::read(sandbox.path(file)).unwrap();
        assert!(String::from_utf8_lossy(&bytes).starts_with(start), "{file} {kind:?}");
    }
    for wrong in ["pdf", "", "PNG2"] {
        sandbox.mfa(["export-qr", "root", "-o", "-", "--type", wrong]).run().exits(2).prints("");
    }
}

#[test]
fn half_blocks_draw_the_symbol() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let text = sandbox.mfa(["export-qr", "alice", "-o", "-", "--type", "terminal"]).run().exits(0).text();
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let (side, scale) = (lines[0].len(), 4);
    assert!(lines.iter().all(|line| line.len() == side), "{text}");
    assert!(!text.contains('\u{1b}'));
    let ink = |x: usize, y: usize| match lines.get(y / 2).map_or(' ', |line| line[x]) {
        '█' => true,
        '▀' => y.is_multiple_of(2),
        '▄' => !y.is_multiple_of(2),
        _ => false,
    };
    let pixels = u32::try_from(side * scale).unwrap();
    let picture = image::GrayImage::from_fn(pixels, pixels, |x, y| {
        image::Luma([if ink(x as usize / scale, y as usize / scale) { 0 } else { 255 }])
    });
    picture.save(sandbox.path("drawn.png")).unwrap();
    sandbox.mfa(["code", "--from", "drawn.png"]).run().exits(0).prints("713653\n");
}

#[test]
fn svg_draws_the_symbol() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let svg = sandbox.mfa(["export-qr", "alice", "-o", "-", "--type", "svg"]).run().exits(0).text();
    let side: u32 = between(&svg, "viewBox=\"0 0 ", " ").parse().unwrap();
    let mut picture = image::GrayImage::from_pixel(side * 4, side * 4, image::Luma([255]));
    for stroke in between(&svg, " d=\"", "\"").split('z').filter(|stroke| !stroke.is_empty()) {
        // M{x} {y}h{length}v1h-{length}
        let (x, rest) = stroke.trim_start_matches('M').split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        let [x, y, length] = [x, y, length].map(|number| number.parse::<u32>().unwrap());
        for (x, y) in (x * 4..(x + length) * 4).flat_map(|x| (y * 4..y * 4 + 4).map(move |y| (x, y))) {
            picture.put_pixel(x, y, image::Luma([0]));
        }
    }
    picture.save(sandbox.path("drawn.png")).unwrap();
    sandbox.mfa(["code", "--from", "drawn.png"]).run().exits(0).prints("713653\n");
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).expect("it is there") + start.len();
    &text[from..from + text[from..].find(end).expect("it ends")]
}

#[test]
fn scale_is_the_pixels_of_a_module() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let width = |scale: &str| {
        let run = sandbox.mfa(["export-qr", "alice", "-o", "-", "--scale", scale]).run().exits(0);
        let picture = image::load_from_memory(&run.stdout).unwrap();
        assert_eq!(picture.width(), picture.height());
        sandbox.mfa(["code", "--from", "-"]).stdin(&run.stdout).run().exits(0).prints("713653\n");
        picture.width()
    };
    let one = width("1");
    for scale in [2, 3, 8, 31, 32] {
        assert_eq!(width(&scale.to_string()), one * scale, "{scale}");
    }
    for wrong in ["0", "-1", "x", "1000000", ""] {
        sandbox.mfa(["export-qr", "alice", "-o", "-", &format!("--scale={wrong}")]).run().exits(2);
    }
}

#[test]
fn accepted_scale_is_exact() {
    let sandbox = Sandbox::with_accounts(&[("alice", "plain")]);
    let export = |scale: &str| sandbox.mfa(["export-qr", "alice", "-o", "-", "--scale", scale]).run();
    let one = image::load_from_memory(&export("1").stdout).unwrap().width();
    for scale in [33, 64] {
        let run = export(&scale.to_string());
        let kept = image::load_from_memory(&run.stdout).is_ok_and(|picture| picture.width() == one * scale);
        assert!(kept || run.status.code() == Some(2), "{scale}");
    }
}

#[test]
fn only_the_exact_name_is_exported() {
    let sandbox = Sandbox::with_accounts(&ROOT);
    for query in ["ROOT", "roo", "amazon", "oot"] {
        sandbox.mfa(["export-qr", query, "-o", "-"]).run().exits(3).prints("");
    }
    sandbox.mfa(["export-qr", "-o", "-"]).run().exits(2).prints("");
    Sandbox::new().mfa(["export-qr", "root", "-o", "x.png"]).run().exits(3).prints("");
}

#[test]
fn account_too_long_for_a_symbol_is_an_error() {
    let long = "x".repeat(3000);
    let sandbox = Sandbox::with_vault(&format!(
        "version = 1\n[accounts.long]\nissuer = \"{long}\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n"
    ));
    let run = sandbox.mfa(["export-qr", "long", "-o", "x.png"]).run();
    run.exits(1).prints("").says("'long'").says("too long for a QR code");
    assert!(!sandbox.path("x.png").exists());
}

#[test]
fn missing_folder_is_an_error() {
    let sandbox = Sandbox::with_accounts(&ROOT);
    for option in ["-y", "-f"] {
        let run = sandbox.mfa(["export-qr", "root", "-o", "gone/x.png", option]).run();
        run.exits(1).prints("").says("could not write 'gone/x.png'");
    }
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    sandbox.mfa(["export-qr", "root", "-o", "folder"]).run().exits(5);
    sandbox.mfa(["export-qr", "root", "-o", "folder", "-f"]).run().exits(1).says("'folder'");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn file_is_private_under_any_umask() {
        for umask in ["000", "022", "077", "0277", "0777"] {
            let sandbox = Sandbox::with_accounts(&ROOT);
            for (file, option) in [("new.png", "-y"), ("forced.png", "-f")] {
                let arguments = ["export-qr", "root", "-o", file, option];
                sandbox.mfa(arguments).after(&format!("umask {umask}")).run().exits(0);
                let mode = sandbox.path(file).metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{file} under {umask}: {mode:o}");
            }
        }
    }

    #[test]
    fn force_makes_a_readable_file_private() {
        let sandbox = Sandbox::with_accounts(&ROOT);
        let file = sandbox.write("qr.png", "mine");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        sandbox.mfa(["export-qr", "root", "-o", "qr.png", "-f"]).run().exits(0);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn link_to_an_existing_file_is_not_followed() {
        let sandbox = Sandbox::with_accounts(&ROOT);
        symlink(sandbox.write("target", "mine"), sandbox.path("link.png")).unwrap();
        symlink(sandbox.path("nowhere"), sandbox.path("dangling.png")).unwrap();
        for link in ["link.png", "dangling.png"] {
            sandbox.mfa(["export-qr", "root", "-o", link]).run().exits(5);
        }
        assert_eq!(std::fs::read(sandbox.path("target")).unwrap(), b"mine");
        assert!(!sandbox.path("nowhere").exists());
    }

    #[test]
    fn force_does_not_replace_a_pipe() {
        let sandbox = Sandbox::with_accounts(&ROOT);
        let pipe = sandbox.path("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let mut reader = std::process::Command::new("cat");
        let reader = reader.arg(&pipe).stdout(std::process::Stdio::null()).spawn();
        let mut reader = reader.unwrap();
        let _ = sandbox.mfa(["export-qr", "root", "-o", "pipe", "-f"]).run();
        let still = pipe.symlink_metadata().unwrap().file_type().is_fifo();
        reader.kill().unwrap();
        reader.wait().unwrap();
        assert!(still, "a pipe or a device was replaced by a file");
    }

    #[test]
    fn two_processes_write_two_whole_pictures() {
        let sandbox = Sandbox::with_accounts(&ROOT);
        let export = || sandbox.mfa(["export-qr", "root", "-o", "x.png", "-f"]).run();
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20).map(|_| scope.spawn(export)).collect();
            for thread in threads {
                thread.join().unwrap().exits(0);
            }
        });
        sandbox.mfa(["code", "--from", "x.png"]).run().exits(0).prints("596825\n");
    }

    #[test]
    fn full_disk_is_an_error_and_leaves_no_partial_picture() {
        let sandbox = Sandbox::with_accounts(&ROOT);
        for option in ["-y", "-f"] {
            let run = sandbox.mfa(["export-qr", "root", "-o", "x.png", option]).after("ulimit -f 0").run();
            run.exits(1).prints("").says("could not write 'x.png'").says_not("warning");
            assert!(!sandbox.path("x.png").exists());
        }
    }
}

#[cfg(unix)]
#[test]
#[ignore = "needs oathtool and zbarimg: .ci/run installs them"]
fn zbar_reads_pictures_of_every_scale() {
    let records: String = totp().map(|vector| vector.record(&vector.id)).collect();
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{records}"));
    let read = |id: &str, scale: u32| {
        let scale = scale.to_string();
        sandbox.mfa(["export-qr", id, "-o", "x.png", "-f", "--scale", &scale]).run().exits(0);
        let uri =
            tool_output("zbarimg", &["-q", "--raw", "--nodbus", sandbox.path("x.png").to_str().unwrap()]);
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
