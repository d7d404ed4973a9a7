//! The floors of the house: a room uses only what stands below it.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and the floor they are on. Rooms of one floor do not know each other, except those of `ALLOWED`.
const FLOORS: [(&str, u8); 29] = [
    ("main", 9),
    // run by cargo, before the others exist
    ("build", 9),
    ("start", 8),
    ("lib", 8),
    ("cli", 7),
    ("report", 7),
    ("fuzzed", 7),
    ("measured", 7),
    ("commands", 6),
    ("source", 3),
    ("clipboard", 3),
    ("screen", 3),
    ("ui", 3),
    ("vault", 3),
    ("keystore", 3),
    ("formats", 3),
    ("qr", 3),
    ("profile", 3),
    ("sntp", 3),
    ("clock", 2),
    ("otp", 2),
    ("state", 2),
    ("failure", 0),
    ("tool", 1),
    ("environment", 1),
    ("durable", 1),
    ("patience", 0),
    ("text", 0),
    ("manual", 0),
];
/// A vault of our own can be imported, and the vault alone reads it.
const ALLOWED: [(&str, &str); 5] = [
    ("source", "qr"),
    ("source", "formats"),
    ("source", "clipboard"),
    ("source", "screen"),
    ("formats", "vault"),
];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("src can be read").map(|entry| entry.expect("it too").path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The names behind every `crate::` and behind every `super::` that leads out of the room
fn used(text: &str, depth: usize) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let up = "super::".repeat(depth);
    let behind = |path: &str| {
        code.match_indices(path)
            .flat_map(|(at, _)| names(code[at + path.len()..].trim_start_matches("super::")))
            .collect::<Vec<_>>()
    };
    [behind("crate::"), behind(&up)].concat()
}

/// The first name of a path, or of each path of a group in braces
fn names(rest: &str) -> Vec<String> {
    let first =
        |path: &str| path.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned);
    match rest.strip_prefix('{') {
        Some(group) => group.split_once("};").unwrap_or((group, "")).0.split(',').filter_map(first).collect(),
        None => first(rest).into_iter().collect(),
    }
}

#[test]
fn every_room_stands_on_a_floor() {
    for path in sources(Path::new("src")) {
        let room = room(&path);
        assert!(floor(&room).is_some(), "{}: on no floor", path.display());
    }
}

#[test]
fn a_room_uses_only_what_stands_below_it() {
    let mut wrong = Vec::new();
    for path in sources(Path::new("src")) {
        let (room, text) = (room(&path), fs::read_to_string(&path).expect("it can be read"));
        let inside = path.components().count() - 2;
        let depth = if path.ends_with("mod.rs") { inside } else { inside + 1 };
        for other in used(&text, depth) {
            let allowed = other == room || ALLOWED.contains(&(&room, &other));
            if !allowed && floor(&other).is_some_and(|other| Some(other) >= floor(&room)) {
                wrong.push(format!("{}: {room} uses {other}", path.display()));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn room(path: &Path) -> String {
    let inside = path.strip_prefix("src").expect("it lies there").with_extension("");
    inside.components().next().expect("it has a name").as_os_str().to_string_lossy().into_owned()
}
