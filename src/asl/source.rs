//! A text and the places of its values.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use super::StateMachine;
use super::parse::{ParseError, Span, parse_json};
#[cfg(feature = "yaml")]
use super::parse::{TagNames, parse_yaml, to_bytes};
use crate::value::{Json, token_index, unescape_token};

/// The format of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    #[cfg(feature = "yaml")]
    Yaml,
}

impl Format {
    /// The format of a file with this name: YAML if it ends with `.yaml` or `.yml`, otherwise JSON.
    pub fn of_path(path: impl AsRef<Path>) -> Self {
        match path.as_ref().extension().and_then(OsStr::to_str) {
            #[cfg(feature = "yaml")]
            Some(end) if end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml") => Format::Yaml,
            _ => Format::Json,
        }
    }
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The line, starting at 1.
    pub line: usize,
    /// The column in characters, starting at 1.
    pub column: usize,
    /// The bytes of the text.
    pub bytes: Range<usize>,
}

impl Location {
    /// The location of these bytes of the text.
    pub(crate) fn of(text: &str, bytes: Range<usize>) -> Self {
        let before = &text[..bytes.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Self { line, column: column(&before[line_start..]), bytes }
    }
}

/// The column after this beginning of a line. A byte order mark does not count.
fn column(before: &str) -> usize {
    before.chars().filter(|character| *character != '\u{feff}').count() + 1
}

/// A text with a document. It finds the place of each value.
///
/// Places are computed at the first request, so a text without findings only costs its parsing.
#[derive(Debug)]
pub struct Source {
    text: String,
    format: Format,
    #[cfg(feature = "yaml")]
    tags: TagNames,
    places: OnceLock<Option<Places>>,
    marks: OnceLock<Vec<Mark>>,
}

#[derive(Debug)]
struct Places {
    json: Json,
    root: Span,
    /// For objects with many members: their first byte, and the index of each member.
    indices: HashMap<usize, HashMap<String, usize>>,
}

/// The first byte of a character, with its line and column.
#[derive(Debug, Clone, Copy)]
struct Mark {
    byte: usize,
    line: usize,
    column: usize,
}

impl Mark {
    /// The number of bytes between two marks. A column is counted from the previous mark, so the cost does not depend
    /// on the length of the line.
    const STEP: usize = 256;

    const START: Self = Self { byte: 0, line: 1, column: 1 };

    /// The mark after the character.
    fn behind(self, character: char) -> Self {
        let byte = self.byte + character.len_utf8();
        match character {
            '\n' => Self { byte, line: self.line + 1, column: 1 },
            // A byte order mark does not count.
            '\u{feff}' => Self { byte, ..self },
            _ => Self { byte, column: self.column + 1, ..self },
        }
    }
}

/// The members of each object that has many. A small object is faster to search without an index.
fn indices(json: &Json, root: &Span) -> HashMap<usize, HashMap<String, usize>> {
    const MANY: usize = 16;
    let (mut indices, mut open) = (HashMap::new(), vec![(json, root)]);
    while let Some((json, span)) = open.pop() {
        match json {
            Json::Object(object) => {
                if object.len() >= MANY {
                    let names = object.names().enumerate().map(|(at, name)| (name.into(), at));
                    indices.insert(span.bytes.start, names.collect());
                }
                open.extend(object.iter().map(|(_, value)| value).zip(&span.children));
            }
            Json::Array(elements) => open.extend(elements.iter().zip(&span.children)),
            _ => {}
        }
    }
    indices
}

impl Source {
    /// A text in this format.
    pub fn new(text: impl Into<String>, format: Format) -> Self {
        Self {
            text: text.into(),
            format,
            #[cfg(feature = "yaml")]
            tags: |_| None,
            places: OnceLock::new(),
            marks: OnceLock::new(),
        }
    }

    /// Converts YAML tags to objects with one member: `!Sub x` becomes `{"Fn::Sub": "x"}` if `tags("Sub")` returns
    /// `Fn::Sub`. A tag for which `tags` returns `None` is an error.
    #[cfg(feature = "yaml")]
    pub fn with_tags(self, tags: fn(&str) -> Option<String>) -> Self {
        Self { tags, places: OnceLock::new(), ..self }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Parses the document as a tree.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid in its format, or exceeds the [limits](super#limits).
    pub fn parse(&self) -> Result<Json, ParseError> {
        match self.format {
            Format::Json => Ok(parse_json::<()>(&self.text)?.0),
            #[cfg(feature = "yaml")]
            Format::Yaml => Ok(parse_yaml::<()>(&self.text, self.tags)?.0),
        }
    }

    /// Parses the document as a state machine.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`parse`](Self::parse). Errors in the definition are found by the checker, not here.
    pub fn state_machine(&self) -> Result<StateMachine, ParseError> {
        self.parse().map(StateMachine::new)
    }

    /// The location of the value at this JSON Pointer. `None` if there is no such value.
    pub fn locate(&self, pointer: &str) -> Option<Location> {
        self.find(pointer).map(|span| self.location(span.bytes.clone()))
    }

    /// The location of the value at this JSON Pointer. If the value is absent, the location of its nearest existing
    /// parent. `None` only if the text cannot be parsed.
    pub fn locate_nearest(&self, pointer: &str) -> Option<Location> {
        let shorter = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
        shorter.chain([""]).find_map(|pointer| self.locate(pointer))
    }

    /// The location of the name of the member at this JSON Pointer. `None` for an element of an array.
    pub fn locate_key(&self, pointer: &str) -> Option<Location> {
        self.find(pointer)?.key.as_ref().map(|key| self.location(key.clone()))
    }

    fn places(&self) -> Option<&Places> {
        let places = self.places.get_or_init(|| {
            let (json, root) = match self.format {
                Format::Json => parse_json(&self.text).ok()?,
                #[cfg(feature = "yaml")]
                Format::Yaml => {
                    let (json, mut root) = parse_yaml(&self.text, self.tags).ok()?;
                    to_bytes(&self.text, &mut root);
                    (json, root)
                }
            };
            let indices = indices(&json, &root);
            Some(Places { json, root, indices })
        });
        places.as_ref()
    }

    fn find(&self, pointer: &str) -> Option<&Span> {
        let places = self.places()?;
        let (mut json, mut span) = (&places.json, &places.root);
        if pointer.is_empty() {
            return Some(span);
        }
        for token in pointer.strip_prefix('/')?.split('/') {
            let (at, value) = match json {
                Json::Object(object) => {
                    let name = unescape_token(token);
                    let at = match places.indices.get(&span.bytes.start) {
                        Some(index) => *index.get(name.as_ref())?,
                        None => object.names().position(|key| key == name)?,
                    };
                    (at, object.at(at)?)
                }
                Json::Array(elements) => {
                    let at = token_index(token)?;
                    (at, elements.get(at)?)
                }
                _ => return None,
            };
            json = value;
            span = span.children.get(at)?;
        }
        Some(span)
    }

    /// The line and column of these bytes of the text.
    pub fn location(&self, bytes: Range<usize>) -> Location {
        let marks = self.marks.get_or_init(|| {
            let mut marks = vec![Mark::START];
            self.text.chars().fold(Mark::START, |mark, character| {
                if mark.byte >= marks.len() * Mark::STEP {
                    marks.push(mark);
                }
                mark.behind(character)
            });
            marks
        });
        let before = marks.partition_point(|mark| mark.byte <= bytes.start).saturating_sub(1);
        let mark = marks.get(before).copied().unwrap_or(Mark::START);
        let rest = self.text.get(mark.byte..bytes.start).unwrap_or_default();
        let Mark { line, column, .. } = rest.chars().fold(mark, Mark::behind);
        Location { line, column, bytes }
    }
}
