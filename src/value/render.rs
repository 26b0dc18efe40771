//! The JSON text of a value. Every run writes the same bytes, without recursion.

use std::fmt;
use std::io::{self, Write};

use super::{Json, Text, is_printable};

impl Json {
    /// Writes the value as compact JSON text.
    ///
    /// An unquoted placeholder is written as `${Name}`. Everything else is plain JSON.
    ///
    /// # Errors
    ///
    /// Returns the errors of the writer.
    pub fn write_to(&self, writer: impl Write) -> io::Result<()> {
        write(self, false, writer)
    }

    /// Writes the value as JSON text with one member per line, indented by two spaces.
    ///
    /// # Errors
    ///
    /// Returns the errors of the writer.
    pub fn write_pretty_to(&self, writer: impl Write) -> io::Result<()> {
        write(self, true, writer)
    }
}

/// JSON text: `{}` is compact, `{:#}` writes one member per line, indented by two spaces.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::new();
        write(self, f.alternate(), &mut bytes).map_err(|_| fmt::Error)?;
        f.write_str(std::str::from_utf8(&bytes).map_err(|_| fmt::Error)?)
    }
}

/// The rest of an array or an object that is being written.
enum Open<'a> {
    Array(std::slice::Iter<'a, Json>),
    Object(std::slice::Iter<'a, (Text, Json)>),
}

/// An explicit stack instead of recursion, because a document that a program builds can be nested to any depth.
fn write(root: &Json, pretty: bool, mut writer: impl Write) -> io::Result<()> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut value = Some(root);
    let mut first = true;
    loop {
        if let Some(json) = value.take() {
            match json {
                Json::Null => writer.write_all(b"null")?,
                Json::Bool(true) => writer.write_all(b"true")?,
                Json::Bool(false) => writer.write_all(b"false")?,
                Json::Number(number) => write!(writer, "{number}")?,
                Json::String(text) => write_string(text, &mut writer)?,
                Json::Placeholder(name) => write!(writer, "${{{name}}}")?,
                Json::Array(elements) if elements.is_empty() => writer.write_all(b"[]")?,
                Json::Object(object) if object.is_empty() => writer.write_all(b"{}")?,
                Json::Array(elements) => {
                    writer.write_all(b"[")?;
                    open.push(Open::Array(elements.iter()));
                    first = true;
                }
                Json::Object(object) => {
                    writer.write_all(b"{")?;
                    open.push(Open::Object(object.members.iter()));
                    first = true;
                }
            }
        }
        let depth = open.len();
        let Some(innermost) = open.last_mut() else { return Ok(()) };
        let (name, next, close) = match innermost {
            Open::Array(elements) => (None, elements.next(), b"]"),
            Open::Object(members) => match members.next() {
                Some((name, value)) => (Some(name), Some(value), b"}"),
                None => (None, None, b"}"),
            },
        };
        if next.is_none() {
            open.pop();
            if pretty {
                break_line(depth - 1, &mut writer)?;
            }
            writer.write_all(close)?;
        } else {
            if !first {
                writer.write_all(b",")?;
            }
            if pretty {
                break_line(depth, &mut writer)?;
            }
            if let Some(name) = name {
                write_string(name, &mut writer)?;
                writer.write_all(if pretty { b": " } else { b":" })?;
            }
        }
        first = false;
        value = next;
    }
}

fn write_string(text: &str, writer: &mut impl Write) -> io::Result<()> {
    let is_shown = |character: char| character.is_ascii_control() && character != '\u{7f}' || is_printable(character);
    if text.chars().all(is_shown) {
        return serde_json::to_writer(writer, text).map_err(io::Error::from);
    }
    // JSON allows these characters, but the output is shown in terminals and reviews.
    let mut quoted = serde_json::to_string(text)?;
    let mut units = [0; 2];
    for (at, hidden) in quoted.clone().char_indices().rev().filter(|(_, character)| !is_shown(*character)) {
        let escape: String = hidden.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        quoted.replace_range(at..at + hidden.len_utf8(), &escape);
    }
    writer.write_all(quoted.as_bytes())
}

fn break_line(depth: usize, writer: &mut impl Write) -> io::Result<()> {
    const LINE: &[u8] = b"\n                                                                ";
    let indent = 2 * depth;
    writer.write_all(&LINE[..LINE.len().min(1 + indent)])?;
    for _ in LINE.len()..1 + indent {
        writer.write_all(b" ")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Number, Object};

    #[test]
    fn text_is_that_of_serde_json() {
        let value = serde_json::json!({
            "empty": [{}, []], "nested": [[1, -2.5, true], {"a": null}], "text": "tab\t \"quoted\" \u{1} ä 👩\u{200d}🚀"
        });
        let json = Json::from(value.clone());
        assert_eq!(json.to_string(), serde_json::to_string(&value).unwrap());
        assert_eq!(format!("{json:#}"), serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn what_only_a_definition_has_is_written_as_it_was() {
        let mut object = Object::new();
        object.insert("MaxConcurrency", Json::Placeholder("Max".into()));
        object.insert("BackoffRate", Number::from_text("1.50").unwrap());
        assert_eq!(Json::Object(object).to_string(), r#"{"MaxConcurrency":${Max},"BackoffRate":1.50}"#);
    }

    #[test]
    fn what_would_not_be_seen_is_written_as_an_escape() {
        let text = "a\u{7f}\u{9b}31m\u{202e}\u{2028}\u{e0041}b";
        let written = Json::from(text).to_string();
        assert_eq!(written, r#""a\u007f\u009b31m\u202e\u2028\udb40\udc41b""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn depth_does_not_matter() {
        let mut json = Json::Null;
        for _ in 0..5_000 {
            json = Json::from(vec![json]);
        }
        assert_eq!(json.to_string().len(), 10_004);
        let indents: usize = (0..5_000).map(|depth| 2 * (1 + 2 * depth)).sum();
        assert_eq!(format!("{json:#}").len() - indents, 4 + 10_000 + 10_000);
    }
}
