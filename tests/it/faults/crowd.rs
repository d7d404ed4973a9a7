//! A hundred writers and readers at the same time, for a minute.

use std::collections::BTreeSet;
use std::thread::scope;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac as _};
use sha1::Sha1;

use crate::harness::VaultKind;
use crate::harness::faults::place::{ALICE, BOB, CAROL, COUNT, Place};
use crate::harness::faults::state::State;

/// Each writer adds and removes its own account.
const WRITERS: usize = 30;
/// The counters share the account `count`.
const COUNTERS: usize = 10;
const READERS: usize = 60;

const MINUTE: Duration = Duration::from_secs(60);

fn write(place: &Place, name: &str, is_there: bool) {
    if is_there {
        place.run(&["remove", name, "-y"], "");
    } else {
        place.run(&["add", name, "-"], CAROL.0);
    }
}

/// Checks that a reader sees the accounts that no writer changes.
fn assert_readable(place: &Place, round: usize) {
    match round % 3 {
        0 => assert_eq!(place.run(&["code", "alice"], ""), ALICE.1.to_owned() + "\n"),
        1 => assert_eq!(place.run(&["code", "bob"], ""), BOB.1.to_owned() + "\n"),
        _ => {
            let names = place.run(&["list", "--names"], "");
            assert!(names.starts_with("alice\nbob\ncount\n"), "{names}");
            assert!(names.ends_with('\n'), "{names}");
        }
    }
}

#[test]
#[ignore = "takes a minute: 100 processes at a time"]
fn hundred_writers_and_readers_lose_nothing() {
    let place = &Place::new(VaultKind::Plain);
    let end = Instant::now() + MINUTE;
    let rounds = move || (0..).take_while(move |_| Instant::now() < end);
    scope(|scope| {
        let write = |writer: usize| {
            let name = format!("n{writer}");
            let done = rounds().inspect(|round| write(place, &name, round % 2 == 1)).count();
            (name, done)
        };
        let count = || rounds().map(|_| place.run(&["code", "count"], "")).collect::<Vec<_>>();
        let read = || rounds().inspect(|round| assert_readable(place, *round)).count();
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        let counters: Vec<_> = (0..COUNTERS).map(|_| scope.spawn(count)).collect();
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(read)).collect();
        let written: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        let codes: Vec<_> = counters.into_iter().flat_map(|counter| counter.join().unwrap()).collect();
        let read: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        let changes: usize = written.iter().map(|(_, done)| done).sum();
        eprintln!("at once: {changes} changes, {} counted codes, {read} reads, 0 lost", codes.len());
        let there = written.into_iter().filter(|(_, done)| done % 2 == 1).map(|(name, _)| name);
        assert_all_stored(place, there.collect(), &codes);
    });
}

/// Checks that every reported change is stored, and that the counter equals the number of printed codes.
fn assert_all_stored(place: &Place, mut expected: BTreeSet<String>, codes: &[String]) {
    let vault = State::read(place).unwrap().vault;
    let accounts = vault["accounts"].as_table().unwrap();
    expected.extend(["alice", "bob", "count"].map(str::to_owned));
    assert_eq!(accounts.keys().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(accounts["count"]["counter"].as_integer(), i64::try_from(codes.len()).ok());
    let mut given: Vec<_> = codes.iter().map(|code| code.trim_end().to_owned()).collect();
    let mut once_each: Vec<_> = (0..codes.len() as u64).map(count_code).collect();
    given.sort();
    once_each.sort();
    assert_eq!(given, once_each);
}

/// Returns the code of `count`, by RFC 4226, section 5.3.
fn count_code(counter: u64) -> String {
    let secret = data_encoding::BASE32.decode(COUNT.0.as_bytes()).unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(&secret).unwrap();
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes(hash[offset..offset + 4].try_into().unwrap());
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}
