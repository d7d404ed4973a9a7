//! Groups with ids, to which other apps refer instead of tags.

use crate::formats::export::uuid;

/// The ids and names of the groups of an export, in the order of their first use
#[derive(Default)]
pub(in crate::formats) struct Groups<'a>(Vec<(String, &'a str)>);

impl<'a> Groups<'a> {
    /// Returns the id of a group. Adds the group if it is new.
    pub(in crate::formats) fn id(&mut self, name: &'a str) -> String {
        if let Some((id, _)) = self.0.iter().find(|(_, known)| *known == name) {
            return id.clone();
        }
        self.0.push((uuid(), name));
        self.id(name)
    }

    /// Returns the ids and names.
    pub(in crate::formats) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(id, name)| (id.as_str(), *name))
    }
}
