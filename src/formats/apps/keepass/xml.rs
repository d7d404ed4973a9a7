//! Reads the XML of KeePass, which is the content of a database and an export format.

use data_encoding::BASE64;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zeroize::{Zeroize, Zeroizing};

use super::entry::Entry;
use crate::formats::FormatError;
use crate::formats::codec::android_preferences::resolve_reference;

/// Elements; deeper than any real groups are nested
const MAX_DEPTH: usize = 200;

/// Bytes of the group names of all entries together
const MAX_GROUP_BYTES: usize = 16 * 1024 * 1024;

const DAMAGED: FormatError = FormatError::Damaged("its XML is malformed");

/// Decrypts the next protected bytes
type Unmask<'a> = &'a mut dyn FnMut(&mut [u8]);

/// Parses the entries in their order, without their histories.
///
/// In a database one key stream encrypts the protected values in the order of the file, including the histories.
pub(super) fn parse(xml: &str, unmask: Unmask<'_>) -> Result<Vec<Entry>, FormatError> {
    let mut walker = XmlWalker::default();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Start(tag) => walker.enter(&tag)?,
            Event::Empty(tag) => {
                walker.enter(&tag)?;
                walker.leave(unmask)?;
            }
            Event::End(_) => walker.leave(unmask)?,
            Event::Text(text) => walker.text.push_str(&text),
            Event::CData(text) => walker.text.push_str(&text),
            Event::GeneralRef(reference) => {
                walker.text.push_str(&resolve_reference(&reference).ok_or(DAMAGED)?);
            }
            Event::Eof if walker.path.is_empty() => return Ok(walker.entries),
            Event::Eof => return Err(DAMAGED),
            _ => {}
        }
    }
}

/// The state of parsing
#[derive(Default)]
struct XmlWalker {
    path: Vec<String>,
    /// Text of the current element
    text: Zeroizing<String>,
    is_protected: bool,
    groups: Vec<Group>,
    /// The current entry, after the entries in whose history it is
    open_entries: Vec<Entry>,
    key: String,
    value: Zeroizing<String>,
    bin_id: Option<String>,
    entries: Vec<Entry>,
    /// Bytes of the group names of `entries`
    group_name_bytes: usize,
}

#[derive(Default)]
struct Group {
    id: String,
    name: String,
}

impl XmlWalker {
    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<(), FormatError> {
        if self.path.len() == MAX_DEPTH {
            return Err(FormatError::Damaged("its groups are nested too deeply"));
        }
        let name = tag.name().as_ref().to_owned();
        match name.as_str() {
            "Group" => self.groups.push(Group::default()),
            "Entry" => self.open_entries.push(Entry::default()),
            _ => {}
        }
        let protected = tag.try_get_attribute("Protected").map_err(|_| DAMAGED)?;
        self.is_protected = protected.is_some_and(|value| value.value.eq_ignore_ascii_case("true"));
        self.text.zeroize();
        self.path.push(name);
        Ok(())
    }

    fn leave(&mut self, unmask: Unmask<'_>) -> Result<(), FormatError> {
        let name = self.path.pop().ok_or(DAMAGED)?;
        if std::mem::take(&mut self.is_protected) {
            self.unmask_text(unmask)?;
        }
        let parent = self.path.last().map(String::as_str).unwrap_or_default();
        match (parent, name.as_str()) {
            ("Meta", "RecycleBinUUID") => self.bin_id = Some(self.text.clone().to_string()),
            ("Group", "UUID") => self.current_group()?.id = self.text.to_string(),
            ("Group", "Name") => self.current_group()?.name = self.text.to_string(),
            ("String", "Key") => self.key = self.text.to_string(),
            ("String", "Value") => self.value = std::mem::take(&mut self.text),
            ("Entry", "String") => self.add_field(),
            ("Entry", "Tags") => self.add_tags(),
            (_, "Entry") => self.add_entry()?,
            (_, "Group") => drop(self.groups.pop()),
            _ => {}
        }
        self.text.zeroize();
        Ok(())
    }

    fn unmask_text(&mut self, unmask: Unmask<'_>) -> Result<(), FormatError> {
        let damaged = FormatError::Damaged("a protected value is not Base64");
        let mut bytes = Zeroizing::new(BASE64.decode(self.text.trim().as_bytes()).map_err(|_| damaged)?);
        unmask(&mut bytes);
        // A value that is not text is no key.
        self.text = Zeroizing::new(std::str::from_utf8(&bytes).unwrap_or_default().to_owned());
        Ok(())
    }

    fn current_group(&mut self) -> Result<&mut Group, FormatError> {
        self.groups.last_mut().ok_or(DAMAGED)
    }

    fn add_field(&mut self) {
        let (key, value) = (std::mem::take(&mut self.key), std::mem::take(&mut self.value));
        if let Some(entry) = self.open_entries.last_mut()
            && Entry::is_relevant(&key)
        {
            entry.fields.push((key, value));
        }
    }

    fn add_tags(&mut self) {
        if let Some(entry) = self.open_entries.last_mut() {
            entry.tags = self.text.split([';', ',']).map(str::to_owned).collect();
        }
    }

    fn add_entry(&mut self) -> Result<(), FormatError> {
        let Some(mut entry) = self.open_entries.pop() else { return Ok(()) };
        if self.open_entries.is_empty() {
            let names: Vec<&str> = self.groups.iter().skip(1).map(|group| group.name.as_str()).collect();
            entry.group = names.join("/");
            self.group_name_bytes += entry.group.len();
            if self.group_name_bytes > MAX_GROUP_BYTES {
                return Err(FormatError::Damaged("the names of its groups are too long"));
            }
            entry.is_in_bin = self.groups.iter().any(|group| Some(&group.id) == self.bin_id.as_ref());
            self.entries.push(entry);
        }
        Ok(())
    }
}
