//! The INI dialect of AWS's files, as the `aws` command reads it: Python's `configparser`.
//!
//! The crates for INI take an indented line for a key of the section, or join it to the line before by rules of their
//! own; there it belongs to the key above it, so that a `mfa_serial` under `s3 =` is not the profile's.

/// A section in brackets and what is set in it
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: String,
    /// In lower case
    pub(super) values: Vec<(String, String)>,
}

impl Section {
    /// What a key was set to last
    pub(super) fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().rev().find(|(set, _)| set == key).map(|(_, value)| value.as_str())
    }
}

/// The sections in their order; what stands before the first belongs to none
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    // how far the last key was indented: what is indented further belongs to it
    let mut key_indent = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content.is_empty() || content.starts_with(['#', ';']) || key_indent.is_some_and(|key| indent > key)
        {
            continue;
        }
        if let Some(name) = header(content) {
            sections.push(Section { name: name.to_owned(), values: Vec::new() });
            key_indent = None;
        } else if let (Some(section), Some(set)) = (sections.last_mut(), assignment(content)) {
            section.values.push(set);
            key_indent = Some(indent);
        }
    }
    sections
}

fn header(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('[')?.split_once(']')?;
    Some(name.trim())
}

/// `key = value`, with a comment behind a blank left out, as AWS's own documentation has it
fn assignment(line: &str) -> Option<(String, String)> {
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
    fn keys_comments_and_nested_keys_are_told_apart() {
        let text = "\u{feff}stray = 0\r\n# a comment\r\n[default]\r\nRegion=eu-west-1\r\n\r\n; another\r\n\
                    [profile x] # behind\nmfa_serial = arn:a # phone\ns3 =\n  mfa_serial = nested\n\n  more = x\n\
                    output : json\nnothing\n[ y ]\n\tmfa_serial = indented\n\tmfa_serial = again\n";
        let sections = sections(text);
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
        fn no_text_is_too_much(text in "(\\PC|[\\[\\]=:#; \t\n]){0,200}") {
            sections(&text);
        }
    }
}
