//! The JSON parser.

use std::borrow::Cow;
use std::ops::Range;

use super::names::Names;
use super::span::Track;
use super::{MAX_DEPTH, ParseError, check_length, too_deep};
use crate::value::{Json, Number, Object, Text};

/// Parses one JSON value. A byte order mark may come first.
pub(in crate::asl) fn parse_json<T: Track>(text: &str) -> Result<(Json, T), ParseError> {
    check_length(text)?;
    let mut parser = Parser { text, at: 0, depth: 0 };
    parser.eat("\u{feff}");
    parser.skip_space()?;
    let value = parser.value()?;
    parser.skip_space()?;
    match parser.peek() {
        None => Ok(value),
        Some(b'}' | b']') => parser.fail("this closing bracket has no opening bracket"),
        Some(_) => parser.fail("unexpected text after the end of the document"),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, ParseError>;

/// An array or an object with the spans of its children.
type Collection<T> = (Json, Vec<T>);

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        self.fail_at(self.at, message)
    }

    fn fail_at<T>(&self, at: usize, message: impl Into<String>) -> Parsed<T> {
        Err(ParseError::new(self.text, at, message))
    }

    /// The next part of the text, for a message.
    fn found(&self) -> Cow<'static, str> {
        match self.rest().chars().next() {
            None => "the end of the text".into(),
            Some('"') => "a string".into(),
            Some(character) if character.is_control() || character.is_whitespace() => {
                format!("the character U+{:04X}", u32::from(character)).into()
            }
            Some(character) => format!("`{character}`").into(),
        }
    }

    fn skip_space(&mut self) -> Parsed<()> {
        let space = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += space;
        if self.rest().starts_with("//") || self.rest().starts_with("/*") {
            return self.fail("JSON has no comments: write the text in a `Comment` field");
        }
        Ok(())
    }

    fn value<T: Track>(&mut self) -> Parsed<(Json, T)> {
        let start = self.at;
        let json = match self.peek() {
            Some(b'{') => return self.nested(Self::object),
            Some(b'[') => return self.nested(Self::array),
            Some(b'"') => Json::String(self.string()?.into_owned().into()),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'$') => self.placeholder()?,
            _ => self.word()?,
        };
        Ok((json, T::value(start..self.at, Vec::new())))
    }

    fn nested<T: Track>(&mut self, read: fn(&mut Self) -> Parsed<Collection<T>>) -> Parsed<(Json, T)> {
        let start = self.at;
        if self.depth == MAX_DEPTH {
            return self.fail(too_deep());
        }
        self.depth += 1;
        self.at += 1;
        let (json, children) = read(self)?;
        self.depth -= 1;
        Ok((json, T::value(start..self.at, children)))
    }

    fn array<T: Track>(&mut self) -> Parsed<Collection<T>> {
        let (mut elements, mut children) = (Vec::new(), Vec::new());
        self.skip_space()?;
        if self.eat("]") {
            return Ok((Json::from(elements), children));
        }
        loop {
            let (element, child) = self.value()?;
            elements.push(element);
            children.push(child);
            if self.ends(b']')? {
                return Ok((Json::from(elements), children));
            }
        }
    }

    fn object<T: Track>(&mut self) -> Parsed<Collection<T>> {
        let (mut object, mut children, mut names) = (Object::new(), Vec::new(), Names::default());
        self.skip_space()?;
        if self.eat("}") {
            return Ok((Json::Object(object), children));
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.fail(format!("expected a name in double quotation marks, found {}", self.found()));
            }
            let name = self.string()?;
            let key: Range<usize> = start..self.at;
            if !names.add(&object, &name) {
                return self.fail_at(start, Names::given_twice(&name));
            }
            self.skip_space()?;
            if !self.eat(":") {
                return self.fail(format!("expected `:` after the name `{name}`, found {}", self.found()));
            }
            self.skip_space()?;
            let (value, child) = self.value::<T>()?;
            object.push(Text::Owned(name.into_owned()), value);
            children.push(child.with_key(key));
            if self.ends(b'}')? {
                return Ok((Json::Object(object), children));
            }
        }
    }

    /// Whether the array or the object ends here. If not, the comma has been read and another element or member
    /// follows.
    fn ends(&mut self, close: u8) -> Parsed<bool> {
        self.skip_space()?;
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space()?;
                if self.peek() == Some(close) {
                    return self.fail_at(comma, format!("nothing follows this comma before `{}`", char::from(close)));
                }
                Ok(false)
            }
            _ => self.fail(format!("expected `,` or `{}`, found {}", char::from(close), self.found())),
        }
    }

    /// A string, borrowed from the text if it has no escapes.
    fn string(&mut self) -> Parsed<Cow<'t, str>> {
        let start = self.at;
        let mut plain = true;
        self.at += 1;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
            match self.peek() {
                Some(b'"') => break,
                // An escaped character, such as a quotation mark, does not end the string.
                Some(b'\\') if rest.len() > 1 => {
                    plain = false;
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
                Some(b'\n' | b'\r') => {
                    return self.fail_at(start, "this string has no closing quotation mark on its line");
                }
                None | Some(b'\\') => return self.fail_at(start, "this string has no closing quotation mark"),
                Some(byte) => {
                    return self.fail(format!("the control character U+{byte:04X} must be escaped in a string"));
                }
            }
        }
        self.at += 1;
        let quoted = &self.text[start..self.at];
        if plain {
            return Ok(Cow::Borrowed(&quoted[1..quoted.len() - 1]));
        }
        match serde_json::from_str(quoted) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(error) => {
                let at = (start + error.column()).saturating_sub(1);
                let at = (start..=at).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(start);
                self.fail_at(at, "JSON has no such escape sequence")
            }
        }
    }

    fn number(&mut self) -> Parsed<Json> {
        let start = self.at;
        let part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        self.at += self.rest().bytes().take_while(|byte| part(byte)).count();
        let text = &self.text[start..self.at];
        match Number::from_text(text) {
            Some(number) => Ok(Json::Number(number)),
            None => self.fail_at(start, format!("`{text}` is not a valid JSON number")),
        }
    }

    /// `${Name}`: the template replaces it with a JSON value at deployment.
    fn placeholder(&mut self) -> Parsed<Json> {
        let start = self.at;
        if self.eat("${") {
            let name = self.rest().split(['{', '}', '\n', '\r']).next().unwrap_or_default();
            self.at += name.len();
            if !name.trim().is_empty() && self.eat("}") {
                return Ok(Json::Placeholder(Text::Owned(name.to_owned())));
            }
        }
        self.fail_at(start, "expected a value: write a path in quotation marks, and a placeholder as `${Name}`")
    }

    fn word(&mut self) -> Parsed<Json> {
        let word = self.rest().split(|character: char| !character.is_alphanumeric() && character != '_').next();
        let word = word.unwrap_or_default();
        let json = match word {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            "null" => Json::Null,
            "" if self.peek() == Some(b'\'') => return self.fail("JSON strings need double quotation marks"),
            "" if self.peek() == Some(b',') => return self.fail("a value is missing before this comma"),
            "" => return self.fail(format!("expected a value, found {}", self.found())),
            _ => return self.fail(format!("`{word}` is not a value: write text in double quotation marks")),
        };
        self.at += word.len();
        Ok(json)
    }
}
