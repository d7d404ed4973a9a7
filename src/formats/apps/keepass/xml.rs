//! The XML of KeePass: what is in a database, and what it exports.

use data_encoding::BASE64;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zeroize::{Zeroize, Zeroizing};

use crate::formats::FormatError;
use crate::formats::apps::keepass::entry::Entry;
use crate::formats::codec::android_preferences::resolved;

/// Far deeper than any groups are nested
const MAX_DEPTH: usize = 200;

/// Bytes of the names of groups, as often as an entry is in them
const MAX_GROUPS: usize = 16 * 1024 * 1024;

const DAMAGED: FormatError = FormatError::Damaged("its XML is not whole");

/// What takes the mask off the next protected bytes
type Unmask<'a> = &'a mut dyn FnMut(&mut [u8]);

/// The entries in their order, without their histories. In a database the protected values are masked by one stream,
/// in the order of the file, those in the histories too.
pub(super) fn entries(xml: &str, unmask: Unmask<'_>) -> Result<Vec<Entry>, FormatError> {
    let mut walk = Walk::default();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Start(tag) => walk.enter(&tag)?,
            Event::Empty(tag) => {
                walk.enter(&tag)?;
                walk.leave(unmask)?;
            }
            Event::End(_) => walk.leave(unmask)?,
            Event::Text(text) => walk.text.push_str(&text),
            Event::CData(text) => walk.text.push_str(&text),
            Event::GeneralRef(reference) => walk.text.push_str(&resolved(&reference).ok_or(DAMAGED)?),
            Event::Eof if walk.path.is_empty() => return Ok(walk.entries),
            Event::Eof => return Err(DAMAGED),
            _ => {}
        }
    }
}

/// Where in the document it is
#[derive(Default)]
struct Walk {
    path: Vec<String>,
    /// Of the element that is being read
    text: Zeroizing<String>,
    is_protected: bool,
    groups: Vec<Group>,
    /// The last one is being read; those before it have it in their history
    open: Vec<Entry>,
    key: String,
    value: Zeroizing<String>,
    bin: Option<String>,
    entries: Vec<Entry>,
    /// Bytes of the names of their groups
    named: usize,
}

#[derive(Default)]
struct Group {
    id: String,
    name: String,
}

impl Walk {
    fn enter(&mut self, tag: &BytesStart<'_>) -> Result<(), FormatError> {
        if self.path.len() == MAX_DEPTH {
            return Err(FormatError::Damaged("its groups are nested too deeply"));
        }
        let name = tag.name().as_ref().to_owned();
        match name.as_str() {
            "Group" => self.groups.push(Group::default()),
            "Entry" => self.open.push(Entry::default()),
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
            self.take_mask_off(unmask)?;
        }
        let parent = self.path.last().map(String::as_str).unwrap_or_default();
        match (parent, name.as_str()) {
            ("Meta", "RecycleBinUUID") => self.bin = Some(self.text.clone().to_string()),
            ("Group", "UUID") => self.group()?.id = self.text.to_string(),
            ("Group", "Name") => self.group()?.name = self.text.to_string(),
            ("String", "Key") => self.key = self.text.to_string(),
            ("String", "Value") => self.value = std::mem::take(&mut self.text),
            ("Entry", "String") => self.keep_field(),
            ("Entry", "Tags") => self.keep_tags(),
            (_, "Entry") => self.keep_entry()?,
            (_, "Group") => drop(self.groups.pop()),
            _ => {}
        }
        self.text.zeroize();
        Ok(())
    }

    fn take_mask_off(&mut self, unmask: Unmask<'_>) -> Result<(), FormatError> {
        let damaged = FormatError::Damaged("one of its protected values is not Base64");
        let mut bytes = Zeroizing::new(BASE64.decode(self.text.trim().as_bytes()).map_err(|_| damaged)?);
        unmask(&mut bytes);
        // what is no text is no key
        self.text = Zeroizing::new(std::str::from_utf8(&bytes).unwrap_or_default().to_owned());
        Ok(())
    }

    fn group(&mut self) -> Result<&mut Group, FormatError> {
        self.groups.last_mut().ok_or(DAMAGED)
    }

    fn keep_field(&mut self) {
        let (key, value) = (std::mem::take(&mut self.key), std::mem::take(&mut self.value));
        if let Some(entry) = self.open.last_mut()
            && Entry::is_of_interest(&key)
        {
            entry.fields.push((key, value));
        }
    }

    fn keep_tags(&mut self) {
        if let Some(entry) = self.open.last_mut() {
            entry.tags = self.text.split([';', ',']).map(str::to_owned).collect();
        }
    }

    fn keep_entry(&mut self) -> Result<(), FormatError> {
        let Some(mut entry) = self.open.pop() else { return Ok(()) };
        if self.open.is_empty() {
            let names: Vec<&str> = self.groups.iter().skip(1).map(|group| group.name.as_str()).collect();
            entry.group = names.join("/");
            self.named += entry.group.len();
            if self.named > MAX_GROUPS {
                return Err(FormatError::Damaged("its groups have too long names"));
            }
            entry.is_in_bin = self.groups.iter().any(|group| Some(&group.id) == self.bin.as_ref());
            self.entries.push(entry);
        }
        Ok(())
    }
}
