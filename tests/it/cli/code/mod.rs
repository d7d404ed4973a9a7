//! `mfa code`

#[cfg(unix)]
mod clock;
mod fresh;
mod hotp_and_steam;
mod name_lookup;
#[cfg(unix)]
mod oathtool;
// Windows has no variable for the home folder, and another shell
#[cfg(unix)]
mod profile;

use crate::harness::{RFC_4226, RFC_6238, Sandbox, fixture, parameters, picture, rfc_secret, totp, vector};

#[test]
fn codes_match_every_vector_of_the_independent_hmac() {
    let records: String = totp().map(|vector| vector.record(&vector.id)).collect();
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{records}"));
    for vector in totp() {
        for (time, code) in &vector.codes {
            let run = sandbox.mfa(["code", &vector.id, "--at", time]).run();
            run.exits(0).prints(&format!("{code}\n")).in_silence();
        }
    }
}

#[test]
fn codes_match_every_vector_of_rfc_6238() {
    let hashes = [("SHA1", 20), ("SHA256", 32), ("SHA512", 64)];
    let record = |(hash, bytes): &(&str, usize)| {
        format!("[accounts.{hash}]\nsecret = \"{}\"\n{}", rfc_secret(*bytes), parameters(hash, 8, 30))
    };
    let records: Vec<String> = hashes.iter().map(record).collect();
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", records.concat()));
    for (time, codes) in RFC_6238 {
        for ((hash, _), code) in hashes.iter().zip(codes) {
            sandbox.mfa(["code", hash]).at(time).run().exits(0).prints(&format!("{code}\n"));
        }
    }
}

#[test]
fn codes_match_every_vector_of_rfc_4226_as_a_time_step() {
    let sandbox = Sandbox::with_rfc();
    for (step, code) in RFC_4226.iter().enumerate() {
        for second in [0, 29] {
            let time = (step * 30 + second).to_string();
            sandbox.mfa(["code", "rfc"]).at(&time).run().exits(0).prints(&format!("{code}\n"));
        }
    }
}

#[test]
fn option_and_variable_accept_unix_seconds_and_rfc_3339() {
    let sandbox = Sandbox::with_rfc();
    for time in ["1111111109", "2005-03-18T03:58:29+02:00"] {
        sandbox.mfa(["code", "rfc", "--at", time]).run().exits(0).prints("081804\n");
        sandbox.mfa(["code", "rfc"]).at(time).run().exits(0).prints("081804\n");
    }
    let json = sandbox.mfa(["code", "rfc", "-j", "--at", "2603-10-11T11:33:20Z"]).run().exits(0).json();
    assert_eq!(json["valid_from"], 666_666_666_i64 * 30);
}

#[test]
fn offset_counts_from_now() {
    let sandbox = Sandbox::with_rfc();
    let valid_from = |offset: &str| {
        let json = sandbox.mfa(["code", "rfc", "-j", "--at", offset]).run().exits(0).json();
        json["valid_from"].as_i64().expect("it is a number")
    };
    let difference = valid_from("+3000s") - valid_from("-3000s");
    // the second run may start a little later
    assert!((5900..=6000).contains(&difference), "{difference}");
}

#[test]
fn invalid_time_is_wrong_usage() {
    let sandbox = Sandbox::with_rfc();
    for time in ["", "now", "-1"] {
        sandbox.mfa(["code", "rfc", "--at", time]).run().exits(2).prints("").says("--at");
    }
    sandbox.mfa(["code", "rfc"]).at("soon").run().exits(2).prints("").says("MFA_AT");
}

#[test]
fn at_option_overrides_variable_and_empty_means_unset() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code", "rfc", "--at", "60"]).at("0").run().exits(0).prints("359152\n");
    sandbox.mfa(["code", "rfc", "--at", "60"]).at("soon").run().exits(0).prints("359152\n");
    let now = sandbox.mfa(["code", "rfc", "-j"]).at("").run().exits(0).json();
    assert!(now["valid_from"].as_u64() > Some(1_700_000_000), "{now}");
}

#[test]
fn next_prints_the_code_after_the_current_one() {
    let sandbox = Sandbox::with_rfc();
    for (time, code) in [("0", "287082"), ("29", "287082"), ("30", "359152"), ("269", "520489")] {
        sandbox.mfa(["code", "rfc", "--next", "--at", time]).run().exits(0).prints(&format!("{code}\n"));
    }
}

#[test]
fn min_remaining_waits_for_the_next_code() {
    let sandbox = Sandbox::with_rfc();
    for (time, seconds, step) in
        [("59", "1", 1), ("59", "2", 2), ("60", "30", 2), ("61", "30", 3), ("61", "29", 2), ("59", "0", 1)]
    {
        let code = format!("{}\n", RFC_4226[step]);
        sandbox.mfa(["code", "rfc", "-m", seconds]).at(time).run().exits(0).prints(&code).in_silence();
        let variable = sandbox.mfa(["code", "rfc"]).at(time).env("MFA_MIN_REMAINING", seconds);
        variable.run().exits(0).prints(&code).in_silence();
    }
}

#[test]
fn min_remaining_must_be_within_the_period() {
    let sandbox = Sandbox::with_rfc();
    for seconds in ["31", "-1", "x", "1.5", "99999999999999999999"] {
        let option = format!("--min-remaining={seconds}");
        sandbox.mfa(["code", "rfc", &option]).run().exits(2).prints("").says("--min-remaining");
        let variable = sandbox.mfa(["code", "rfc"]).env("MFA_MIN_REMAINING", seconds);
        variable.run().exits(2).prints("").says("MFA_MIN_REMAINING");
    }
    let both = sandbox.mfa(["code", "rfc", "-m1"]).env("MFA_MIN_REMAINING", "x");
    both.run().exits(0).prints("287082\n");
    sandbox.mfa(["code", "rfc"]).env("MFA_MIN_REMAINING", "").run().exits(0).prints("287082\n");
}

#[test]
fn json_has_code_as_text_and_times_in_unix_seconds() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code", "rfc", "-j"]).run().exits(0).in_silence().prints(concat!(
        r#"{"name":"rfc","code":"287082","digits":6,"period":30,"valid_from":30,"valid_until":60,"#,
        r#""remaining":1,"next":"359152"}"#,
        "\n"
    ));
    let next = sandbox.mfa(["code", "rfc", "--json", "--next"]).run().exits(0).json();
    assert_eq!((&next["code"], &next["next"]), (&"359152".into(), &"969429".into()));
    assert_eq!((&next["valid_from"], &next["valid_until"]), (&60.into(), &90.into()));
    let zero =
        Sandbox::with_accounts(&[("root", "aws")]).mfa(["code", "root", "-j", "--at", "0"]).run().json();
    assert_eq!(zero["code"], "012366");
}

#[test]
fn json_is_ascii() {
    let sandbox = Sandbox::with_vault(&format!("version = 1\n{}", vector("unicode").record("\"例え\"")));
    let run = sandbox.mfa(["code", "例え", "-j"]).run().exits(0);
    assert!(run.text().starts_with(r#"{"name":"\u4f8b\u3048","code":"723721","#), "{}", run.text());
    assert_eq!(run.json()["name"], "例え");
}

#[test]
fn source_gives_a_code_without_a_vault() {
    let (plain, aws) = (vector("plain"), vector("aws"));
    let sandbox = Sandbox::new();
    let file = |path: std::path::PathBuf| path.to_str().expect("it is text").to_owned();
    for (source, code) in [
        (file(picture("plain-gray.png")), plain.at("59")),
        (plain.uri(), plain.at("59")),
        (file(fixture("import/aws/root-account-mfa-device.seed")), aws.at("59")),
        (file(fixture("import/aws/create-virtual-mfa-device.json")), aws.at("59")),
    ] {
        sandbox.mfa(["code", "--from", &source]).run().exits(0).prints(&format!("{code}\n"));
    }
    let piped = sandbox.mfa(["code", "--from", "-"]).stdin(plain.uri()).run();
    piped.exits(0).prints("713653\n");
    assert_eq!(sandbox.state(), [], "nothing was written");

    let damaged = Sandbox::with_vault("no vault");
    damaged.mfa(["code", "--from", "-"]).stdin(&plain.secret).run().exits(0).prints("713653\n");
}

#[test]
fn json_of_a_source_has_its_derived_name() {
    let sandbox = Sandbox::new();
    let from = |text: &str| sandbox.mfa(["code", "-j", "--from", "-"]).stdin(text).run().exits(0).json();
    let plain = vector("plain");
    assert_eq!(from(&plain.uri())["name"], "example-alice");
    assert_eq!(from(&plain.secret)["name"], serde_json::Value::Null);
}

#[test]
fn source_with_several_accounts_is_an_error() {
    let sandbox = Sandbox::new();
    let two = sandbox.mfa(["code".as_ref(), "--from".as_ref(), picture("two-codes.png").as_os_str()]).run();
    two.exits(2)
        .prints("")
        .says("Example:alice@example.com")
        .says("ACME Co:john.doe@example.org")
        .hints("--pick");
}

#[test]
fn code_needs_either_a_name_or_a_source() {
    let sandbox = Sandbox::with_rfc();
    sandbox.mfa(["code"]).run().exits(2).prints("");
    sandbox.mfa(["code", "rfc", "--from", "-"]).run().exits(2).prints("");
}

#[test]
fn missing_account_is_exit_3_and_prints_nothing() {
    for sandbox in [Sandbox::new(), Sandbox::with_rfc()] {
        let before = sandbox.state();
        sandbox.mfa(["code", "nobody"]).run().exits(3).prints("").says("'nobody'").says("hint: ");
        assert_eq!(sandbox.state(), before, "nothing was written");
    }
}

#[test]
fn verbose_names_the_strategy_that_read_the_picture() {
    let sandbox = Sandbox::new();
    let inverted = picture("inverted.png").display().to_string();
    sandbox.mfa(["code", "--from", &inverted, "-v"]).run().exits(0).says("'inverted'");
    sandbox.mfa(["code", "--from", &inverted]).run().exits(0).in_silence();
}

#[test]
fn error_of_a_missing_account_names_an_empty_vault() {
    let sandbox = Sandbox::new();
    sandbox.mfa(["code", "x", "--vault", "elsewhere.toml"]).run().exits(3).says("'elsewhere.toml' is empty");
}
