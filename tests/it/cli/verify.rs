//! `mfa verify`

use crate::harness::{RFC_4226, Sandbox, rfc_secret};

#[test]
fn current_code_matches() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["verify", "rfc", "287082"]).run().exits(0).prints("").says("'rfc' matches");
    sandbox.mfa(["verify", "RF", "287082", "-q"]).run().exits(0).prints("").in_silence();
    for grouped in ["287 082", " 287-082\n", "2 8 7 0 8 2"] {
        sandbox.mfa(["verify", "rfc", grouped]).run().exits(0);
        sandbox.mfa(["verify", "rfc", "-"]).stdin(grouped).run().exits(0);
    }
    sandbox.mfa(["verify", "rfc", "755224", "--at", "29"]).run().exits(0);
}

#[test]
fn code_of_another_step_gives_the_offset_of_the_clock() {
    let sandbox = Sandbox::with_rfc();
    for (time, step, message) in [
        ("90", 1, "the code is 2 steps old: this clock is about 60 s ahead"),
        ("60", 1, "the code is 1 step old: this clock is about 30 s ahead"),
        ("29", 1, "the code is 1 step ahead: this clock is about 30 s behind"),
        ("0", 9, "the code is 9 steps ahead: this clock is about 270 s behind"),
        ("629", 0, "the code is 20 steps old: this clock is about 600 s ahead"),
    ] {
        let run = sandbox.mfa(["verify", "rfc", RFC_4226[step]]).at(time).run();
        run.exits(7).prints("").says(message).hints("doctor --ntp");
    }
    sandbox.mfa(["verify", "rfc", "287082"]).at("60").run().exits(7).hints("typed slowly");
    sandbox
        .mfa(["verify", "rfc", "755224"])
        .at("630")
        .run()
        .exits(7)
        .says("the code does not match 'rfc' (checked 20");
    sandbox.mfa(["verify", "rfc", "000000"]).run().exits(7).prints("").hints("another secret");
}

#[test]
fn invalid_code_is_wrong_usage_and_is_not_repeated() {
    let sandbox = Sandbox::with_rfc();
    for (code, message) in [
        ("12345", "have 6 digits, and this one has 5"),
        ("1234567", "have 6 digits, and this one has 7"),
        ("28708x", "have 6 digits"),
        ("२८७०८२", "have 6 digits"),
        (" ", "this one is empty"),
    ] {
        let run = sandbox.mfa(["verify", "rfc", code]).run().exits(2).prints("").says(message);
        assert!(code == " " || !run.stderr.contains(code), "{}", run.stderr);
    }
    sandbox.mfa(["verify", "rfc", "-"]).stdin("\n287082\n").run().exits(2).says("this one is empty");
    sandbox.mfa(["verify", "rfc"]).run().exits(2).says("code of 'rfc'").hints("- for stdin");
    sandbox.mfa(["verify", "nobody", "287082"]).run().exits(3);
}

#[test]
fn json_has_the_result() {
    let sandbox = Sandbox::with_rfc();
    let json = |code: &str, time: &str, exit: i32| {
        sandbox.mfa(["verify", "rfc", code, "-j"]).at(time).run().exits(exit).text()
    };
    assert_eq!(
        json("287082", "59", 0),
        "{\"name\":\"rfc\",\"matches\":true,\"steps\":0,\"clock_ahead\":0}\n"
    );
    assert_eq!(
        json("287082", "90", 7),
        "{\"name\":\"rfc\",\"matches\":false,\"steps\":-2,\"clock_ahead\":60}\n"
    );
    assert_eq!(json("000000", "90", 7), "{\"name\":\"rfc\",\"matches\":false,\"steps\":null}\n");
}

#[test]
fn verify_does_not_advance_a_counter() {
    let record = format!("[accounts.hotp]\nsecret = \"{}\"\ntype = \"hotp\"\ncounter = 4\n", rfc_secret(20));
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{record}"));
    let before = sandbox.state();
    for (counter, exit, message) in [
        (4, 0, "matches"),
        (7, 7, "number 3 after the next one"),
        (2, 7, "used already: it is number 2 before"),
    ] {
        sandbox.mfa(["verify", "hotp", RFC_4226[counter]]).run().exits(exit).says(message);
    }
    let json = sandbox.mfa(["verify", "hotp", RFC_4226[7], "-j"]).run().exits(7);
    json.prints("{\"name\":\"hotp\",\"matches\":false,\"steps\":3}\n");
    sandbox.mfa(["verify", "hotp", RFC_4226[4], "--at", "59"]).run().exits(2).says("--at does not apply");
    assert_eq!(sandbox.state(), before);
}

/// Codes from the tests of `KeePassXC`.
#[test]
fn steam_codes_are_letters() {
    let secret = "63BEDWCQZKTQWPESARIERL5DTTQFCJTK";
    let sandbox =
        Sandbox::with_vault(&format!("version = 1\n[accounts.s]\nsecret = \"{secret}\"\ntype = \"steam\"\n"));
    let verify = |code: &str| sandbox.mfa(["verify", "s", code]).at("1511200518").run();
    verify("FR8RV").exits(0);
    verify("fr8rv").exits(0);
    verify("9P3VP").exits(7).says("7 steps ahead: this clock is about 210 s behind");
    verify("FR8R0").exits(2).says("5 letters and digits of Steam");
    verify("FR8R").exits(2).says("this one has 4");
}
