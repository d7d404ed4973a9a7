//! The INI dialect of AWS's files, as the `aws` command reads it with Python's `configparser`.
//!
//! In this dialect an indented line belongs to the key above it: an `mfa_serial` under `s3 =` is not a key of the profile. The
//! crates for INI read it as a key of the section, or join it to the line before by other rules.

/// A section and its settings
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: String,
    /// Keys, in lower case, and their values
    pub(super) values: Vec<(String, String)>,
}

impl Section {
    /// Returns the last value of a key.
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// Parses the sections in their order. Ignores the lines before the first.
pub(super) fn parse_sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    // The indentation of the last key: lines indented further belong to it.
    let mut key_indent = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content.is_empty() || content.starts_with(['#', ';']) || key_indent.is_some_and(|key| indent > key)
        {
            continue;
        }
        if let Some(name) = parse_header(content) {
            sections.push(Section { name: name.to_owned(), values: Vec::new() });
            key_indent = None;
        } else if let (Some(section), Some(value)) = (sections.last_mut(), parse_assignment(content)) {
            section.values.push(value);
            key_indent = Some(indent);
        }
    }
    sections
}

fn parse_header(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('[')?.split_once(']')?;
    Some(name.trim())
}

/// Parses `key = value`. Drops a comment after a blank, as AWS's documentation describes.
fn parse_assignment(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(['=', ':'])?;
    let comment = [" #", " ;", "\t#", "\t;"].into_iter().filter_map(|mark| value.find(mark)).min();
    let value = &value[..comment.unwrap_or(value.len())];
    Some((key.trim().to_lowercase(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sections_have_no_comments_and_no_nested_keys() {
        let text = "\u{feff}stray = 0\r\n# a comment\r\n[default]\r\nRegion=eu-west-1\r\n\r\n; another\r\n\
                    [profile x] # behind\nmfa_serial = arn:a # phone\ns3 =\n  mfa_serial = nested\n\n  more = x\n\
                    output : json\nnothing\n[ y ]\n\tmfa_serial = indented\n\tmfa_serial = again\n";
        let sections = parse_sections(text);
        let names: Vec<&str> = sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["default", "profile x", "y"]);
        assert_eq!(sections[0].value("region"), Some("eu-west-1"));
        assert_eq!(sections[1].value("mfa_serial"), Some("arn:a"));
        assert_eq!(sections[1].value("output"), Some("json"));
        assert_eq!(sections[1].value("more"), None);
        assert_eq!(sections[2].value("mfa_serial"), Some("again"));
    }

    proptest! {
        #[test]
        fn parse_sections_never_panics(text in "(\\PC|[\\[\\]=:#; \t\n]){0,200}") {
            parse_sections(&text);
        }
    }
}
