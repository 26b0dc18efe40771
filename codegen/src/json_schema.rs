//! Reads types from a JSON Schema of a payload. `docs/payloads.md` lists the supported keywords.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;

use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;
use crate::model::is_type_name;
use crate::spec::{Deprecated, Map, Member, Preset, Shape, Type};

/// Keywords that are read.
const READ: [&str; 24] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "format",
    "default",
    "deprecated",
    "$ref",
    "$defs",
    "definitions",
];

/// Keywords that are ignored: they only describe a value, or restrict it in a way that is not checked.
const PASSED_OVER: [&str; 13] = [
    "$schema",
    "$id",
    "$comment",
    "$anchor",
    "title",
    "description",
    "examples",
    "readOnly",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
    "uniqueItems",
    "multipleOf",
];

/// The types of a schema, and the name of the type of each reference.
pub(crate) struct Found {
    pub(crate) types: Map<Type>,
    pub(crate) names: BTreeMap<String, String>,
}

/// Reads a schema. Its type has the name of the file: `order.schema.json` gives `Order`.
pub(crate) fn types(json: &Json, file: &str, report: &Report<'_>) -> Found {
    let mut converter = Converter { types: Vec::new(), names: BTreeMap::new(), taken: BTreeSet::new(), report };
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let stem = stem.strip_suffix(".schema").unwrap_or(stem);
    let root = converter.name(stem);
    converter.names.insert("#".to_owned(), root.clone());
    let mut definitions: Vec<(String, String, &Json)> = Vec::new();
    for key in ["$defs", "definitions"] {
        let Some(json) = member(json, key) else { continue };
        let Json::Object(members) = json else {
            report.add(step("", key), format!("expected an object, not {}", json.kind()));
            continue;
        };
        for (name, json) in members {
            let pointer = step(&step("", key), name);
            let kind = converter.name(name);
            converter.names.insert(format!("#{pointer}"), kind.clone());
            definitions.push((pointer, kind, json));
        }
    }
    converter.definition(root, json, "");
    for (pointer, name, json) in definitions {
        converter.definition(name, json, &pointer);
    }
    Found { types: Map(converter.types), names: converter.names }
}

fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
        _ => None,
    }
}

fn text(json: &Json, name: &str) -> Option<String> {
    match member(json, name) {
        Some(Json::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

struct Converter<'a> {
    types: Vec<(String, Type)>,
    names: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    report: &'a Report<'a>,
}

impl Converter<'_> {
    /// A unique name for a type.
    fn name(&mut self, wanted: &str) -> String {
        let name: String = wanted.to_upper_camel_case().chars().filter(char::is_ascii_alphanumeric).collect();
        let name = if is_type_name(&name) { name } else { format!("Type{name}") };
        let numbered = (2..).map(|number: usize| format!("{name}{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let found = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(found.clone());
        found
    }

    /// Adds the type of a schema.
    fn definition(&mut self, name: String, json: &Json, pointer: &str) {
        self.report.moved(step("/types", &name), pointer.to_owned());
        let docs = described(json).unwrap_or_else(|| format!("`{name}` of the JSON Schema."));
        if let Json::Object(members) = json {
            self.keys(members, pointer);
        }
        let kind = if let Some(properties) = self.properties(json, pointer) {
            self.structure(&name, json, properties, docs, pointer)
        } else if let Some(values) = self.values(json, pointer) {
            Type { docs, values: Some(Map(values)), ..Type::default() }
        } else {
            // Inner types are added to the list while the shape is read.
            let shape = self.shape(json, pointer, &name);
            Type { docs, shape: Some(shape), ..Type::default() }
        };
        self.types.push((name, kind));
    }

    fn structure(
        &mut self,
        name: &str,
        json: &Json,
        properties: &[(String, Json)],
        docs: String,
        pointer: &str,
    ) -> Type {
        let required = self.required(json, properties, pointer);
        match member(json, "additionalProperties") {
            None | Some(Json::Bool(_)) => {}
            Some(_) => self.report.add(
                step(pointer, "additionalProperties"),
                "an object with `properties` cannot have a schema in `additionalProperties`: put the other values into a separate object",
            ),
        }
        let mut members = Vec::new();
        for (key, json) in properties {
            let at = step(&step(pointer, "properties"), key);
            self.report.moved(step(&step(&step("/types", name), "members"), key), at.clone());
            let shape = self.shape(json, &at, &format!("{name}-{key}"));
            let docs = match described(json) {
                Some(docs) => docs,
                None if shape.reference.is_some() => String::new(),
                None => format!("`{key}` of the JSON Schema."),
            };
            let preset = member(json, "const").map(|value| Preset {
                value: Some(value.clone()),
                json_path: None,
                jsonata: None,
                why: "The schema allows only this value.".to_owned(),
                url: "https://json-schema.org/understanding-json-schema/reference/const".to_owned(),
            });
            let is_deprecated = matches!(member(json, "deprecated"), Some(Json::Bool(true)));
            let is_required = required.contains(key);
            members.push((
                key.clone(),
                Member {
                    shape,
                    docs,
                    url: None,
                    setter: None,
                    // A required member is always set, so it has no default.
                    default: member(json, "default").filter(|_| !is_required).cloned(),
                    preset,
                    deprecated: is_deprecated.then(|| Deprecated {
                        instead: None,
                        why: "The JSON Schema marks it as deprecated.".to_owned(),
                    }),
                },
            ));
        }
        Type { docs, members: Some(Map(members)), required, ..Type::default() }
    }

    fn required(&self, json: &Json, properties: &[(String, Json)], pointer: &str) -> Vec<String> {
        let pointer = step(pointer, "required");
        let Some(Json::Array(elements)) = member(json, "required") else {
            if let Some(json) = member(json, "required") {
                self.report.add(&pointer, format!("expected an array of names, not {}", json.kind()));
            }
            return Vec::new();
        };
        let mut required = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            let at = step(&pointer, at);
            match element {
                Json::String(name) if properties.iter().any(|(known, _)| known == name) => required.push(name.clone()),
                Json::String(name) => {
                    let hint = did_you_mean(name, properties.iter().map(|(name, _)| name.as_str()));
                    self.report.add(at, format!("`{name}` is required but is not one of the `properties`{hint}"));
                }
                other => self.report.add(at, format!("expected a name, not {}", other.kind())),
            }
        }
        required
    }

    /// The properties of an object that names them.
    fn properties<'j>(&self, json: &'j Json, pointer: &str) -> Option<&'j [(String, Json)]> {
        match member(json, "properties")? {
            Json::Object(members) => Some(members),
            other => {
                self.report.add(step(pointer, "properties"), format!("expected an object, not {}", other.kind()));
                None
            }
        }
    }

    /// The values of an enum, with their meanings.
    fn values(&self, json: &Json, pointer: &str) -> Option<Vec<(String, String)>> {
        let found;
        let (values, key) = match (member(json, "enum"), member(json, "const")) {
            (Some(Json::Array(values)), _) => (values, "enum"),
            (_, Some(value @ Json::String(_))) => {
                found = vec![value.clone()];
                (&found, "const")
            }
            _ => return None,
        };
        let mut texts: Vec<(String, String)> = Vec::new();
        for (at, value) in values.iter().enumerate() {
            match value {
                Json::String(text) if texts.iter().any(|(known, _)| known == text) => {
                    self.report.add(step(&step(pointer, key), at), format!("`{text}` is given twice"));
                }
                Json::String(text) => texts.push((text.clone(), String::new())),
                Json::Null => {}
                other => {
                    let told = "the values of an enum must be strings: use bounds instead, or leave it out";
                    self.report.add(step(&step(pointer, key), at), format!("{told}; this is {}", other.kind()));
                    return None;
                }
            }
        }
        Some(texts)
    }

    /// The shape of a value. Objects and enums in it become types with names that begin with `hint`.
    fn shape(&mut self, json: &Json, pointer: &str, hint: &str) -> Shape {
        let members = match json {
            Json::Object(members) => members,
            Json::Bool(true) => return of_kind("json"),
            other => {
                self.report.add(pointer, format!("expected a schema as an object or `true`, not {}", other.kind()));
                return of_kind("json");
            }
        };
        self.keys(members, pointer);
        if let Some(reference) = member(json, "$ref") {
            return self.reference(reference, &step(pointer, "$ref"));
        }
        // A definition calls this function with its own name, which is already taken.
        let is_definition = is_type_name(hint) && self.taken.contains(hint) && !hint.contains('-');
        let is_object = member(json, "properties").is_some();
        let is_enum = member(json, "enum").is_some() || matches!(member(json, "const"), Some(Json::String(_)));
        if !is_definition && (is_object || is_enum) {
            let name = self.name(hint);
            self.definition(name.clone(), json, pointer);
            return Shape { reference: Some(step("#/types", name)), ..Shape::default() };
        }
        match self.kind(json, pointer).as_deref() {
            Some("string") => self.string(json, pointer),
            Some(kind @ ("integer" | "number")) => self.number(kind, json, pointer),
            Some("boolean") => of_kind("boolean"),
            Some("array") => {
                let items = match member(json, "items") {
                    Some(items) => self.shape(items, &step(pointer, "items"), &format!("{hint}-item")),
                    None => of_kind("json"),
                };
                Shape {
                    items: Some(Box::new(items)),
                    min_items: self.count(json, "minItems", pointer),
                    max_items: self.count(json, "maxItems", pointer),
                    ..of_kind("list")
                }
            }
            Some("object") => {
                let values = match member(json, "additionalProperties") {
                    Some(values @ Json::Object(_)) => {
                        self.shape(values, &step(pointer, "additionalProperties"), &format!("{hint}-value"))
                    }
                    _ => of_kind("json"),
                };
                Shape {
                    values: Some(Box::new(values)),
                    min_items: self.count(json, "minProperties", pointer),
                    max_items: self.count(json, "maxProperties", pointer),
                    ..of_kind("map")
                }
            }
            _ => of_kind("json"),
        }
    }

    /// Reports keys that are given twice, and unsupported keywords.
    fn keys(&self, members: &[(String, Json)], pointer: &str) {
        let mut names = BTreeSet::new();
        for (key, _) in members {
            if !names.insert(key) {
                self.report.add(step(pointer, key), format!("the key `{key}` is given twice"));
            } else if !READ.contains(&key.as_str()) && !PASSED_OVER.contains(&key.as_str()) {
                let hint = did_you_mean(key, READ);
                let told = format!(
                    "the keyword `{key}` is not supported (docs/payloads.md lists the supported ones): write the type into the spec, or accept any JSON with `true` instead of this schema{hint}"
                );
                self.report.add(step(pointer, key), told);
            }
        }
    }

    fn reference(&self, reference: &Json, pointer: &str) -> Shape {
        let Json::String(reference) = reference else {
            self.report.add(pointer, format!("expected a string, not {}", reference.kind()));
            return of_kind("json");
        };
        match self.names.get(reference) {
            Some(name) => Shape { reference: Some(step("#/types", name)), ..Shape::default() },
            None => {
                let hint = did_you_mean(reference, self.names.keys().map(String::as_str));
                let told = format!("`{reference}` is not a definition in this file: write `#/$defs/Name`{hint}");
                self.report.add(pointer, told);
                of_kind("json")
            }
        }
    }

    /// The only type of a value, apart from `null`.
    fn kind(&self, json: &Json, pointer: &str) -> Option<String> {
        const KINDS: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];
        let at = step(pointer, "type");
        let kinds: Vec<&Json> = match member(json, "type") {
            Some(Json::Array(kinds)) => kinds.iter().filter(|kind| !is_null(kind)).collect(),
            Some(kind) => vec![kind],
            None => {
                return match member(json, "const") {
                    Some(Json::Number(number)) if number.is_f64() => Some("number".to_owned()),
                    Some(Json::Number(_)) => Some("integer".to_owned()),
                    Some(Json::Bool(_)) => Some("boolean".to_owned()),
                    Some(_) => {
                        self.report.add(step(pointer, "const"), "expected a string, a number or a boolean");
                        None
                    }
                    None if member(json, "items").is_some() => Some("array".to_owned()),
                    None if member(json, "additionalProperties").is_some() => Some("object".to_owned()),
                    None => None,
                };
            }
        };
        match kinds.as_slice() {
            [Json::String(kind)] if KINDS.contains(&kind.as_str()) => Some(kind.clone()),
            [Json::String(kind)] => {
                let hint = did_you_mean(kind, KINDS);
                self.report.add(at, format!("there is no type `{kind}`; known are `{}`{hint}", KINDS.join("`, `")));
                None
            }
            [_] => {
                self.report.add(at, "expected the name of a type");
                None
            }
            _ => {
                let told = "several types are not supported: write one type, with or without `null`, or leave `type` out to accept any JSON";
                self.report.add(at, told);
                None
            }
        }
    }

    fn string(&self, json: &Json, pointer: &str) -> Shape {
        if member(json, "format").is_some_and(|it| *it == Json::String("date-time".to_owned())) {
            return of_kind("timestamp");
        }
        let pattern = text(json, "pattern").map(|pattern| whole(&pattern));
        Shape {
            min_length: self.count(json, "minLength", pointer),
            max_length: self.count(json, "maxLength", pointer),
            pattern,
            ..of_kind("string")
        }
    }

    fn number(&self, kind: &str, json: &Json, pointer: &str) -> Shape {
        let fixed = self.bound(json, "const", pointer);
        let beyond = |key: &str, step_: f64| {
            let bound = self.bound(json, key, pointer)?;
            if kind == "number" {
                self.report.add(
                    step(pointer, key),
                    "exclusive bounds are supported only for integers: use `minimum` or `maximum`",
                );
            }
            // The nearest integer within the bound.
            Some(if step_ > 0.0 { (bound + step_).floor() } else { (bound + step_).ceil() })
        };
        Shape {
            minimum: fixed.or_else(|| self.bound(json, "minimum", pointer)).or_else(|| beyond("exclusiveMinimum", 1.0)),
            maximum: fixed
                .or_else(|| self.bound(json, "maximum", pointer))
                .or_else(|| beyond("exclusiveMaximum", -1.0)),
            ..of_kind(kind)
        }
    }

    fn bound(&self, json: &Json, key: &str, pointer: &str) -> Option<f64> {
        match member(json, key)? {
            Json::Number(number) => number.as_f64(),
            other => {
                self.report.add(step(pointer, key), format!("expected a number, not {}", other.kind()));
                None
            }
        }
    }

    fn count(&self, json: &Json, key: &str, pointer: &str) -> Option<u64> {
        let count = match member(json, key)? {
            Json::Number(number) => number.as_u64(),
            _ => None,
        };
        if count.is_none() {
            self.report.add(step(pointer, key), "expected a whole number of 0 or more");
        }
        count
    }
}

fn of_kind(kind: &str) -> Shape {
    Shape { kind: Some(kind.to_owned()), ..Shape::default() }
}

fn is_null(json: &Json) -> bool {
    matches!(json, Json::Null) || *json == Json::String("null".to_owned())
}

fn described(json: &Json) -> Option<String> {
    text(json, "description").or_else(|| text(json, "title")).map(|text| sentence(&text))
}

/// A text of the schema as a line of docs, without code that rustdoc would compile.
fn sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("```", "`");
    if line.ends_with(['.', '!', '?']) { line } else { line + "." }
}

/// A JSON Schema pattern can match any part of a string; this is the same pattern for the whole string.
fn whole(pattern: &str) -> String {
    let is_escaped = |text: &str| text.chars().rev().take_while(|sign| *sign == '\\').count() % 2 == 1;
    let has_choice = pattern.contains('|');
    let (start, rest) = match pattern.strip_prefix('^') {
        Some(rest) if !has_choice => ("", rest),
        _ => ("(?s:.*)", pattern),
    };
    let (rest, end) = match rest.strip_suffix('$') {
        Some(rest) if !has_choice && !is_escaped(rest) => (rest, ""),
        _ => (rest, "(?s:.*)"),
    };
    if start.is_empty() && end.is_empty() { rest.to_owned() } else { format!("{start}(?:{rest}){end}") }
}
