//! Text files of keys: one key a line.

use super::error::KeyParseError;

/// Parses each line that is not empty and does not begin with `#`; `parse` gets the line and its number, from 1.
///
/// # Errors
/// The first error of `parse`; `Empty` if no line holds a key.
pub(super) fn parse_key_lines<T>(
    text: &str,
    parse: impl Fn(&str, usize) -> Result<T, KeyParseError>,
) -> Result<Vec<T>, KeyParseError> {
    let lines = text.lines().map(str::trim).zip(1..);
    let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let keys = lines.map(|(line, number)| parse(line, number)).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err(KeyParseError::Empty) } else { Ok(keys) }
}
