//! The YAML text of a value. Every run writes the same bytes, without recursion.
//!
//! A string has no quotation marks if every YAML parser reads it as a string, including the many parsers that only
//! know YAML 1.1. A string with several lines is written as a block.

use std::borrow::Cow;
use std::io::{self, Write};

use super::Json;

impl Json {
    /// The value as YAML.
    ///
    /// YAML cannot distinguish an unquoted placeholder from a string: `${Name}` is written without quotation marks,
    /// and is parsed as a string.
    pub fn to_yaml(&self) -> String {
        let mut bytes = Vec::new();
        // Writing to memory never fails, and every part that is written is valid UTF-8.
        match self.write_yaml_to(&mut bytes) {
            Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Writes the value as YAML.
    ///
    /// # Errors
    ///
    /// Returns the errors of the writer.
    pub fn write_yaml_to(&self, mut writer: impl Write) -> io::Result<()> {
        let mut open: Vec<Open<'_>> = Open::new(self, 0, false).into_iter().collect();
        if open.is_empty() {
            write_scalar(self, STEP, &mut writer)?;
            writer.write_all(b"\n")?;
        }
        while let Some(innermost) = open.last_mut() {
            let indent = innermost.indent;
            let Some((name, value)) = innermost.entries.next() else {
                open.pop();
                continue;
            };
            // The first entry of an element of an array is on the line of its dash.
            if std::mem::take(&mut innermost.in_line) {
                writer.write_all(b" ")?;
            } else {
                write_indent(indent, &mut writer)?;
            }
            match name {
                Some(name) => write_name(name, indent, &mut writer)?,
                None => writer.write_all(b"-")?,
            }
            match Open::new(value, indent + STEP, name.is_none()) {
                Some(collection) => {
                    if !collection.in_line {
                        writer.write_all(b"\n")?;
                    }
                    open.push(collection);
                }
                None => {
                    writer.write_all(b" ")?;
                    write_scalar(value, indent + STEP, &mut writer)?;
                    writer.write_all(b"\n")?;
                }
            }
        }
        Ok(())
    }
}

/// The indentation of each level, in spaces.
const STEP: usize = 2;

/// An array or an object that is being written.
struct Open<'a> {
    entries: Box<dyn Iterator<Item = (Option<&'a str>, &'a Json)> + 'a>,
    indent: usize,
    in_line: bool,
}

impl<'a> Open<'a> {
    fn new(value: &'a Json, indent: usize, in_line: bool) -> Option<Self> {
        let entries: Box<dyn Iterator<Item = _>> = match value {
            Json::Array(elements) if !elements.is_empty() => Box::new(elements.iter().map(|element| (None, element))),
            Json::Object(object) if !object.is_empty() => {
                Box::new(object.iter().map(|(name, value)| (Some(name), value)))
            }
            _ => return None,
        };
        Some(Self { entries, indent, in_line })
    }
}

fn write_name(name: &str, indent: usize, writer: &mut impl Write) -> io::Result<()> {
    /// YAML allows 1,024 characters for a name on the line of its value.
    const LONGEST: usize = 1000;
    let name = one_line(name);
    if name.len() <= LONGEST {
        return write!(writer, "{name}:");
    }
    writeln!(writer, "? {name}")?;
    write_indent(indent, writer)?;
    writer.write_all(b":")
}

fn write_scalar(value: &Json, indent: usize, writer: &mut impl Write) -> io::Result<()> {
    match value {
        Json::String(text) if is_block(text) => write_block(text, indent, writer),
        Json::String(text) => writer.write_all(one_line(text).as_bytes()),
        Json::Number(number) => writer.write_all(with_point(&number.to_string()).as_bytes()),
        Json::Placeholder(name) if is_plain(name) => write!(writer, "${{{name}}}"),
        Json::Placeholder(name) => writer.write_all(quoted(&format!("${{{name}}}")).as_bytes()),
        other => other.write_to(writer),
    }
}

/// The number, in the only form in which YAML 1.1 has an exponent: with a point, and a sign before the exponent.
fn with_point(number: &str) -> Cow<'_, str> {
    let Some((digits, exponent)) = number.split_once(['e', 'E']) else { return number.into() };
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}").into()
}

fn one_line(text: &str) -> Cow<'_, str> {
    if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

/// Whether every parser reads the text without quotation marks as a string.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan"];
    let starts = text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '$' | '/' | '_'));
    let ends = !text.ends_with([' ', ':']);
    let middle = !text.contains(": ") && !text.contains(" #") && text.chars().all(is_harmless);
    // Text that starts with `${` gets quotation marks; only placeholders have none.
    starts && ends && middle && !text.starts_with("${") && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn is_harmless(character: char) -> bool {
    character == ' ' || character.is_ascii_graphic() || (!character.is_ascii() && character.is_alphanumeric())
}

/// JSON's quotation is also valid YAML, but YAML needs more escapes.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    for character in Json::String(Cow::Owned(text.to_owned())).to_string().chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted
}

/// Whether a block of lines with this text is parsed as the same text.
fn is_block(text: &str) -> bool {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    lines.contains('\n')
        && !lines.starts_with([' ', '\n'])
        && !lines.ends_with('\n')
        && lines.chars().all(|character| character == '\n' || is_harmless(character))
        && lines.split('\n').all(|line| line.is_empty() || !line.trim_matches(' ').is_empty())
        // In the log of a GitHub workflow, such a line would be a command.
        && !lines.split('\n').any(|line| ["::", "##["].iter().any(|start| line.trim_start().starts_with(start)))
}

fn write_block(text: &str, indent: usize, writer: &mut impl Write) -> io::Result<()> {
    writer.write_all(if text.ends_with('\n') { b"|" } else { b"|-" })?;
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        writer.write_all(b"\n")?;
        if !line.is_empty() {
            write_indent(indent, writer)?;
            writer.write_all(line.as_bytes())?;
        }
    }
    Ok(())
}

fn write_indent(indent: usize, writer: &mut impl Write) -> io::Result<()> {
    for _ in 0..indent {
        writer.write_all(b" ")?;
    }
    Ok(())
}
