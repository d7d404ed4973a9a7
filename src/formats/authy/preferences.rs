//! The preferences of an Android app: XML with texts by their names.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use zeroize::Zeroizing;

use crate::formats::FormatError;

/// How the names of Authy's texts begin
pub(super) const KEY: &str = "com.authy.storage.";

const DAMAGED: FormatError = FormatError::Damaged("it is no whole XML");

/// The texts that hold tokens
pub(super) fn values(text: &str) -> Result<Vec<Zeroizing<String>>, FormatError> {
    let mut reader = Reader::from_str(text);
    let mut values = Vec::new();
    let mut value: Option<Zeroizing<String>> = None;
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Start(tag) if tag.name().as_ref() == "string" => {
                let name = tag.try_get_attribute("name").map_err(|_| DAMAGED)?;
                let is_ours =
                    name.is_some_and(|name| name.value.starts_with(KEY) && name.value.ends_with(".key"));
                value = is_ours.then(Zeroizing::default);
            }
            Event::Text(part) => {
                if let Some(value) = &mut value {
                    value.push_str(&part);
                }
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|_| DAMAGED)?;
                if let Some(value) = &mut value {
                    match (character, resolve_predefined_entity(&reference)) {
                        (Some(character), _) => value.push(character),
                        (None, Some(text)) => value.push_str(text),
                        (None, None) => return Err(DAMAGED),
                    }
                }
            }
            Event::End(_) => values.extend(value.take()),
            Event::Eof => return Ok(values),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved_and_other_texts_passed_over() {
        let xml = "<map><int name='a' value='1'/><string name='other'>no</string>\
                   <string name='com.authy.storage.tokens.authy.key'>[&quot;&#233;&amp;&quot;]</string></map>";
        let values = values(xml).unwrap();
        assert_eq!((values.len(), values[0].as_str()), (1, "[\"é&\"]"));
        let broken = "<map><string name='com.authy.storage.x.key'>&unknown;</string>";
        assert_eq!(super::values(broken).err(), Some(DAMAGED));
        assert_eq!(super::values("<map></x>").err(), Some(DAMAGED));
    }
}
