//! The manual: one Markdown file for each topic, built into the program.

macro_rules! pages {
    ($($topic:literal)*) => {
        concat!($($topic, "\n", include_str!(concat!($topic, ".md")), "\x0c"),*)
    };
}

/// Topic, line feed, page, form feed, and so on.
///
/// It is one text because a table of texts would be relocated at every start of the program.
const PAGES: &str =
    pages!["aws" "vault" "import" "scripting" "recipes" "security" "format" "pictures" "performance"];

/// Returns each topic with its page, in the order of the list above.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.split_terminator('\x0c').filter_map(|page| page.split_once('\n'))
}

/// Returns the topics of the manual.
pub(crate) fn topics() -> impl Iterator<Item = &'static str> {
    pages().map(|(topic, _)| topic)
}

/// Returns the page of a topic without its HTML comments, which are for the tests.
pub(crate) fn page(topic: &str) -> Option<String> {
    let (_, page) = pages().find(|(other, _)| *other == topic)?;
    Some(page.split_inclusive('\n').filter(|line| !line.starts_with("<!--")).collect())
}

/// Returns the title of a page: its first line.
pub(crate) fn title(topic: &str) -> Option<&'static str> {
    let (_, page) = pages().find(|(other, _)| *other == topic)?;
    page.lines().next()?.strip_prefix("# ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_topic() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/manual");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
        let names: BTreeSet<String> =
            files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(names, topics().map(str::to_owned).collect());
    }

    #[test]
    fn every_page_has_a_title_and_no_comment() {
        for topic in topics() {
            let (title, page) = (title(topic).unwrap(), page(topic).unwrap());
            assert!(page.starts_with(&format!("# {title}\n")) && page.ends_with('\n'), "{topic}");
            assert!(!page.contains("<!--") && !page.contains('\x0c'), "{topic}");
        }
        assert_eq!((page("nope"), title("")), (None, None));
    }

    #[test]
    fn the_readme_links_every_page() {
        for topic in topics() {
            let link = format!("({})", Path::new("src/manual").join(topic).with_extension("md").display());
            assert!(include_str!("../../README.md").contains(&link.replace('\\', "/")), "{topic}");
        }
    }
}
