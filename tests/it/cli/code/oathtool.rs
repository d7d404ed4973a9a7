//! Codes of random accounts, judged by `oathtool`.

use data_encoding::BASE32_NOPAD;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::harness::{Sandbox, parameters, tool_output};

#[test]
#[ignore = "needs oathtool and zbarimg: .ci/run installs them"]
fn oathtool_agrees_on_random_accounts_and_times() {
    // the times include 2038, 2106 and later ones
    let times = prop_oneof![
        0_u64..3_000_000_000,
        2_147_483_600_u64..2_147_483_700,
        4_294_967_250_u64..20_000_000_000_u64
    ];
    let accounts = (
        prop::collection::vec(any::<u8>(), 1..80),
        prop::sample::select(vec!["SHA1", "SHA256", "SHA512"]),
        6_u8..=8,
        prop::sample::select(vec![1_u32, 15, 30, 60, 90, 86_400]),
        times,
    );
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let agrees = |(bytes, algorithm, digits, period, time): (Vec<u8>, &str, u8, u32, u64)| {
        let secret = BASE32_NOPAD.encode(&bytes);
        let record = parameters(algorithm, digits, period);
        let vault = format!("version = 1\n[accounts.x]\nsecret = \"{secret}\"\n{record}");
        let code = tool_output(
            "oathtool",
            &[
                "-b",
                &format!("--totp={}", algorithm.to_lowercase()),
                &format!("--digits={digits}"),
                &format!("--time-step-size={period}s"),
                &format!("--now=@{time}"),
                &secret,
            ],
        );
        Sandbox::with_vault(&vault)
            .mfa(["code", "x", "--at", &time.to_string()])
            .run()
            .exits(0)
            .prints(&code);
        Ok(())
    };
    runner.run(&accounts, agrees).unwrap();
}
