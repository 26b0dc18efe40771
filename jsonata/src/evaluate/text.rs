//! Values as text, and the longer text functions.

use std::cmp::Ordering;
use std::sync::Arc;

use super::engine::{Engine, Result, finite};
use super::error::fault;
use super::function::Function;
use super::number;
use super::regex::TooManySteps;
use super::value::{Array, Object, Value};

/// The order of JavaScript: by UTF-16 units.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

/// A text as JSON.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes a value as JSON, like `JSON.stringify` in the reference implementation.
fn write(value: &Value, indent: Option<usize>, out: &mut String) -> std::result::Result<(), f64> {
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth * 2));
    };
    match value {
        Value::Undefined | Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if number.is_infinite() => return Err(*number),
        Value::Number(number) if number.is_nan() => out.push_str("null"),
        Value::Number(number) => out.push_str(&number::show(number::rounded(*number))),
        Value::String(text) => out.push_str(&quote(text)),
        Value::Function(_) => out.push_str("\"\""),
        Value::Array(array) => {
            out.push('[');
            for (index, item) in array.list().iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if let Some(depth) = indent {
                    line(out, depth + 1);
                }
                write(item, indent.map(|depth| depth + 1), out)?;
            }
            if let (Some(depth), false) = (indent, array.list().is_empty()) {
                line(out, depth);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push('{');
            let mut first = true;
            for (name, value) in object.members().iter().filter(|(_, value)| !value.is_undefined()) {
                if !std::mem::take(&mut first) {
                    out.push(',');
                }
                if let Some(depth) = indent {
                    line(out, depth + 1);
                }
                out.push_str(&quote(name));
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write(value, indent.map(|depth| depth + 1), out)?;
            }
            if let (Some(depth), false) = (indent, first) {
                line(out, depth);
            }
            out.push('}');
        }
    }
    Ok(())
}

/// A value in a message: it is short, and writing it never fails.
pub(crate) fn write_lossy(value: &Value) -> String {
    let mut out = String::new();
    if write(value, None, &mut out).is_err() {
        return "null".into();
    }
    if out.len() > 1000 {
        let end = (0..=1000).rev().find(|at| out.is_char_boundary(*at)).unwrap_or(0);
        out.truncate(end);
        out.push('…');
    }
    out
}

/// The match of a matcher.
pub(crate) struct Match {
    pub(crate) text: Arc<str>,
    /// Where it begins and ends, in UTF-16 units.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) groups: Vec<Value>,
    next: Value,
}

impl Match {
    pub(crate) fn to_value(&self) -> Value {
        Value::object([
            ("match", Value::String(self.text.clone())),
            ("start", Value::Number(self.start as f64)),
            ("end", Value::Number(self.end as f64)),
            ("groups", Value::array(self.groups.clone())),
            ("next", self.next.clone()),
        ])
    }
}

/// A text in which positions are counted in UTF-16 units, from the beginning to the end.
pub(crate) struct Units<'a> {
    text: &'a str,
    /// A position in bytes and in units.
    known: (usize, usize),
}

impl<'a> Units<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, known: (0, 0) }
    }

    /// The byte at which the unit begins.
    pub(crate) fn byte(&mut self, unit: usize) -> usize {
        if unit < self.known.1 {
            self.known = (0, 0);
        }
        for sign in self.text[self.known.0..].chars() {
            if self.known.1 >= unit {
                break;
            }
            self.known.0 += sign.len_utf8();
            self.known.1 += sign.len_utf16();
        }
        self.known.0
    }

    pub(crate) fn slice(&mut self, from: usize, to: usize) -> &'a str {
        let start = self.byte(from);
        let end = self.byte(to.max(from));
        &self.text[start..end]
    }
}

impl Engine<'_> {
    /// `$string`: nothing if there is no value.
    pub(crate) fn stringify(&mut self, value: &Value, pretty: bool) -> Result<Option<Arc<str>>> {
        Ok(Some(match value {
            Value::Undefined => return Ok(None),
            Value::String(text) => text.clone(),
            Value::Function(_) => "".into(),
            Value::Number(number) if !number.is_finite() => return Err(fault("D3001")),
            Value::Array(array) if array.outer => {
                return self.stringify(&array.list().first().cloned().unwrap_or_default(), pretty);
            }
            other => {
                let mut out = String::new();
                write(other, pretty.then_some(0), &mut out).or_else(|number| finite(number).map(|_| ()))?;
                self.charge(out.len() / 8)?;
                out.into()
            }
        }))
    }

    /// Searches with a regular expression from a byte on.
    pub(crate) fn search(&mut self, regex: &Arc<super::regex::Regex>, text: Arc<str>, from: usize) -> Result {
        self.charge(1)?;
        self.charge(text.len().saturating_sub(from) / 64)?;
        let Some(found) = regex.find(&text, from).map_err(|TooManySteps| fault("D1012"))? else {
            return Ok(Value::Undefined);
        };
        let range = found.range.clone();
        self.charge(range.end.saturating_sub(from) / 8)?;
        let start = text[..range.start].encode_utf16().count();
        let matched: Arc<str> = text[range.clone()].into();
        let end = start + matched.encode_utf16().count();
        let groups = found
            .groups
            .into_iter()
            .map(|group| group.map_or(Value::Undefined, |range| Value::string(&text[range])))
            .collect();
        let next = Function::Next { regex: regex.clone(), text: text.clone(), from: range.end };
        let next = Value::Function(Arc::new(next));
        Ok(Match { text: matched, start, end, groups, next }.to_value())
    }

    /// Calls a matcher: a regular expression, or a function that works like one.
    pub(crate) fn matcher(&mut self, matcher: &Value, text: Option<&Arc<str>>, frame: usize) -> Result<Option<Match>> {
        let Value::Function(function) = matcher else { return Ok(None) };
        let arguments = text.map(|text| Value::String(text.clone())).into_iter().collect();
        let found = match self.apply(function, arguments, &Value::Null, frame)? {
            Value::Object(found) => found,
            Value::Undefined => return Ok(None),
            Value::Null | Value::Bool(false) => return Ok(None),
            _ => return Err(fault("T1010")),
        };
        self.read_match(&found).map(Some)
    }

    fn read_match(&mut self, found: &Object) -> Result<Match> {
        let member = |name: &str| found.members().get(name).cloned().unwrap_or_default();
        let (start, end) = (member("start"), member("end"));
        let groups = member("groups");
        let next = member("next");
        if !matches!(start, Value::Number(_))
            && !matches!(end, Value::Number(_))
            && !matches!(groups, Value::Array(_))
            && !matches!(next, Value::Function(_))
        {
            return Err(fault("T1010"));
        }
        let place = |value: Value| if let Value::Number(number) = value { number.max(0.0) as usize } else { 0 };
        let text = match member("match") {
            Value::String(text) => text,
            _ => "".into(),
        };
        let groups = if let Value::Array(groups) = groups { groups.list().to_vec() } else { Vec::new() };
        Ok(Match { text, start: place(start), end: place(end), groups, next })
    }

    pub(crate) fn next_match(&mut self, found: &Match, frame: usize) -> Result<Option<Match>> {
        self.matcher(&found.next, None, frame)
    }

    /// `$replace` with a matcher.
    pub(crate) fn replace(
        &mut self,
        text: &Arc<str>,
        pattern: &Value,
        replacement: &Value,
        limit: Option<f64>,
        frame: usize,
    ) -> Result {
        let mut out = String::new();
        if let Value::String(pattern) = pattern {
            let limit = limit.map_or(usize::MAX, |limit| limit.ceil() as usize);
            let Some(replacement) = self.stringify(replacement, false)? else { return Ok(Value::Undefined) };
            let mut position = 0;
            for (at, found) in text.match_indices(&**pattern).take(limit) {
                out.push_str(&text[position..at]);
                out.push_str(&replacement);
                self.charge(1 + replacement.len() / 8)?;
                position = at + found.len();
            }
            out.push_str(&text[position..]);
            self.charge(text.len() / 8)?;
            return Ok(Value::string(out));
        }
        let Some(mut found) = self.matcher(pattern, Some(text), frame)? else { return Ok(Value::String(text.clone())) };
        let mut units = Units::new(text);
        let mut position = 0;
        let mut count = 0.0;
        loop {
            if limit.is_some_and(|limit| count >= limit) {
                break;
            }
            out.push_str(units.slice(position, found.start));
            match replacement {
                Value::String(template) => substitute(template, &found, &mut out),
                Value::Function(function) => {
                    match self.apply(function, vec![found.to_value()], &Value::Null, frame)? {
                        Value::String(text) => out.push_str(&text),
                        _ => return Err(fault("D3012")),
                    }
                }
                _ => return Err(fault("D3012")),
            }
            self.charge(1)?;
            if out.len() > 1 << 28 {
                return Err(fault("D1012"));
            }
            position = found.start + found.text.encode_utf16().count();
            count += 1.0;
            match self.next_match(&found, frame)? {
                Some(next) => found = next,
                None => break,
            }
        }
        out.push_str(units.slice(position, usize::MAX));
        self.charge(out.len() / 8)?;
        Ok(Value::string(out))
    }
}

/// Replaces `$1`, `$2` and so on by the groups.
fn substitute(template: &str, found: &Match, out: &mut String) {
    let groups = &found.groups;
    let most = if groups.is_empty() { 1 } else { groups.len().to_string().len() };
    let mut rest = template;
    while let Some((front, behind)) = rest.split_once('$') {
        out.push_str(front);
        rest = behind;
        match behind.chars().next() {
            Some('$') => {
                out.push('$');
                rest = &behind[1..];
            }
            Some('0') => {
                out.push_str(&found.text);
                rest = &behind[1..];
            }
            Some('1'..='9') => {
                let digits = behind.bytes().take(most).take_while(u8::is_ascii_digit).count();
                let read = |length: usize| behind[..length].parse::<usize>().unwrap_or(0);
                let mut index = read(digits);
                let mut used = digits;
                if digits > 1 && index > groups.len() {
                    used = digits - 1;
                    index = read(used);
                }
                if let Some(Value::String(group)) = index.checked_sub(1).and_then(|index| groups.get(index)) {
                    out.push_str(group);
                }
                rest = &behind[used..];
            }
            _ => out.push('$'),
        }
    }
    out.push_str(rest);
}

/// `$trim`.
pub(crate) fn trim(text: &str) -> String {
    let blank = |sign: char| matches!(sign, ' ' | '\t' | '\n' | '\r');
    text.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of a text that has one byte for each character.
pub(crate) fn base64_encode(text: &str) -> String {
    let bytes: Vec<u8> = text.encode_utf16().map(|unit| unit as u8).collect();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let sign = BASE64[(bits >> (18 - 6 * index) & 63) as usize] as char;
            out.push(if index > chunk.len() { '=' } else { sign });
        }
    }
    out
}

/// The text; none if something in it is not Base64. Padding may be missing.
pub(crate) fn base64_decode(text: &str) -> Option<String> {
    let mut out = String::new();
    let (mut bits, mut count) = (0u32, 0);
    for sign in text.bytes() {
        let sign = match sign {
            b'-' => b'+',
            b'_' => b'/',
            b'=' => break,
            other => other,
        };
        if sign.is_ascii_whitespace() {
            continue;
        }
        let value = BASE64.iter().position(|own| *own == sign)?;
        bits = bits << 6 | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(char::from((bits >> count & 255) as u8));
        }
    }
    Some(out)
}

const UNRESERVED: &str = "-_.!~*'()";
const RESERVED: &str = ";/?:@&=+$,#";

pub(crate) fn encode_url(text: &str, component: bool) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        if sign.is_ascii_alphanumeric() || UNRESERVED.contains(sign) || !component && RESERVED.contains(sign) {
            out.push(sign);
        } else {
            for byte in sign.encode_utf8(&mut [0; 4]).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// Nothing if the text is not encoded correctly.
pub(crate) fn decode_url(text: &str, component: bool) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'%' {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        let digits = text.get(at + 1..at + 3).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        let byte = u8::from_str_radix(digits, 16).ok()?;
        if !component && RESERVED.contains(char::from(byte)) && byte.is_ascii() {
            out.extend_from_slice(&bytes[at..at + 3]);
        } else {
            out.push(byte);
        }
        at += 3;
    }
    String::from_utf8(out).ok()
}

/// The array of texts in a value.
pub(crate) fn texts(array: &Array) -> Vec<&str> {
    array.list().iter().filter_map(|item| if let Value::String(text) = item { Some(&**text) } else { None }).collect()
}
