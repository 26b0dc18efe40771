//! Members, shapes and named types.

use super::{Map, Read, Reader, Rule};
use crate::fault::Report;
use crate::json::Json;

const SHAPE_KEYS: [&str; 15] = [
    "type",
    "$ref",
    "items",
    "values",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "format",
    "unit",
    "refuses",
    // Only for members, so it must be last.
    "docs",
];

#[derive(Debug, Default, Clone)]
pub(crate) struct Shape {
    pub(crate) kind: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) items: Option<Box<Shape>>,
    pub(crate) values: Option<Box<Shape>>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
    pub(crate) min_items: Option<u64>,
    pub(crate) max_items: Option<u64>,
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) refuses: Vec<Refusal>,
}

impl Shape {
    fn from_reader(reader: &Reader<'_>) -> Self {
        let shape = Self {
            kind: reader.optional("type"),
            reference: reader.optional("$ref"),
            items: reader.optional::<Shape>("items").map(Box::new),
            values: reader.optional::<Shape>("values").map(Box::new),
            min_length: reader.optional("minLength"),
            max_length: reader.optional("maxLength"),
            min_items: reader.optional("minItems"),
            max_items: reader.optional("maxItems"),
            minimum: reader.optional("minimum"),
            maximum: reader.optional("maximum"),
            pattern: reader.optional("pattern"),
            format: reader.optional("format"),
            unit: reader.optional("unit"),
            refuses: reader.or_default("refuses"),
        };
        if reader.has("type") == reader.has("$ref") {
            reader.fault("expected exactly one of `type` and `$ref`");
        }
        shape
    }
}

impl Read for Shape {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &SHAPE_KEYS[..SHAPE_KEYS.len() - 1])?;
        Some(Self::from_reader(&reader))
    }
}

/// A pattern that a string, or a key of a map, must not match.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// A regular expression for the whole string.
    pub(crate) pattern: String,
    /// The message for a matching value.
    pub(crate) why: String,
}

impl Read for Refusal {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["pattern", "why"])?;
        Some(Self { pattern: reader.required("pattern"), why: reader.required("why") })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) shape: Shape,
    pub(crate) docs: String,
    pub(crate) url: Option<String>,
    pub(crate) setter: Option<String>,
    pub(crate) default: Option<Json>,
    pub(crate) preset: Option<Preset>,
    pub(crate) deprecated: Option<Deprecated>,
}

impl Read for Member {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let known = [&SHAPE_KEYS[..], &["url", "setter", "default", "preset", "deprecated"]].concat();
        let reader = Reader::open(json, pointer, report, &known)?;
        Some(Self {
            shape: Shape::from_reader(&reader),
            // A member with `$ref` can use the docs of the type.
            docs: match reader.has("$ref") && !reader.has("docs") {
                true => String::new(),
                false => reader.required("docs"),
            },
            url: reader.optional("url"),
            setter: reader.optional("setter"),
            default: reader.optional("default"),
            preset: reader.optional("preset"),
            deprecated: reader.optional("deprecated"),
        })
    }
}

/// Why a member should no longer be used, and which one to use instead.
#[derive(Debug, Clone)]
pub(crate) struct Deprecated {
    pub(crate) instead: Option<String>,
    pub(crate) why: String,
}

impl Read for Deprecated {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["use", "why"])?;
        Some(Self { instead: reader.optional("use"), why: reader.required("why") })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Preset {
    pub(crate) value: Option<Json>,
    pub(crate) json_path: Option<String>,
    pub(crate) jsonata: Option<String>,
    pub(crate) why: String,
    pub(crate) url: String,
}

impl Read for Preset {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["value", "jsonPath", "jsonata", "why", "url"])?;
        let both = reader.has("jsonPath") && reader.has("jsonata");
        let either = reader.has("jsonPath") || reader.has("jsonata");
        if reader.has("value") == either || either != both {
            reader.fault("a preset has either a `value`, or a `jsonPath` and a `jsonata`");
        }
        Some(Self {
            value: reader.optional("value"),
            json_path: reader.optional("jsonPath"),
            jsonata: reader.optional("jsonata"),
            why: reader.required("why"),
            url: reader.required("url"),
        })
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Type {
    pub(crate) docs: String,
    pub(crate) url: Option<String>,
    /// The shape that replaces each `$ref` to it, if it is not a Rust type.
    pub(crate) shape: Option<Shape>,
    pub(crate) values: Option<Map<String>>,
    pub(crate) members: Option<Map<Member>>,
    pub(crate) union: Option<Map<Member>>,
    pub(crate) required: Vec<String>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) custom: Option<CustomType>,
}

impl Read for Type {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let is_shape = matches!(json, Json::Object(members) if members.iter().any(|(key, _)| key == "type"));
        let known = match is_shape {
            true => [&SHAPE_KEYS[..], &["url", "enum", "members", "union"]].concat(),
            false => vec!["docs", "url", "enum", "members", "union", "required", "rules", "custom"],
        };
        let reader = Reader::open(json, pointer, report, &known)?;
        if ["enum", "members", "union", "type"].iter().filter(|key| reader.has(key)).count() != 1 {
            reader.fault("a type has exactly one of `enum`, `members`, `union` and `type`");
        }
        Some(Self {
            docs: reader.required("docs"),
            url: reader.optional("url"),
            shape: is_shape.then(|| Shape::from_reader(&reader)),
            values: reader.optional("enum"),
            members: reader.optional("members"),
            union: reader.optional("union"),
            required: reader.or_default("required"),
            rules: reader.or_default("rules"),
            custom: reader.optional("custom"),
        })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct CustomType {
    pub(crate) path: String,
}

impl Read for CustomType {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["type", "why"])?;
        reader.reason("why");
        Some(Self { path: reader.required("type") })
    }
}
