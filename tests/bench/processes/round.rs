//! Runs programs in turn, round after round.

use std::io::Read as _;
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::program::Program;

/// The number of rounds, for programs that are not slow
const ROUNDS: usize = 60;

/// The first rounds, which only warm up caches
const COLD: usize = 3;

/// The cost of each round
#[derive(Debug, Default)]
pub(crate) struct Costs {
    pub(crate) wall: Vec<Duration>,
    pub(crate) cpu: Vec<Duration>,
}

/// Measures all programs round by round, so that a disturbance of the machine affects all of them.
pub(crate) fn rounds(programs: &[Program]) -> Vec<Costs> {
    let mut costs: Vec<Costs> = programs.iter().map(|_| Costs::default()).collect();
    for round in 0..ROUNDS + COLD {
        for (program, costs) in programs.iter().zip(&mut costs) {
            let (wall, cpu) = run(program);
            if round >= COLD {
                costs.wall.push(wall);
                costs.cpu.push(cpu);
            }
        }
    }
    costs
}

/// Measures a process from its start to its end, with its answer read.
fn run(program: &Program) -> (Duration, Duration) {
    let start = Instant::now();
    let mut child = program.start();
    let mut answer = String::new();
    child.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    let used = child.wait4().unwrap();
    let wall = start.elapsed();
    assert!(used.status.success(), "{}", program.name);
    (wall, used.rusage.utime + used.rusage.stime)
}

/// Returns the median of the ratios of two costs in the same round.
pub(crate) fn ratio(ours: &[Duration], theirs: &[Duration]) -> f64 {
    let mut ratios: Vec<f64> =
        ours.iter().zip(theirs).map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}
