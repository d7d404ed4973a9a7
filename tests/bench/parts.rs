//! Times parts of the program: `cargo bench --bench parts`. `processes` compares whole processes.
#![allow(missing_docs, reason = "a program that prints figures")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on says where")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use mfa::hooks::bench::{BenchKey, count_accounts, has_account};
use mfa::qr;

const URI: &str = "otpauth://totp/Amazon%20Web%20Services:alice@123456789012?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Amazon%20Web%20Services";

/// The numbers of accounts in a vault
const SIZES: [usize; 3] = [10, 1_000, 10_000];

criterion_group!(parts, uris_and_codes, vaults, pictures);
criterion_main!(parts);

fn uris_and_codes(criterion: &mut Criterion) {
    criterion.bench_function("a URI, read", |bench| bench.iter(|| BenchKey::from_uri(black_box(URI))));
    for algorithm in ["SHA1", "SHA256", "SHA512"] {
        let key = BenchKey::from_uri(&format!("{URI}&algorithm={algorithm}"));
        let id = format!("a code, {algorithm}");
        criterion.bench_function(&id, |bench| bench.iter(|| key.code_at(black_box(1_800_000_000))));
    }
}

fn vaults(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    for size in SIZES {
        let path = folder.path().join(format!("{size}.toml"));
        std::fs::write(&path, vault(size)).unwrap();
        let last = format!("account-{}", size - 1);
        let id = format!("one account of a vault, {size}");
        criterion.bench_function(&id, |bench| bench.iter(|| assert!(has_account(&path, black_box(&last)))));
        let id = format!("all accounts of a vault, {size}");
        criterion
            .bench_function(&id, |bench| bench.iter(|| assert_eq!(count_accounts(black_box(&path)), size)));
    }
}

/// Returns a vault as mfa writes it.
fn vault(size: usize) -> String {
    (0..size).fold("version = 1\n".to_owned(), |mut text, number| {
        let secret = data_encoding::BASE32.encode(format!("secret of account {number:06}").as_bytes());
        writeln!(text, "\n[accounts.account-{number}]\nissuer = \"Amazon\"\nsecret = \"{secret}\"").unwrap();
        text
    })
}

fn pictures(criterion: &mut Criterion) {
    for name in ["plain-1bit.png", "plain-gray.png"] {
        let picture = std::fs::read(fixture(name)).unwrap();
        let id = format!("a QR picture, read, {name}");
        criterion.bench_function(&id, |bench| {
            bench.iter(|| assert_eq!(qr::read(black_box(&picture), |_| true).unwrap().len(), 1));
        });
    }
    criterion.bench_function("a QR symbol, made", |bench| {
        bench.iter(|| qr::Symbol::encode(black_box(URI)).unwrap());
    });
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/qr").join(name)
}
