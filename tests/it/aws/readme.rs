//! The README's AWS story, run line by line.

use crate::harness::aws::Shell::Bash;
use crate::harness::aws::World;

const README: &str = include_str!("../../../README.md");

/// Lines of output that differ in each run: the test compares only how they begin.
const RANDOM: [&str; 1] = ["\"ASIA"];

#[test]
#[ignore = "needs the aws command, bash, dash, zsh, fish, zbarimg, python3 with segno: .ci/run installs them"]
fn readme_aws_story_prints_the_shown_output() {
    let world = World::new();
    let block = README.split("<!-- aws -->\n```console\n").nth(1).unwrap().split("```").next().unwrap();
    let mut before = String::new();
    let mut commands = 0;
    for step in format!("\n{block}").split("\n$ ").skip(1) {
        let (command, output) = step.split_once('\n').unwrap_or((step, ""));
        commands += 1;
        if command.starts_with("S=") {
            before = format!("{command}\n");
            continue;
        }
        if command.contains("get-session-token") {
            world.pass_steps(2);
        }
        let said = world.run(Bash, &format!("{before}exec 2>&1\n{command}")).succeeded();
        assert!(output_matches(&said, output), "{command}\nprinted\n{said}\nand not\n{output}");
    }
    assert_eq!(commands, 6, "the story has six lines");
}

fn output_matches(said: &str, output: &str) -> bool {
    let (said, output) = (said.trim_end(), output.trim_end());
    said == output || RANDOM.iter().any(|start| said.starts_with(start) && output.starts_with(start))
}
