//! A file: its text, and the kind of its document.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sfn_tasks::asl::{Format, MAX_LENGTH, ParseError, Source};
use sfn_tasks::template::{Root, Template};
use sfn_tasks::value::Json;

use super::definition::Fault;
use super::reach::is_handed_over;
use super::{beside, homes, is_stdin};
use crate::output::reason;

/// How many bytes of a file are read. The file can be a device without an end.
const MOST: u64 = MAX_LENGTH as u64 + 1;

/// A file that has been read.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    source: Source,
}

/// The kind of a document.
pub(super) enum Content {
    /// A template of any kind.
    Template(Template),
    /// A Terraform file.
    Terraform,
    /// A definition, or any other document.
    Other(Json),
}

/// A file that has been parsed.
pub(super) struct Parsed {
    pub(super) file: File,
    pub(super) content: Content,
    /// Faults in a template, outside of its state machines.
    pub(super) beside: Vec<Fault>,
}

/// How many faults of a template are skipped to read its state machines.
const MOST_BESIDE: usize = 8;

impl File {
    /// Reads a file, or the standard input for `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let mut bytes = Vec::new();
        let read = if is_stdin(path) {
            io::stdin().lock().take(MOST).read_to_end(&mut bytes)
        } else if is_handed_over(path) {
            fs::File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes))
        } else {
            return Self::read_regular(path);
        };
        let fail = |why: &str| format!("{} cannot be read: {why}", name_of(path));
        read.map_err(|error| fail(&reason(&error)))?;
        if bytes.len() > MAX_LENGTH {
            return Err(fail(&format!("it has more than {MAX_LENGTH} bytes")));
        }
        let text = String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8 text"))?;
        Ok(Self::of(path, text))
    }

    /// Reads a regular file of bounded size.
    pub(super) fn read_regular(path: &Path) -> Result<Self, String> {
        Ok(Self::of(path, Root::read(path)?))
    }

    fn of(path: &Path, text: String) -> Self {
        let format = format_of(path, &text);
        Self { path: path.to_owned(), source: Source::new(text, format) }
    }

    /// The name in messages.
    pub(crate) fn name(&self) -> String {
        name_of(&self.path)
    }

    /// The path; `-` is the standard input.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The absolute path without symbolic links.
    pub(super) fn real_path(&self) -> Option<PathBuf> {
        fs::canonicalize(&self.path).ok()
    }

    /// The text, with the positions of its values.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// Whether it can contain a definition. This is a quick test before parsing.
    pub(super) fn may_hold_definition(&self) -> bool {
        let text = self.source.text();
        let is_asl = self.path.to_string_lossy().contains(".asl");
        is_asl || ["StartAt", "::StateMachine", "aws_sfn_state_machine"].iter().any(|word| text.contains(word))
    }

    /// Whether its name shows that it is meant as a definition.
    pub(super) fn is_meant_as_definition(&self) -> bool {
        is_stdin(&self.path) || self.path.to_string_lossy().contains(".asl")
    }

    /// Parses the text, with CloudFormation's tags if it is a template. If a template has faults outside of its state
    /// machines, the state machines are still read.
    pub(super) fn parse(self) -> Result<Parsed, Box<Fault>> {
        if self.path.extension().is_some_and(|end| end == "tf") {
            return Ok(Parsed { file: self, content: Content::Terraform, beside: Vec::new() });
        }
        let (mut file, mut beside) = (self, Vec::new());
        loop {
            let (read, error) = match file.read_text() {
                Ok((file, content)) => return Ok(Parsed { file, content, beside }),
                Err(failed) => *failed,
            };
            let location = error.location().clone();
            let is_given_twice = error.message().starts_with("the object has two members with the name");
            let rest = beside::without(read.source.text(), location.bytes.start, is_given_twice)
                .filter(|_| beside.len() < MOST_BESIDE);
            let next = rest.map(|text| Self { path: read.path.clone(), source: Source::new(text, Format::Yaml) });
            let fault =
                Fault { file: Rc::new(read), location, message: error.message().to_owned(), is_beside: next.is_some() };
            match next {
                Some(next) => {
                    beside.push(fault);
                    file = next;
                }
                // Report the first of several faults.
                None => {
                    return Err(Box::new(match beside.into_iter().next() {
                        Some(first) => Fault { is_beside: false, ..first },
                        None => fault,
                    }));
                }
            }
        }
    }

    fn read_text(self) -> Result<(Self, Content), Box<(Self, ParseError)>> {
        let content = |json| match homes::template(json) {
            Ok(template) => Content::Template(template),
            Err(json) => Content::Other(json),
        };
        if self.source.format() == Format::Yaml && self.source.text().contains('!') {
            let source = Source::new(self.source.text(), Format::Yaml).with_tags(function_of_tag);
            match source.parse().map(homes::template) {
                Ok(Ok(template)) => return Ok((Self { source, ..self }, Content::Template(template))),
                // It is not a template, so it is parsed again without tags.
                Ok(Err(_)) => {}
                Err(error) => return Err(Box::new((self, error))),
            }
        }
        match self.source.parse() {
            Ok(json) => Ok((self, content(json))),
            Err(error) => Err(Box::new((self, error))),
        }
    }
}

fn name_of(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// The format by the file name. A template can have any extension, so if the name has neither the extension of JSON nor of
/// YAML, text that does not begin with `{` is YAML.
fn format_of(path: &Path, text: &str) -> Format {
    let is_called_json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    match Format::of_path(path) {
        Format::Json if !is_called_json && !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') => {
            Format::Yaml
        }
        format => format,
    }
}

/// The long form of a tag of CloudFormation: `!Sub` is `Fn::Sub`.
fn function_of_tag(tag: &str) -> Option<String> {
    Some(match tag {
        "Ref" | "Condition" => tag.to_owned(),
        _ => format!("Fn::{tag}"),
    })
}

/// Whether the document is meant as a definition.
pub(super) fn is_definition(json: &Json) -> bool {
    json.get("StartAt").is_some() || json.get("States").is_some()
}
