//! Words and forms that read like a literal translation stay out of the sources, the manual and the test names.

use std::fs;
use std::path::{Path, PathBuf};

/// Words that `src/`, the manual, the README and the names of tests do not use
const REJECTED_WORDS: &str = "shall|whoever|nobody|somebody|likewise|anew|mend|mends|mended|told|is none|are none|\
    none of ours|as it stands|in the place of|handed out|by halves|lies in|lies at|lies beside";

/// A doc comment begins with its subject or its verb, so never with these words
const REJECTED_STARTS: [&str; 7] = ["What", "Where", "Whoever", "Of", "None", "As", "That"];

/// Lines that may use a rejected word: a part of the path, a part of the line, at most ten, each with its reason
const EXCEPTIONS: [(&str, &str); 1] = [
    // the system user of that name
    ("kernel/tests/elsewhere.rs", "nobody"),
];

/// A line that breaks a rule, with its file
type Finding = String;

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

fn findings(paths: &[PathBuf], breaks_rule: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path).expect("the file is UTF-8");
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| breaks_rule(line)) {
            if !is_exception(path, line) {
                findings.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    findings
}

fn is_exception(path: &Path, line: &str) -> bool {
    let path = path.to_string_lossy();
    EXCEPTIONS.iter().any(|(file, part)| path.contains(file) && line.contains(part))
}

/// Returns whether a line has one of the rejected words. A name such as `is_none` or a `None` in backticks is one word.
fn has_rejected_word(line: &str) -> bool {
    let letters = |c: char| if c.is_alphabetic() || "_`".contains(c) { c.to_ascii_lowercase() } else { ' ' };
    let line: String = line.chars().map(letters).collect();
    let line = format!(" {} ", line.split_whitespace().collect::<Vec<_>>().join(" "));
    REJECTED_WORDS.split('|').any(|word| line.contains(&format!(" {word} ")))
}

fn has_rejected_form(line: &str) -> bool {
    let line = line.trim();
    let doc = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).unwrap_or_default().trim();
    let first = doc.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let names_constructor_of = line.contains("fn of(") || line.contains("fn of<") || line.contains("fn of_");
    // A line in the middle of a comment may begin with such a word: only a sentence's capital letter counts.
    REJECTED_STARTS.contains(&first) || names_constructor_of
}

fn sources() -> Vec<PathBuf> {
    let mut paths = Vec::new();
    files(Path::new("src"), "rs", &mut paths);
    paths
}

#[test]
fn sources_and_manual_use_no_rejected_word() {
    let mut paths = sources();
    files(Path::new("src"), "md", &mut paths);
    paths.push("README.md".into());
    let findings = findings(&paths, has_rejected_word);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn sources_use_no_rejected_form() {
    let findings = findings(&sources(), has_rejected_form);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn test_names_use_no_rejected_word() {
    let mut paths = Vec::new();
    files(Path::new("tests"), "rs", &mut paths);
    let findings =
        findings(&paths, |line| line.trim().starts_with("fn ") && has_rejected_word(&line.replace('_', " ")));
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn exceptions_are_few() {
    assert!(EXCEPTIONS.len() <= 10);
}

/// A file that outgrew 300 lines says why it stays whole.
#[test]
fn long_sources_give_a_reason() {
    let is_long_without_reason = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("the file is UTF-8");
        text.lines().count() > 300 && !text.contains("// Longer than 300 lines: ")
    };
    let long: Vec<PathBuf> = sources().into_iter().filter(is_long_without_reason).collect();
    assert!(long.is_empty(), "{long:#?}");
}
