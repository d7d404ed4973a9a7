//! Compares whole processes that print a code: mfa and other programs, in turn.
//!
//! `cargo bench --bench processes` prints the tables of `src/manual/performance.md`. It names and skips programs that are not installed.
//! Ratios are medians over pairs in one round, against `/bin/true` or `oathtool`: times vary between machines, ratios hardly.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, reason = "a program that prints tables")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on says where")]
#![allow(clippy::cast_precision_loss, reason = "a part of a mebibyte is left out")]
#![cfg(unix)]

mod others;
mod peers;
mod program;
mod round;
mod store;
mod table;

use program::Program;
use round::{Costs, rounds};
use store::Store;

/// The numbers of accounts in a vault
const SIZES: [usize; 5] = [1, 10, 100, 1_000, 10_000];

fn main() {
    // `cargo bench` passes `--bench`. `cargo test --benches` does not, and only checks the build.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("{}", machine());
    let measured: Vec<(usize, Vec<(Program, Costs)>)> = SIZES.map(|size| (size, measure(size))).into();
    println!("\nWall time against `/bin/true`:\n\n{}", table::of(&measured, "`true`", |costs| &costs.wall));
    println!("\nCPU time against `oathtool`:\n\n{}", table::of(&measured, "`oathtool`", |costs| &costs.cpu));
    println!("\nOthers:\n\n{}", others::table());
    println!("\nMost memory:\n\n{}", others::memory(&[10, 10_000]));
}

/// Prints the date and the machine of the measurement.
fn machine() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        told.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or(std::env::consts::ARCH);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("{today}, {cores} cores of {model}, {}", std::env::consts::OS)
}

/// Measures all programs at one size, after each has printed the right code.
fn measure(size: usize) -> Vec<(Program, Costs)> {
    let store = Store::of(size);
    let mut programs = peers::bases(&store);
    programs.extend(Program::ours(&store));
    programs.extend(peers::all(&store));
    programs.retain(Program::is_installed);
    for program in &programs {
        program.check(&store);
    }
    let costs = rounds(&programs);
    programs.into_iter().zip(costs).collect()
}
