//! The JSON text of a value: the same bytes on every run, and without recursion.

use std::fmt;
use std::io::{self, Write};

use super::{Json, Object};

impl Json {
    /// Writes the value as JSON text without white space.
    ///
    /// An unquoted placeholder is written as `${Name}`; all else is plain JSON.
    pub fn write_to(&self, writer: impl Write) -> io::Result<()> {
        write(self, false, writer)
    }

    /// Writes the value as JSON text with a member a line, indented by two spaces.
    pub fn write_pretty_to(&self, writer: impl Write) -> io::Result<()> {
        write(self, true, writer)
    }
}

/// JSON text: `{}` without white space, `{:#}` with a member a line, indented by two spaces.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f.alternate(), Text(f)).map_err(|_| fmt::Error)
    }
}

/// What is still to be written of an array or an object that has been opened.
enum Open<'a> {
    Array(std::slice::Iter<'a, Json>),
    Object(Box<dyn Iterator<Item = (&'a str, &'a Json)> + 'a>),
}

/// A stack of its own instead of recursion: a document made by a program may be nested as deep as it likes.
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
                    open.push(Open::Object(members(object)));
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

fn members(object: &Object) -> Box<dyn Iterator<Item = (&str, &Json)> + '_> {
    Box::new(object.iter())
}

fn write_string(text: &str, writer: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(writer, text).map_err(io::Error::from)
}

fn break_line(depth: usize, writer: &mut impl Write) -> io::Result<()> {
    writer.write_all(b"\n")?;
    for _ in 0..depth {
        writer.write_all(b"  ")?;
    }
    Ok(())
}

/// A formatter as a writer. Every piece that is written is a whole string.
struct Text<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Text<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    #[test]
    fn text_is_that_of_serde_json() {
        let value = serde_json::json!({
            "empty": [{}, []], "nested": [[1, -2.5, true], {"a": null}], "text": "tab\t \"quoted\" \u{1} ä \u{2028}"
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
    fn depth_does_not_matter() {
        let mut json = Json::Null;
        for _ in 0..5_000 {
            json = Json::Array(vec![json]);
        }
        assert_eq!(json.to_string().len(), 10_004);
    }
}
