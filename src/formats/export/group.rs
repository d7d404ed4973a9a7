//! Tags as the groups of other apps: with an id, which the accounts have instead of the name.

use crate::formats::export::uuid;

/// The groups of an export, each once, in the order in which the accounts use them
#[derive(Default)]
pub(in crate::formats) struct Groups<'a>(Vec<(String, &'a str)>);

impl<'a> Groups<'a> {
    /// The id of a group, which is there from now on
    pub(in crate::formats) fn id(&mut self, name: &'a str) -> String {
        if let Some((id, _)) = self.0.iter().find(|(_, known)| *known == name) {
            return id.clone();
        }
        self.0.push((uuid(), name));
        self.id(name)
    }

    /// Ids and names
    pub(in crate::formats) fn iter(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(id, name)| (id.as_str(), *name))
    }
}
