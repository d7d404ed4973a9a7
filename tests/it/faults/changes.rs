//! The changes that are broken off.

use crate::harness::faults::change::Typed;
use crate::harness::faults::place::CAROL;
use crate::harness::faults::points::every_point;
use crate::harness::{VaultKind, public_key};

/// Makes a test of each: what is typed, its standard input, and the exit code where it has been done already
macro_rules! broken_off {
    ($kind:ident: $($test:ident: $words:expr, $stdin:expr, $again:expr;)+) => {
        $(
            #[test]
            #[ignore = "needs strace, which stops it at every call: .ci/run installs it"]
            fn $test() {
                every_point(Typed::new(&$words, $stdin, $again), VaultKind::$kind);
            }
        )+
    };
}

mod plain {
    use super::*;

    broken_off![Plain:
        add_is_done_or_not_wherever_it_ends: "add carol -", CAROL.0, 0;
        add_force_is_done_or_not_wherever_it_ends: "add alice - --force", CAROL.0, 0;
        remove_is_done_or_not_wherever_it_ends: "remove bob -y", "", 3;
        rename_is_done_or_not_wherever_it_ends: "rename alice alicia", "", 3;
        edit_is_done_or_not_wherever_it_ends: "edit bob --issuer Acme", "", 0;
        import_is_done_or_not_wherever_it_ends: "import uris", "", 0;
        encrypt_is_done_or_not_wherever_it_ends: format!("encrypt -r {}", public_key()), "", 1;
        a_counter_is_on_the_disk_before_its_code_is_printed: "code count", "", 0;
        a_fresh_code_is_noted_before_it_is_printed: "code alice --fresh", "", 1;
        undo_is_done_or_not_wherever_it_ends: "undo -y", "", 0;
    ];
}

mod sealed {
    use super::*;

    broken_off![Sealed:
        add_is_done_or_not_wherever_it_ends: "add carol -", CAROL.0, 0;
        remove_is_done_or_not_wherever_it_ends: "remove bob -y", "", 3;
        decrypt_is_done_or_not_wherever_it_ends: "decrypt -y", "", 1;
        rekey_is_done_or_not_wherever_it_ends: format!("rekey -r {}", public_key()), "", 0;
        a_counter_is_on_the_disk_before_its_code_is_printed: "code count", "", 0;
        undo_is_done_or_not_wherever_it_ends: "undo -y", "", 0;
    ];
}
