//! `mfa watch` without a terminal.

use crate::harness::Sandbox;

#[test]
fn watch_without_a_terminal_names_the_alternative() {
    let sandbox = Sandbox::with_rfc();
    let before = sandbox.state();
    let run = sandbox.mfa(["watch"]).run().exits(2).prints("");
    run.says("error: a live view needs a terminal").says("hint: mfa list --codes");
    assert_eq!(sandbox.state(), before);
}
