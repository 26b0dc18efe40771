//! The state machines of a Terraform file. `hcl-edit` parses it. Of its expressions, only those that can contain a
//! definition are evaluated: heredocs, `jsonencode`, `file`, `templatefile` and locals. Any other becomes a placeholder.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey, TraversalOperator};
use hcl_edit::parser::{parse_body, parse_expr};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::{Element, Template as Text};
use sfn_tasks::asl::{Format, Source};
use sfn_tasks::template::{Definition, Resource, Template};
use sfn_tasks::value::{Json, Number, Object, escape_token};

use super::definition::{Places, Span};
use super::homes::{MACHINE as KIND, Words};
use super::{Fault, File, Found, template};

/// The Terraform type of a state machine.
pub(super) const MACHINE: &str = "aws_sfn_state_machine";

/// Terraform's names for the properties of a state machine.
pub(super) const WORDS: Words = Words {
    log: "logging_configuration",
    trace: "tracing_configuration",
    key: ("encryption_configuration", "kms_key_id"),
};

/// How many `local` references are followed in a row.
const MOST_LOCALS: usize = 4;

/// The positions of definitions, by the names of their state machines.
pub(super) type Homes = HashMap<String, Home>;

/// The position of a definition in a Terraform file.
pub(super) struct Home {
    bytes: Range<usize>,
    pub(super) places: Option<Places>,
}

impl Home {
    /// The position in messages.
    pub(super) fn place(&self, file: &File) -> String {
        let location = file.source().location(self.bytes.clone());
        format!("{}:{}:{}", file.name(), location.line, location.column)
    }
}

/// The definitions of all state machines in the file.
pub(super) fn definitions(file: &Rc<File>) -> Found {
    let text = file.source().text();
    let body = match parse_body(text) {
        Ok(body) => body,
        Err(error) => {
            let (place, message) = (error.location(), error.message());
            let note = format!("{}:{}:{}: {message}", file.name(), place.line(), place.column());
            return Found { notes: vec![format!("{note}; the file is skipped")], ..Found::default() };
        }
    };
    let mut reading = Reading { text, body: &body, resources: Vec::new(), homes: Homes::new(), faults: Vec::new() };
    body.blocks().for_each(|block| reading.block(block, file));
    let Reading { resources, mut homes, faults, .. } = reading;
    let mut found = template::definitions(file, Template::of_resources(Json::Null, resources), &mut homes);
    found.definitions.extend(faults.into_iter().map(Err));
    found
}

/// Adds the definition in an expression to the properties of a state machine.
pub(super) fn expression(text: &str, properties: &mut Json) {
    let (Ok(read), Json::Object(properties)) = (parse_expr(text), properties) else { return };
    let mut written = Written::default();
    written.read(&read, text, &Body::new(), 0);
    written.put(properties);
}

struct Reading<'t> {
    text: &'t str,
    body: &'t Body,
    resources: Vec<Resource>,
    homes: Homes,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn block(&mut self, block: &Block, file: &Rc<File>) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let attribute = |body: &Body, name: &str| body.get_attribute(name).map(|found| found.value.clone());
        let id = match (block.ident.as_str(), labels.as_slice()) {
            ("resource", [MACHINE, name]) => format!("{MACHINE}.{name}"),
            // The most used module for state machines.
            ("module", [name]) => match attribute(&block.body, "source") {
                Some(Expression::String(source)) if source.contains("step-functions") => format!("module.{name}"),
                _ => return,
            },
            _ => return,
        };
        let Some(definition) = attribute(&block.body, "definition") else { return };
        let mut own = Object::new();
        let plain = |value: &Expression| convert(value, self.text, &mut String::new(), &mut BTreeMap::new());
        for found in block.body.attributes().filter(|found| found.key.as_str() != "definition") {
            own.insert(found.key.as_str().to_owned(), plain(&found.value));
        }
        for inner in block.body.blocks() {
            let members = inner.body.attributes().map(|found| (found.key.as_str().to_owned(), plain(&found.value)));
            own.insert(inner.ident.as_str().to_owned(), members.collect::<Object>());
        }
        let mut written = Written { bytes: definition.span().unwrap_or(0..0), ..Written::default() };
        written.read(&definition, self.text, self.body, 0);
        let Json::Object(mut properties) = WORDS.properties(&own.into()) else { return };
        if let Some(fault) = written.fault.take() {
            self.faults.push(Fault { file: file.clone(), is_beside: false, ..fault.in_file(file) });
            return;
        }
        written.put(&mut properties);
        self.homes.insert(id.clone(), Home { bytes: written.bytes, places: written.places });
        let pointer = format!("/{}", escape_token(&id));
        self.resources.push(Resource::new(id, KIND, pointer, properties.into()));
    }
}

/// The definition in an expression.
#[derive(Default)]
struct Written {
    bytes: Range<usize>,
    definition: Option<Json>,
    places: Option<Places>,
    file: Option<String>,
    values: Object,
    fault: Option<Broken>,
}

/// A heredoc that is not JSON.
struct Broken {
    bytes: Range<usize>,
    message: String,
}

impl Broken {
    fn in_file(self, file: &Rc<File>) -> Fault {
        let location = file.source().location(self.bytes);
        Fault { file: file.clone(), location, message: self.message, is_beside: false }
    }
}

impl Written {
    fn put(&mut self, properties: &mut Object) {
        properties.insert("definition", self.definition.take().unwrap_or_default());
        if let Some(file) = self.file.take() {
            properties.remove("definition");
            properties.insert("DefinitionUri", file);
            properties.insert("DefinitionSubstitutions", std::mem::take(&mut self.values));
        }
    }

    fn read(&mut self, expression: &Expression, text: &str, body: &Body, depth: usize) {
        match expression {
            Expression::Parenthesis(inner) => self.read(inner.inner(), text, body, depth),
            Expression::HeredocTemplate(heredoc) => {
                let span = expression.span().unwrap_or(0..0);
                if let Some(overlay) = overlay(text, span, heredoc.delimiter.as_str()) {
                    self.text(overlay);
                }
            }
            Expression::String(_) | Expression::StringTemplate(_) => {
                let written = convert(expression, text, &mut String::new(), &mut BTreeMap::new());
                let source = written.as_str().map(|text| Source::new(text, Format::Json));
                if let Some(Ok(json)) = source.map(|source| source.parse()) {
                    self.definition = Some(json);
                    let span = Span { name: None, value: self.bytes.clone() };
                    self.places = Some(Places::Spans(BTreeMap::from([(String::new(), span)])));
                }
            }
            Expression::FuncCall(call) => self.call(call, text, body, depth),
            Expression::Traversal(traversal) if depth < MOST_LOCALS => {
                let name = match (&traversal.expr, traversal.operators.as_slice()) {
                    (Expression::Variable(root), [one]) if root.as_str() == "local" => match one.value() {
                        TraversalOperator::GetAttr(name) => name.as_str(),
                        _ => return,
                    },
                    _ => return,
                };
                let locals = body.get_blocks("locals").find_map(|block| block.body.get_attribute(name));
                if let Some(local) = locals {
                    self.bytes = local.value.span().unwrap_or(0..0);
                    self.read(&local.value, text, body, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, overlay: String) {
        let source = Source::new(overlay, Format::Json);
        match source.parse() {
            Ok(json) => {
                self.definition = Some(json.clone());
                self.places = Some(Places::Text(Box::new((source, Definition::whole(json)))));
            }
            Err(error) => {
                let bytes = error.location().bytes.clone();
                self.fault = Some(Broken { bytes, message: error.message().to_owned() });
            }
        }
    }

    fn call(&mut self, call: &FuncCall, text: &str, body: &Body, depth: usize) {
        let Some(first) = call.args.get(0) else { return };
        match call.name.name.as_str() {
            "jsonencode" => match first {
                // `jsonencode(yamldecode(file("a.yaml")))`
                Expression::FuncCall(inner) if ["yamldecode", "jsondecode"].contains(&inner.name.name.as_str()) => {
                    self.call(inner, text, body, depth);
                }
                Expression::Object(_) => {
                    let mut spans = BTreeMap::new();
                    if let Some(value) = first.span() {
                        spans.insert(String::new(), Span { name: None, value });
                    }
                    self.definition = Some(convert(first, text, &mut String::new(), &mut spans));
                    self.places = Some(Places::Spans(spans));
                }
                _ => self.read(first, text, body, depth),
            },
            "yamldecode" | "jsondecode" | "trimspace" | "chomp" => self.read(first, text, body, depth),
            "file" | "templatefile" => {
                let Json::String(path) = convert(first, text, &mut String::new(), &mut BTreeMap::new()) else { return };
                let below = ["${path.module}/", "${path.root}/", "${path.cwd}/"];
                let path = below.iter().find_map(|start| path.strip_prefix(start)).unwrap_or(&path);
                if path.contains("${") {
                    return;
                }
                self.file = Some(path.to_owned());
                let values = call.args.get(1).map(|it| convert(it, text, &mut String::new(), &mut BTreeMap::new()));
                if let Some(Json::Object(values)) = values {
                    self.values = values;
                }
            }
            _ => {}
        }
    }
}

/// The value of an expression, as far as it is known, and the positions of its parts.
fn convert(expression: &Expression, text: &str, pointer: &mut String, spans: &mut BTreeMap<String, Span>) -> Json {
    let inner = |pointer: &mut String, token: &str, name, value: &Expression, spans: &mut BTreeMap<String, Span>| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&escape_token(token));
        if let Some(bytes) = value.span() {
            spans.insert(pointer.clone(), Span { name, value: bytes });
        }
        let converted = convert(value, text, pointer, spans);
        pointer.truncate(length);
        converted
    };
    match expression {
        Expression::Null(_) => Json::Null,
        Expression::Bool(value) => Json::Bool(*value.value()),
        Expression::Number(number) => match Number::from_text(&number.value().to_string()) {
            Some(number) => Json::Number(number),
            None => placeholder(expression, text),
        },
        Expression::String(value) => value.value().clone().into(),
        Expression::StringTemplate(parts) => joined(parts.iter(), text).into(),
        Expression::HeredocTemplate(heredoc) => template_text(&heredoc.template, text).into(),
        Expression::Parenthesis(value) => convert(value.inner(), text, pointer, spans),
        Expression::Array(elements) => {
            let elements = elements.iter().enumerate();
            Json::Array(elements.map(|(at, value)| inner(pointer, &at.to_string(), None, value, spans)).collect())
        }
        Expression::Object(object) => {
            let mut members = Object::new();
            for (key, value) in object.iter() {
                let (name, bytes) = match key {
                    ObjectKey::Ident(name) => (name.as_str().to_owned(), name.span()),
                    ObjectKey::Expression(key) => {
                        let name = convert(key, text, &mut String::new(), &mut BTreeMap::new());
                        (name.as_str().map_or_else(|| name.to_string(), str::to_owned), key.span())
                    }
                };
                let value = inner(pointer, &name, bytes, value.expr(), spans);
                members.insert(name, value);
            }
            members.into()
        }
        Expression::FuncCall(call) if call.name.name.as_str() == "jsonencode" && call.args.len() == 1 => {
            let value = call.args.get(0).map(|it| convert(it, text, &mut String::new(), &mut BTreeMap::new()));
            value.map(|value| value.to_string()).unwrap_or_default().into()
        }
        _ => placeholder(expression, text),
    }
}

/// The placeholder for an expression that only Terraform can evaluate. An attribute of a resource is a string (an ARN or a
/// name); a variable can have any type.
fn placeholder(expression: &Expression, text: &str) -> Json {
    let name = name_of(expression, text);
    let of_resource = match expression {
        Expression::Traversal(traversal) => match &traversal.expr {
            Expression::Variable(root) => !["var", "local", "each", "count", "self"].contains(&root.as_str()),
            _ => false,
        },
        _ => false,
    };
    match of_resource {
        true => format!("${{{name}}}").into(),
        false => Json::Placeholder(name.into()),
    }
}

fn name_of(expression: &Expression, text: &str) -> String {
    let bytes = expression.span().unwrap_or(0..0);
    let name: String = text.get(bytes).unwrap_or_default().trim().chars().map(harmless).collect();
    if name.is_empty() { "expression".to_owned() } else { name }
}

/// Replaces a character that cannot be in the name of a placeholder.
fn harmless(character: char) -> char {
    match character {
        '"' | '{' | '}' => '\'',
        '\\' => '/',
        '\n' | '\r' | '\t' => ' ',
        character => character,
    }
}

fn template_text(template: &Text, text: &str) -> String {
    joined(template.iter(), text)
}

fn joined<'e>(elements: impl Iterator<Item = &'e Element>, text: &str) -> String {
    let parts = elements.map(|element| match element {
        Element::Literal(literal) => literal.as_str().to_owned(),
        Element::Interpolation(interpolation) => format!("${{{}}}", name_of(&interpolation.expr, text)),
        Element::Directive(_) => "${directive}".to_owned(),
    });
    parts.collect()
}

/// The text of the file, in which everything except the lines of a heredoc is replaced with spaces, so that positions stay
/// the same. In `${…}`, characters that would end a JSON string are replaced. `None` if the heredoc has directives.
fn overlay(text: &str, span: Range<usize>, delimiter: &str) -> Option<String> {
    let start = span.start + text.get(span.start..)?.find('\n')? + 1;
    let mut end = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if line.trim() == delimiter {
            break;
        }
        end += line.len();
    }
    let blank = |part: &str| -> String {
        part.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect()
    };
    let mut overlay = blank(text.get(..start)?);
    let mut rest = text.get(start..end)?;
    while let Some(at) = rest.find("${").into_iter().chain(rest.find("%{")).min() {
        let is_escaped = rest[..at].ends_with(['$', '%']);
        if rest[at..].starts_with('%') && !is_escaped {
            // `{% … %}` is JSONata, and a brace can follow its end.
            if rest[at + 1..].starts_with("{ ") || rest[at + 1..].starts_with("{~") || directive(&rest[at + 2..]) {
                return None;
            }
            overlay.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        }
        let length = if is_escaped { 2 } else { interpolation(&rest[at..])? };
        overlay.push_str(&rest[..at + 2]);
        if length > 2 {
            overlay.extend(rest[at + 2..at + length - 1].chars().map(harmless));
            overlay.push('}');
        }
        rest = &rest[at + length..];
    }
    overlay.push_str(rest);
    Some(overlay)
}

fn directive(text: &str) -> bool {
    ["if ", "for ", "else", "endif", "endfor"].iter().any(|word| text.starts_with(word))
}

/// The length of the interpolation at the start of the text.
fn interpolation(text: &str) -> Option<usize> {
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '{' if !is_quoted => depth += 1,
            '}' if !is_quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
