//! Changes of the vault that are interrupted at every system call.

use crate::harness::faults::change::CommandLine;
use crate::harness::faults::place::CAROL;
use crate::harness::faults::points::check_every_point;
use crate::harness::{VaultKind, public_key};

/// Makes a test of each command line, with its standard input and its exit code if the change is done already.
macro_rules! interrupted {
    ($kind:ident: $($test:ident: $words:expr, $stdin:expr, $again:expr;)+) => {
        $(
            #[test]
            #[ignore = "needs strace, which stops it at every call: .ci/run installs it"]
            fn $test() {
                check_every_point(CommandLine::new(&$words, $stdin, $again), VaultKind::$kind);
            }
        )+
    };
}

mod plain {
    use super::*;

    interrupted![Plain:
        interrupted_add_is_done_or_not: "add carol -", CAROL.0, 0;
        interrupted_add_force_is_done_or_not: "add alice - --force", CAROL.0, 0;
        interrupted_remove_is_done_or_not: "remove bob -y", "", 3;
        interrupted_rename_is_done_or_not: "rename alice alicia", "", 3;
        interrupted_edit_is_done_or_not: "edit bob --issuer Acme", "", 0;
        interrupted_import_is_done_or_not: "import uris", "", 0;
        interrupted_encrypt_is_done_or_not: format!("vault encrypt -r {}", public_key()), "", 1;
        counter_is_saved_before_its_code_is_printed: "code count", "", 0;
        fresh_code_is_recorded_before_it_is_printed: "code alice --fresh", "", 1;
        interrupted_undo_is_done_or_not: "undo -y", "", 0;
        interrupted_export_leaves_no_temporary_file: "export -f -o exported", "", 0;
        interrupted_qr_export_leaves_no_temporary_file: "export-qr alice -f -o exported --type svg", "", 0;
    ];
}

mod encrypted {
    use super::*;

    interrupted![Encrypted:
        interrupted_add_is_done_or_not: "add carol -", CAROL.0, 0;
        interrupted_remove_is_done_or_not: "remove bob -y", "", 3;
        interrupted_decrypt_is_done_or_not: "vault decrypt -y", "", 1;
        interrupted_rekey_is_done_or_not: format!("vault rekey -r {}", public_key()), "", 0;
        counter_is_saved_before_its_code_is_printed: "code count", "", 0;
        interrupted_undo_is_done_or_not: "undo -y", "", 0;
    ];
}
