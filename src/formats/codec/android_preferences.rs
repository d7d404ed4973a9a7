//! Preferences of Android apps: XML files with named strings.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zeroize::Zeroizing;

use crate::formats::FormatError;

const DAMAGED: FormatError = FormatError::Damaged("it is not an Android preferences file");

/// The name and the text of a preference
type Preference = (String, Zeroizing<String>);

/// Returns the string preferences in their order. Resolves no entities but the five of XML itself.
///
/// # Errors
/// Returns `Damaged` if the text is not well-formed, has a DOCTYPE or an unknown entity, or is incomplete.
pub(crate) fn strings(xml: &str) -> Result<Vec<Preference>, FormatError> {
    let mut reader = Reader::from_str(xml);
    let mut strings = Vec::new();
    let mut open: Option<Preference> = None;
    let mut is_complete = false;
    loop {
        let event = reader.read_event().map_err(|_| DAMAGED)?;
        match (&event, &mut open) {
            (Event::Start(tag), None) if tag.name().as_ref() == "string" => {
                open = Some((name(tag)?, Zeroizing::default()));
            }
            (Event::Start(_) | Event::Empty(_), Some(_)) | (Event::DocType(_), _) => return Err(DAMAGED),
            (Event::End(_), Some(_)) => strings.extend(open.take()),
            (Event::End(tag), None) => is_complete = tag.name().as_ref() == "map",
            (Event::Text(text), Some((_, value))) => value.push_str(&text.xml10_content()),
            (Event::CData(text), Some((_, value))) => value.push_str(&text.xml10_content()),
            (Event::GeneralRef(reference), Some((_, value))) => {
                value.push_str(&resolve_reference(reference).ok_or(DAMAGED)?);
            }
            (Event::Eof, _) => break,
            _ => {}
        }
    }
    if is_complete { Ok(strings) } else { Err(FormatError::Damaged("it is incomplete")) }
}

/// Returns the `name` attribute.
///
/// The reader's check for duplicate attributes is off, because its time is quadratic.
fn name(tag: &BytesStart<'_>) -> Result<String, FormatError> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| DAMAGED)?;
        if attribute.key.as_ref() == "name" {
            let name = attribute.normalized_value(XmlVersion::Explicit1_0);
            return name.map(Cow::into_owned).map_err(|_| DAMAGED);
        }
    }
    Err(DAMAGED)
}

/// Returns the text of a character reference or a predefined entity.
pub(crate) fn resolve_reference(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref().ok()? {
        Some(character) => Some(character.to_string()),
        None => resolve_predefined_entity(reference).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_unescaped() {
        let xml =
            "<map><int name='a' value='1'/><string name='b&amp;c'>[&quot;&#233;&amp;&quot;]</string></map>";
        let strings = strings(xml).unwrap();
        assert_eq!((strings.len(), strings[0].0.as_str(), strings[0].1.as_str()), (1, "b&c", "[\"é&\"]"));
    }

    #[test]
    fn other_xml_is_damaged() {
        for xml in
            ["<map><string name='x'>&unknown;</string></map>", "<map></x>", "<map><string name='x'>", "<map>"]
        {
            assert!(matches!(strings(xml), Err(FormatError::Damaged(_))), "{xml}");
        }
    }
}
