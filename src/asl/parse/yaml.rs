//! The YAML parser, with the core schema of YAML 1.2.
//!
//! Features that JSON does not have are either converted (aliases are expanded) or rejected with a reason (a mapping
//! as a key, a merge key, infinity). `${Name}` without quotation marks is a string, as in every YAML parser.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Marks, StrInput, Tag};

use super::names::Names;
use super::scalar::resolve;
use super::span::{Span, Track};
use super::{MAX_DEPTH, MAX_LENGTH, ParseError, check_length, too_deep};
use crate::value::{Json, Object, Text};

/// Returns the name of the member that a tag stands for: CloudFormation's `!Sub x` is short for `{"Fn::Sub": "x"}`.
/// `None` if the tag is unknown.
pub(in crate::asl) type TagNames = fn(&str) -> Option<String>;

/// Parses one YAML document.
pub(in crate::asl) fn parse_yaml<T: Track>(text: &str, tags: TagNames) -> Result<(Json, T), ParseError> {
    check_length(text)?;
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[mark..];
    let compose = |body: &str| {
        let composer = Composer {
            parser: Parser::new_from_str(body),
            tags,
            open: Vec::new(),
            anchors: HashMap::new(),
            room: MAX_LENGTH,
            root: None,
        };
        composer.compose()
    };
    let composed = compose(body).or_else(|fault| retry_with_lines_joined(body, fault, compose));
    // The YAML parser counts characters, not bytes.
    composed.map_err(|(at, message)| {
        let offset = body.char_indices().nth(at).map_or(body.len(), |(offset, _)| offset);
        ParseError::new(text, mark + offset, message)
    })
}

/// Parses again, and joins lines inside brackets where the YAML parser rejects their indentation.
///
/// In YAML 1.2, everything between brackets, and the closing bracket itself, must be indented more than the name
/// before them. Many people write the bracket directly below the name, and the parsers of CloudFormation and of most
/// other tools accept that. Between brackets, a line break means the same as a space. A space in its place does not
/// move any other text.
fn retry_with_lines_joined<T>(
    body: &str,
    fault: (usize, String),
    compose: impl Fn(&str) -> Composed<T>,
) -> Composed<T> {
    const MOST: usize = 256;
    let mut body = body.to_owned();
    let (mut at, mut message) = fault;
    for _ in 0..MOST {
        if message != "invalid indentation" || !join_lines(&mut body, at) {
            break;
        }
        match compose(&body) {
            Ok(composed) => return Ok(composed),
            Err(fault) => (at, message) = fault,
        }
    }
    Err((at, message))
}

/// Replaces the line breaks before this character by spaces, if both lines are probably inside brackets.
fn join_lines(body: &mut String, at: usize) -> bool {
    let Some((offset, character)) = body.char_indices().nth(at) else { return false };
    let before = body[..offset].trim_end();
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    let is_within_brackets = matches!(character, ']' | '}') || last_line.ends_with(['[', '{', ',']);
    // A comment would hide the text that follows it.
    if before.len() == offset || !is_within_brackets || last_line.contains('#') {
        return false;
    }
    let gap = before.len()..offset;
    let spaces = body[gap.clone()].chars().map(|_| ' ').collect::<String>();
    body.replace_range(gap, &spaces);
    true
}

/// Converts the positions of the YAML parser, which are in characters, to bytes.
pub(in crate::asl) fn to_bytes(text: &str, span: &mut Span) {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut offsets: Vec<usize> = text[mark..].char_indices().map(|(offset, _)| mark + offset).collect();
    offsets.push(text.len());
    span.map(&|at| offsets.get(at).copied().unwrap_or(text.len()));
}

type Composed<T> = Result<T, (usize, String)>;

fn fail<T>(at: Marker, message: impl Into<String>) -> Composed<T> {
    Err((at.index(), message.into()))
}

struct Composer<'t, T> {
    parser: Parser<'t, StrInput<'t>>,
    tags: TagNames,
    open: Vec<Open<'t, T>>,
    anchors: HashMap<usize, Anchor>,
    /// The number of bytes that aliases can still add. Without a limit, a few lines could expand to gigabytes.
    room: usize,
    root: Option<(Json, T)>,
}

/// An array or an object that is not complete yet.
struct Open<'t, T> {
    collection: Collection<'t>,
    children: Vec<T>,
    start: usize,
    /// The end of its last child, because a block has no closing bracket.
    end: usize,
    anchor: usize,
    tag: Option<String>,
}

enum Collection<'t> {
    Array(Vec<Json>),
    Object { object: Object, names: Names, key: Option<(Cow<'t, str>, Range<usize>)> },
}

/// A value with an anchor, which aliases can repeat.
struct Anchor {
    json: Json,
    depth: usize,
    size: usize,
}

impl<'t, T: Track> Composer<'t, T> {
    fn compose(mut self) -> Composed<(Json, T)> {
        while let Some(event) = self.parser.next_event() {
            let (event, marks) = event.map_err(syntax)?;
            match event {
                Event::DocumentStart(_) if self.root.is_some() => {
                    return fail(marks.start, "a second document starts here, but a definition is a single document");
                }
                Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag, marks)?,
                Event::SequenceStart(anchor, tag) => {
                    self.begin(Collection::Array(Vec::new()), anchor, tag, marks)?;
                }
                Event::MappingStart(anchor, tag) => {
                    let object = Collection::Object { object: Object::new(), names: Names::default(), key: None };
                    self.begin(object, anchor, tag, marks)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(marks)?,
                Event::Alias(anchor) => self.alias(anchor, marks)?,
                _ => {}
            }
        }
        match self.root {
            Some(root) => Ok(root),
            None => Err((0, "the text is empty".to_owned())),
        }
    }

    /// Whether the next scalar is a name and not a value.
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { collection: Collection::Object { key: None, .. }, .. }))
    }

    fn begin(
        &mut self,
        collection: Collection<'t>,
        anchor: usize,
        tag: Option<Cow<'t, Tag>>,
        marks: Marks,
    ) -> Composed<()> {
        if self.wants_key() {
            return fail(marks.start, "a name must be a string, not an array or an object");
        }
        if self.open.len() == MAX_DEPTH {
            return fail(marks.start, too_deep());
        }
        let tag = match tag {
            Some(tag) if tag.is_yaml_core_schema() && matches!(tag.suffix.as_str(), "map" | "seq") => None,
            Some(tag) => Some(self.tag(&tag, marks)?),
            None => None,
        };
        let start = marks.start.index();
        self.open.push(Open { collection, children: Vec::new(), start, end: start, anchor, tag });
        Ok(())
    }

    fn end(&mut self, marks: Marks) -> Composed<()> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let json = match open.collection {
            Collection::Array(elements) => Json::from(elements),
            Collection::Object { object, .. } => Json::Object(object),
        };
        // Only a flow collection has a closing bracket.
        let end = if marks.is_empty() { open.end } else { marks.end.index() };
        self.put(json, open.start..end.max(open.end), open.children, open.anchor, open.tag, marks.start)
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'t, Tag>>,
        marks: Marks,
    ) -> Composed<()> {
        let plain = style == ScalarStyle::Plain;
        if self.wants_key() {
            if plain && text == "<<" {
                return fail(marks.start, "YAML 1.2 has no merge key `<<`: repeat the members here");
            }
            if plain && text.is_empty() {
                return fail(marks.start, "a name is missing before this `:`");
            }
            if tag.is_some_and(|tag| !tag.is_yaml_core_schema()) {
                return fail(marks.start, "a name cannot have a tag");
            }
            return self.key(text, marks.start.index()..marks.end.index());
        }
        let core = tag.as_deref().filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
        let resolved = match core {
            Some("str") => Ok(Json::String(owned(text))),
            Some("null" | "bool" | "int" | "float") => resolve(text),
            _ if plain => resolve(text),
            _ => Ok(Json::String(owned(text))),
        };
        let json = resolved.or_else(|why| fail(marks.start, why))?;
        let tag = match (&json, core, &tag) {
            (_, _, None) | (Json::String(_), Some("str"), _) => None,
            (Json::Null, Some("null"), _) | (Json::Bool(_), Some("bool"), _) => None,
            (Json::Number(_), Some("int" | "float"), _) => None,
            (_, _, Some(tag)) => Some(self.tag(tag, marks)?),
        };
        self.put(json, marks.start.index()..marks.end.index(), Vec::new(), anchor, tag, marks.start)
    }

    fn key(&mut self, name: Cow<'t, str>, bytes: Range<usize>) -> Composed<()> {
        if let Some(Open { collection: Collection::Object { object, names, key }, .. }) = self.open.last_mut() {
            if !names.add(object, &name) {
                return Err((bytes.start, Names::given_twice(&name)));
            }
            *key = Some((name, bytes));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, marks: Marks) -> Composed<()> {
        // The value of an anchor is only known at its end. An alias inside the value would be endless.
        let Some(Anchor { json, depth, size }) = self.anchors.get(&anchor) else {
            return fail(marks.start, "this alias is inside the value that it repeats");
        };
        if self.open.len() + depth > MAX_DEPTH {
            return fail(marks.start, too_deep());
        }
        let (json, size) = (json.clone(), *size);
        self.take_room(size, marks.start)?;
        let place = marks.start.index()..marks.end.index();
        if !self.wants_key() {
            return self.put(json, place, Vec::new(), 0, None, marks.start);
        }
        match json {
            Json::String(name) => self.key(name, place),
            other => fail(marks.start, format!("a name must be a string, but this alias stands for {}", other.kind())),
        }
    }

    fn take_room(&mut self, size: usize, at: Marker) -> Composed<()> {
        match self.room.checked_sub(size) {
            Some(room) => self.room = room,
            None => {
                return fail(at, format!("with its aliases expanded, the document is larger than {MAX_LENGTH} bytes"));
            }
        }
        Ok(())
    }

    /// Adds a complete value to its parent.
    fn put(
        &mut self,
        json: Json,
        place: Range<usize>,
        children: Vec<T>,
        anchor: usize,
        tag: Option<String>,
        at: Marker,
    ) -> Composed<()> {
        let (mut json, mut track) = (json, T::value(place.clone(), children));
        if let Some(name) = tag {
            let mut object = Object::with_capacity(1);
            object.push(name, json);
            json = Json::Object(object);
            track = T::value(place.clone(), vec![track.with_key(place.clone())]);
        }
        if anchor != 0 {
            let (depth, size) = measure(&json);
            if depth > MAX_DEPTH {
                return fail(at, too_deep());
            }
            self.take_room(size, at)?;
            self.anchors.insert(anchor, Anchor { json: json.clone(), depth, size });
        }
        match self.open.last_mut() {
            None => self.root = Some((json, track)),
            Some(open) => {
                open.end = open.end.max(place.end);
                match &mut open.collection {
                    Collection::Array(elements) => {
                        elements.push(json);
                        open.children.push(track);
                    }
                    Collection::Object { object, key, .. } => {
                        if let Some((name, bytes)) = key.take() {
                            object.push(owned(name), json);
                            open.children.push(track.with_key(bytes));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn tag(&self, tag: &Tag, marks: Marks) -> Composed<String> {
        let known = if tag.handle == "!" { (self.tags)(&tag.suffix) } else { None };
        let written = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
        known.map_or_else(|| fail(marks.start, format!("the tag `{written}` is not allowed here")), Ok)
    }
}

fn syntax(error: ScanError) -> (usize, String) {
    (error.marker().index(), error.info().to_owned())
}

fn owned(text: Cow<'_, str>) -> Text {
    Text::Owned(text.into_owned())
}

/// The depth of the value, and its approximate size in bytes.
fn measure(json: &Json) -> (usize, usize) {
    let (mut deepest, mut size) = (0, 0);
    let mut open = vec![(json, 0)];
    while let Some((json, depth)) = open.pop() {
        size += size_of::<Json>();
        match json {
            Json::String(text) => size += text.len(),
            Json::Array(elements) => {
                deepest = deepest.max(depth + 1);
                open.extend(elements.iter().map(|element| (element, depth + 1)));
            }
            Json::Object(object) => {
                deepest = deepest.max(depth + 1);
                size += object.names().map(str::len).sum::<usize>();
                open.extend(object.iter().map(|(_, value)| (value, depth + 1)));
            }
            _ => {}
        }
    }
    (deepest, size)
}
