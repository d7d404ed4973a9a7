//! A hundred writers and readers at once, for a minute.

use std::collections::BTreeSet;
use std::thread::scope;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac as _};
use sha1::Sha1;

use crate::harness::VaultKind;
use crate::harness::faults::place::{ALICE, BOB, CAROL, COUNT, Place};
use crate::harness::faults::state::State;

/// Each has an account of its own, which it adds and removes
const WRITERS: usize = 30;
/// They share the account `count`
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

/// Every reader sees those accounts that nobody changes
fn look(place: &Place, round: usize) {
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
fn of_a_hundred_writers_and_readers_nobody_loses_or_sees_half() {
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
        let read = || rounds().inspect(|round| look(place, *round)).count();
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        let counters: Vec<_> = (0..COUNTERS).map(|_| scope.spawn(count)).collect();
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(read)).collect();
        let written: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        let codes: Vec<_> = counters.into_iter().flat_map(|counter| counter.join().unwrap()).collect();
        let read: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        let changes: usize = written.iter().map(|(_, done)| done).sum();
        eprintln!("at once: {changes} changes, {} counted codes, {read} reads, 0 lost", codes.len());
        let there = written.into_iter().filter(|(_, done)| done % 2 == 1).map(|(name, _)| name);
        is_all_there(place, there.collect(), &codes);
    });
}

/// Each change that was told is there, and as many codes as the counter has moved on
fn is_all_there(place: &Place, mut expected: BTreeSet<String>, codes: &[String]) {
    let vault = State::of(place).unwrap().vault;
    let accounts = vault["accounts"].as_table().unwrap();
    expected.extend(["alice", "bob", "count"].map(str::to_owned));
    assert_eq!(accounts.keys().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(accounts["count"]["counter"].as_integer(), i64::try_from(codes.len()).ok());
    let mut given: Vec<_> = codes.iter().map(|code| code.trim_end().to_owned()).collect();
    let mut once_each: Vec<_> = (0..codes.len() as u64).map(code_of).collect();
    given.sort();
    once_each.sort();
    assert_eq!(given, once_each);
}

/// The code of `count`, after RFC 4226, 5.3
fn code_of(counter: u64) -> String {
    let secret = data_encoding::BASE32.decode(COUNT.0.as_bytes()).unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(&secret).unwrap();
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes(hash[offset..offset + 4].try_into().unwrap());
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}
