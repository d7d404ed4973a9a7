//! The live view where there is no terminal to show it on.

use crate::harness::Sandbox;

#[test]
fn without_a_terminal_it_says_what_to_use_instead() {
    let sandbox = Sandbox::with_rfc();
    let before = sandbox.state();
    let run = sandbox.mfa(["watch"]).run().exits(2).prints("");
    run.says("error: a live view needs a terminal").says("hint: mfa list --codes");
    assert_eq!(sandbox.state(), before);
}
