//! The tables of the manual page on performance.

use std::fmt::Write as _;
use std::time::Duration;

use crate::program::Program;
use crate::round::{Costs, ratio};

/// The measurements at one size
type Measured = (usize, Vec<(Program, Costs)>);

/// Formats a table of ratios to one program: a row for each program, a column for each size.
pub(crate) fn of(measured: &[Measured], base: &str, cost: impl Fn(&Costs) -> &[Duration]) -> String {
    let sizes: Vec<String> = measured.iter().map(|(size, _)| size.to_string()).collect();
    let mut text = format!("| accounts | {} |\n|---|{}\n", sizes.join(" | "), "---|".repeat(sizes.len()));
    for name in names(measured) {
        let cells = measured.iter().map(|(_, programs)| {
            let costs = |name: &str| {
                programs.iter().find(|(program, _)| program.name == name).map(|(_, costs)| costs)
            };
            match (costs(name), costs(base)) {
                (Some(ours), Some(theirs)) => format!("{:.2}", ratio(cost(ours), cost(theirs))),
                _ => String::new(),
            }
        });
        writeln!(text, "| {name} | {} |", cells.collect::<Vec<_>>().join(" | ")).unwrap();
    }
    text
}

/// Returns the names in the order of their first appearance.
fn names(measured: &[Measured]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (program, _) in measured.iter().flat_map(|(_, programs)| programs) {
        if !names.contains(&program.name) {
            names.push(program.name);
        }
    }
    names
}
