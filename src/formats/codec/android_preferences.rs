//! The preferences of an Android app: XML with texts by their names.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zeroize::Zeroizing;

use crate::formats::FormatError;

const DAMAGED: FormatError = FormatError::Damaged("it is no preferences of Android");

/// A preference: its name and its text
type Preference = (String, Zeroizing<String>);

/// The preferences that are strings, in their order. No entity is resolved but the five of XML itself.
pub(crate) fn strings(xml: &str) -> Result<Vec<Preference>, FormatError> {
    let mut reader = Reader::from_str(xml);
    let mut strings = Vec::new();
    let mut open: Option<Preference> = None;
    let mut is_whole = false;
    loop {
        let event = reader.read_event().map_err(|_| DAMAGED)?;
        match (&event, &mut open) {
            (Event::Start(tag), None) if tag.name().as_ref() == "string" => {
                open = Some((name(tag)?, Zeroizing::default()));
            }
            (Event::Start(_) | Event::Empty(_), Some(_)) | (Event::DocType(_), _) => return Err(DAMAGED),
            (Event::End(_), Some(_)) => strings.extend(open.take()),
            (Event::End(tag), None) => is_whole = tag.name().as_ref() == "map",
            (Event::Text(text), Some((_, value))) => value.push_str(&text.xml10_content()),
            (Event::CData(text), Some((_, value))) => value.push_str(&text.xml10_content()),
            (Event::GeneralRef(reference), Some((_, value))) => {
                value.push_str(&resolved(reference).ok_or(DAMAGED)?);
            }
            (Event::Eof, _) => break,
            _ => {}
        }
    }
    if is_whole { Ok(strings) } else { Err(FormatError::Damaged("it is cut short")) }
}

/// Looked for one by one: the reader's own check for attributes that stand twice takes the square of their number
fn name(tag: &BytesStart<'_>) -> Result<String, FormatError> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| DAMAGED)?;
        if attribute.key.as_ref() == "name" {
            let name = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0);
            return name.map(std::borrow::Cow::into_owned).map_err(|_| DAMAGED);
        }
    }
    Err(DAMAGED)
}

/// The character that a reference stands for
pub(crate) fn resolved(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref().ok()? {
        Some(character) => Some(character.to_string()),
        None => resolve_predefined_entity(reference).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_with_their_escapes() {
        let xml =
            "<map><int name='a' value='1'/><string name='b&amp;c'>[&quot;&#233;&amp;&quot;]</string></map>";
        let strings = strings(xml).unwrap();
        assert_eq!((strings.len(), strings[0].0.as_str(), strings[0].1.as_str()), (1, "b&c", "[\"é&\"]"));
    }

    #[test]
    fn what_is_no_preferences_is_damaged() {
        for xml in
            ["<map><string name='x'>&unknown;</string></map>", "<map></x>", "<map><string name='x'>", "<map>"]
        {
            assert!(matches!(strings(xml), Err(FormatError::Damaged(_))), "{xml}");
        }
    }
}
