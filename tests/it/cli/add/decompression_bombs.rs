//! Pictures that decompress to more memory than a machine has: rejected at once, within 256 MiB.
#![cfg(target_os = "linux")]

use super::text;
use crate::harness::{Outcome, Sandbox, png};

/// Far more than 100 ms, for a slow and busy machine with an unoptimised build
const SECONDS: f64 = 5.0;

fn read_within_256_mib(sandbox: &Sandbox, bytes: &[u8]) -> Outcome {
    let file = sandbox.write("bomb.png", bytes);
    sandbox.mfa(["code", "--from", text(&file)]).after("ulimit -v 262144").run()
}

#[test]
fn header_of_gigapixels_is_rejected() {
    for side in [20_000, 60_000, 1 << 31] {
        let sandbox = Sandbox::new();
        let outcome = read_within_256_mib(&sandbox, &png::zeros(side, side, 1));
        assert!(outcome.seconds < SECONDS, "{}", outcome.seconds);
        outcome.exits(1).prints("").says("bomb.png");
    }
}

#[test]
fn data_of_gigabytes_is_rejected() {
    let bomb = png::zeros(20_000, 20_000, 20_000);
    assert!(bomb.len() < 400_000, "{} bytes", bomb.len());
    let sandbox = Sandbox::new();
    let outcome = read_within_256_mib(&sandbox, &bomb);
    assert!(outcome.seconds < SECONDS, "{}", outcome.seconds);
    outcome.exits(1).prints("").says("too large");
    let started = sandbox.mfa(["add", "x"]).stdin(&bomb).after("ulimit -v 262144").run();
    started.exits(1).says("stdin");
}

#[test]
fn picture_within_the_limit_is_searched_in_bounded_time() {
    let outcome = Sandbox::new().mfa(["code", "--from", "-"]).stdin(png::zeros(8000, 8000, 8000)).run();
    assert!(outcome.seconds < 20.0, "{}", outcome.seconds);
    outcome.exits(1).prints("");
}
