//! The structure of `src/`: floors, circles, and the English of names and comments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the top floor down. A room uses only rooms of lower floors.
const FLOORS: [&[&str]; 14] = [
    // cargo runs `build` before the other rooms exist
    &["main", "startup", "build"],
    &["lib", "hooks"],
    &["cli"],
    &["commands"],
    &["session"],
    &["aws", "source"],
    &["formats", "keyring"],
    &["vault"],
    &["ui", "desktop", "qr", "state"],
    &["clock"],
    &["otp"],
    &["platform"],
    &["name_match"],
    &["error", "json", "manual", "text"],
];

/// A module path such as `["vault", "file"]`, without `crate`.
type Module = Vec<String>;

struct Source {
    path: PathBuf,
    module: Module,
    /// The code without comments and without inline tests.
    code: String,
}

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    collect(Path::new("src"), &mut paths);
    paths.into_iter().map(|path| Source { module: module_of(&path), code: code_of(&path), path }).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
            paths.push(path);
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

fn module_of(path: &Path) -> Module {
    let inside = path.strip_prefix("src").expect("the path begins with src").with_extension("");
    let mut module: Module = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    module.pop_if(|last| last == "mod");
    module
}

fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file is UTF-8");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Returns the paths after each `crate::` and `super::`, with groups in braces expanded.
fn used_paths(source: &Source) -> Vec<Module> {
    let mut paths = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        expand(&source.code[at + "crate::".len()..], &[], &mut paths);
    }
    for (at, _) in source.code.match_indices("super::") {
        let is_chained = source.code[..at].ends_with("super::");
        let rest = source.code[at..].trim_start_matches("super::");
        let up = (source.code[at..].len() - rest.len()) / "super::".len();
        if !is_chained && up <= source.module.len() {
            expand(rest, &source.module[..source.module.len() - up], &mut paths);
        }
    }
    paths
}

/// Appends the paths that begin at `rest`: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(rest: &str, base: &[String], paths: &mut Vec<Module>) {
    if let Some(group) = rest.strip_prefix('{') {
        let mut depth = 0;
        let end = group.find(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth < 0
        });
        let mut depth = 0;
        let items = group[..end.unwrap_or(group.len())].split(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        items.map(str::trim).filter(|item| !item.is_empty()).for_each(|item| expand(item, base, paths));
        return;
    }
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let path: Module = base.iter().cloned().chain([name.clone()]).filter(|name| name != "self").collect();
    match rest[name.len()..].strip_prefix("::") {
        Some(rest) if !name.is_empty() => expand(rest, &path, paths),
        _ => paths.push(path),
    }
}

#[test]
fn every_room_has_a_floor() {
    for source in sources() {
        let room = source.module.first().expect("lib and main are rooms, too");
        assert!(floor_of(room).is_some(), "{} has no floor", source.path.display());
    }
}

#[test]
fn rooms_use_only_lower_floors() {
    let mut wrong = BTreeSet::new();
    for source in sources() {
        let room = &source.module[0];
        for used in used_paths(&source).iter().filter_map(|path| path.first()) {
            if used != room && floor_of(used).is_some_and(|floor| Some(floor) <= floor_of(room)) {
                wrong.insert(format!("{}: {room} uses {used}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A file that `#[path]` includes from another folder would belong to two rooms.
#[test]
fn files_belong_to_one_room() {
    for source in sources() {
        assert!(!source.code.contains("#[path = \"../"), "{}", source.path.display());
    }
}

/// Returns for each file the files whose items it uses. Re-exports of a folder's own files in `mod.rs` do not count.
fn uses(sources: &[Source]) -> BTreeMap<&Module, BTreeSet<&Module>> {
    let known: BTreeMap<&Module, &Source> = sources.iter().map(|source| (&source.module, source)).collect();
    let uses_of = |source: &Source| {
        let targets = used_paths(source).into_iter().filter_map(|path| defining(&path, &known, 0));
        let own = |target: &&Module| {
            **target == source.module
                || (source.path.ends_with("mod.rs") && target.starts_with(&source.module))
        };
        targets.filter(|target| !own(target)).collect()
    };
    sources.iter().map(|source| (&source.module, uses_of(source))).collect()
}

/// Returns the file that defines the item at a path, through the re-exports of `mod.rs`.
fn defining<'a>(
    path: &[String],
    known: &BTreeMap<&'a Module, &'a Source>,
    hops: usize,
) -> Option<&'a Module> {
    let length = (1..=path.len()).rev().find(|&length| known.contains_key(&path[..length].to_vec()))?;
    let (module, source) = known.get_key_value(&path[..length].to_vec())?;
    let Some(item) = path.get(length).filter(|_| hops < 8) else { return Some(module) };
    for statement in source.code.split(';').filter(|statement| statement.contains("use ")) {
        let (_, used) = statement.rsplit_once("use ").expect("the statement has a use");
        let mut paths = Vec::new();
        expand(used.trim().trim_start_matches("self::").trim_start_matches("crate::"), &[], &mut paths);
        let base = if used.trim().starts_with("crate::") { [].as_slice() } else { module.as_slice() };
        if let Some(found) = paths.iter().find(|path| path.len() > 1 && path.last() == Some(item)) {
            return defining(&[base, found.as_slice()].concat(), known, hops + 1).or(Some(module));
        }
    }
    Some(module)
}

#[test]
fn files_do_not_use_each_other_in_a_circle() {
    let sources = sources();
    let mut uses = uses(&sources);
    // Files that use no other file, or that no other file uses, are in no circle: only circles and the files between
    // them remain.
    while let Some(done) = find_file_outside_circles(&uses) {
        uses.remove(done);
        for used in uses.values_mut() {
            used.remove(done);
        }
    }
    let circles: Vec<String> = uses.iter().map(|(module, used)| line(module, used)).collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

fn find_file_outside_circles<'a>(uses: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> Option<&'a Module> {
    let is_used = |module| uses.values().any(|used| used.contains(module));
    uses.iter().find(|(module, used)| used.is_empty() || !is_used(*module)).map(|(module, _)| *module)
}

fn line(module: &Module, used: &BTreeSet<&Module>) -> String {
    let used: Vec<String> = used.iter().map(|module| module.join("::")).collect();
    format!("{} uses {}", module.join("::"), used.join(", "))
}

/// Returns the Rust files below a folder of tests, each with the text of the file that has to declare it.
fn test_files(folder: &Path, parent: &Path) -> Vec<(PathBuf, String)> {
    let declarations = fs::read_to_string(parent).unwrap_or_default();
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("tests/it is readable") {
        let path = entry.expect("tests/it is readable").path();
        if path.is_dir() {
            files.extend(test_files(&path, &path.join("mod.rs")));
            files.push((path, declarations.clone()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && path != parent {
            files.push((path, declarations.clone()));
        }
    }
    files
}

/// The compiler ignores a file that no `mod` declares, and its tests never run.
#[test]
fn every_test_file_is_declared_by_its_parent() {
    let mut files = test_files(Path::new("tests/it"), Path::new("tests/it/main.rs"));
    files.retain(|(path, _)| path.extension().is_some() || path.join("mod.rs").exists());
    assert!(files.len() > 100, "{} files", files.len());
    for (path, declarations) in files {
        let module = path.file_stem().expect("it has a name").to_string_lossy();
        let is_declared = declarations
            .lines()
            .any(|line| line.trim_start_matches("pub(crate) ") == format!("mod {module};"));
        assert!(is_declared, "no file declares {}", path.display());
    }
}
