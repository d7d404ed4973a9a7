//! Other commands that must be fast: a picture, a long list, a large import.

use std::fmt::Write as _;
use std::path::Path;

use crate::program::{Program, is_installed};
use crate::round::{Costs, ratio, rounds};
use crate::store::Store;

/// The factor between the accounts of the two vaults
const MORE: usize = 10;

pub(crate) fn table() -> String {
    let mut text = String::from("| | wall | CPU |\n|---|---|---|\n");
    for (what, ours, theirs) in [pictures(), lists(), imports()] {
        let (wall, cpu) = (ratio(&ours.wall, &theirs.wall), ratio(&ours.cpu, &theirs.cpu));
        writeln!(text, "| {what} | {wall:.2} | {cpu:.2} |").unwrap();
    }
    text
}

/// Prints the memory that one code takes, for any number of accounts.
pub(crate) fn memory(sizes: &[usize]) -> String {
    if !is_installed(Path::new("time")) {
        return String::new();
    }
    let mut text = String::from("| accounts | MiB |\n|---|---|\n");
    for &size in sizes {
        let store = Store::of(size);
        for program in Program::ours(&store).iter().filter(|program| program.is_installed()) {
            let mebibytes = program.peak_memory() as f64 / 1024.0;
            writeln!(text, "| {size}, {} | {mebibytes:.1} |", program.name).unwrap();
        }
    }
    text
}

type Row = (&'static str, Costs, Costs);

fn pair(ours: Program, theirs: Program) -> (Costs, Costs) {
    let mut costs = rounds(&[ours, theirs]).into_iter();
    (costs.next().unwrap(), costs.next().unwrap())
}

fn pictures() -> Row {
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/qr/plain-1bit.png");
    let store = Store::of(1);
    let ours =
        Program::mfa("add", ["add".as_ref(), "device".as_ref(), picture.as_os_str()]).with_new_vaults(&store);
    let theirs = Program::new("zbarimg", "zbarimg", ["-q".as_ref(), "--raw".as_ref(), picture.as_os_str()]);
    let (ours, theirs) = pair(ours, theirs);
    ("`mfa add` of a QR picture, stored and flushed, against `zbarimg`, which prints it", ours, theirs)
}

fn lists() -> Row {
    let (few, many) = (Store::of(1_000), Store::of(1_000 * MORE));
    let list = |store: &Store| Program::mfa("list", ["list"]).with_vault(store);
    let (ours, theirs) = pair(list(&many), list(&few));
    ("`mfa list` of 10 000 accounts against 1 000", ours, theirs)
}

fn imports() -> Row {
    let (few, many) = (Store::of(1_000), Store::of(1_000 * MORE));
    let import = |store: &Store| {
        let file = store.path("vault.toml");
        Program::mfa("import", ["import".as_ref(), file.as_os_str()]).with_new_vaults(store)
    };
    let (ours, theirs) = pair(import(&many), import(&few));
    ("`mfa import` of 10 000 accounts against 1 000", ours, theirs)
}
