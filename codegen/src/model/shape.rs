//! Members and named types, with their names in Rust.

use std::collections::BTreeSet;

use super::{names, pattern};
use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;
use crate::spec;

/// A named type.
#[derive(Debug)]
pub(crate) enum Type {
    Enumeration(Enumeration),
    Structure(Structure),
}

impl Type {
    pub(crate) fn name(&self) -> &str {
        match self {
            Type::Enumeration(it) => &it.name,
            Type::Structure(it) => &it.name,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Enumeration {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) url: Option<String>,
    pub(crate) values: Vec<(String, String)>,
}

impl Enumeration {
    /// The variants in Rust, in the order of the values.
    pub(crate) fn variants(&self) -> Vec<String> {
        names::variants(self.values.iter().map(|(value, _)| value.as_str()))
    }
}

/// An object with known members: a named type, or the parameters of an API.
#[derive(Debug)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) url: Option<String>,
    pub(crate) members: Vec<Member>,
    pub(crate) union: bool,
    pub(crate) rules: Vec<Rule>,
    /// The handwritten type that replaces the generated one.
    pub(crate) custom: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) when: Vec<When>,
    pub(crate) demand: &'static str,
    pub(crate) members: Vec<String>,
    pub(crate) message: String,
    pub(crate) warning: bool,
}

#[derive(Debug)]
pub(crate) enum When {
    Present(String),
    Absent(String),
    Equals(String, String),
    Matches(String, String),
    Differs(String, String),
}

impl Structure {
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The members that a user must set: required, and without a preset.
    pub(crate) fn required(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.required && member.preset.is_none())
    }
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) setter: String,
    /// Its marker in the type of a builder, if it is required.
    pub(crate) marker: String,
    pub(crate) docs: String,
    pub(crate) url: Option<String>,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
    pub(crate) default: Option<String>,
    pub(crate) preset: Option<Preset>,
    pub(crate) deprecated: Option<Deprecated>,
    /// Whether its value is always the preset, so that it has no setter.
    pub(crate) fixed: bool,
}

/// Why a member should no longer be used, and which one to use instead.
#[derive(Debug)]
pub(crate) struct Deprecated {
    pub(crate) instead: Option<String>,
    pub(crate) why: String,
}

#[derive(Debug)]
pub(crate) enum Preset {
    Constant { json: String, why: String, url: String },
    Expression { json_path: String, jsonata: String, why: String, url: String },
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
}

#[derive(Debug, Clone)]
pub(crate) enum Shape {
    String { length: Bounds<u64>, pattern: Option<String>, format: Option<String>, refuses: Vec<spec::Refusal> },
    Integer { range: Bounds<f64>, unit: Option<String> },
    Number { range: Bounds<f64> },
    Boolean,
    Timestamp,
    Blob,
    Json,
    List { items: Box<Shape>, count: Bounds<u64> },
    Map { values: Box<Shape>, count: Bounds<u64>, refuses: Vec<spec::Refusal> },
    Enumeration(String),
    Structure(String),
}

impl Shape {
    /// The name of the type, or of the type of the elements of a list or map.
    pub(crate) fn type_name(&self) -> Option<&str> {
        match self {
            Shape::Enumeration(name) | Shape::Structure(name) => Some(name),
            Shape::List { items: inner, .. } | Shape::Map { values: inner, .. } => inner.type_name(),
            _ => None,
        }
    }

    /// Whether the setter adds one element, and a second setter sets the whole value.
    pub(crate) fn appends(&self) -> bool {
        matches!(self, Shape::List { .. } | Shape::Map { .. })
    }
}

/// The formats of strings: a number such as `12.5`, or JSON such as `{"a":1}`.
const FORMATS: [&str; 2] = ["number", "json"];

/// The greatest value of an integer.
const GREATEST: f64 = i64::MAX as f64;

pub(crate) const UNITS: [&str; 7] = ["milliseconds", "seconds", "minutes", "hours", "days", "MiB", "GiB"];

pub(crate) fn types(spec: &spec::Service, report: &Report<'_>) -> Vec<Type> {
    let one = |(name, kind): &(String, spec::Type)| {
        let pointer = step("/types", name);
        if !names::is_type_name(name) {
            report.add(
                &pointer,
                "the name of a type starts with an uppercase letter, has only letters and digits, and is not `Self`",
            );
        }
        if let Some(values) = &kind.values {
            if !kind.required.is_empty() || !kind.rules.is_empty() {
                report.add(&pointer, "an enum cannot have `required` or `rules`");
            }
            return Some(Type::Enumeration(enumeration(name, kind, values, &pointer, report)));
        }
        let (members, key) = match (&kind.members, &kind.union) {
            (Some(members), _) => (members, "members"),
            (None, Some(members)) => (members, "union"),
            (None, None) => return None,
        };
        if kind.union.is_some() && members.0.is_empty() {
            report.add(step(&pointer, key), "a union must have at least one member");
        }
        if kind.union.is_some() && !kind.required.is_empty() {
            report.add(&pointer, "exactly one member of a union is set, so it cannot have `required`");
        }
        let mut structure =
            structure(spec, name, members, &kind.required, &pointer, key, report, kind.docs.clone(), kind.url.clone());
        structure.union = kind.union.is_some();
        if let Some(custom) = &kind.custom {
            names::check_custom_path(&custom.path, &step(&step(&pointer, "custom"), "type"), report);
        }
        structure.custom = kind.custom.as_ref().map(|custom| custom.path.clone());
        Some(Type::Structure(structure))
    };
    spec.types.0.iter().filter_map(one).collect()
}

/// Gives the required members of a builder different markers: `foo` and `Foo` would share one.
fn distinguish(members: &mut [Member]) {
    let mut taken = BTreeSet::new();
    for member in members.iter_mut().filter(|member| member.required) {
        let numbered = (2..).map(|number| names::numbered(&member.marker, number));
        let mut candidates = std::iter::once(member.marker.clone()).chain(numbered);
        if let Some(marker) = candidates.find(|marker| taken.insert(marker.clone())) {
            member.marker = marker;
        }
    }
}

fn enumeration(
    name: &str,
    kind: &spec::Type,
    values: &spec::Map<String>,
    pointer: &str,
    report: &Report<'_>,
) -> Enumeration {
    if values.0.is_empty() {
        report.add(step(pointer, "enum"), "an enum must have at least one value: add one, or use the type `string`");
    }
    Enumeration { name: name.to_owned(), docs: kind.docs.clone(), url: kind.url.clone(), values: values.0.clone() }
}

/// Resolves the members of an object, and reports their faults.
#[allow(clippy::too_many_arguments, reason = "the parts of one object, given once")]
pub(crate) fn structure(
    spec: &spec::Service,
    name: &str,
    members: &spec::Map<spec::Member>,
    required: &[String],
    pointer: &str,
    key: &str,
    report: &Report<'_>,
    docs: String,
    url: Option<String>,
) -> Structure {
    let members_at = step(pointer, key);
    for (at, wanted) in required.iter().enumerate() {
        let at = step(&step(pointer, "required"), at);
        if members.get(wanted).is_none() {
            let hint = did_you_mean(wanted, members.names());
            report.add(at, format!("`{wanted}` is required but is not one of the {key}{hint}"));
        }
    }
    let one = |(name, member): &(String, spec::Member)| {
        let pointer = step(&members_at, name);
        if !names::is_member_name(name) {
            report.add(&pointer, "the name of a member begins with a letter and has only letters, digits, `_` and `-`");
        }
        if required.contains(name) && member.default.is_some() {
            report.add(
                step(&pointer, "default"),
                format!(
                    "`{name}` is required, so it cannot have a default: remove `default`, or remove the name from `required`"
                ),
            );
        }
        Some(Member {
            name: name.clone(),
            setter: member.setter.clone().unwrap_or_else(|| names::setter(name)),
            marker: names::marker(name),
            docs: member.docs.clone(),
            url: member.url.clone(),
            required: required.contains(name),
            // A faulty shape is already reported. It becomes `json`, so that the member causes no other fault.
            shape: shape(spec, &member.shape, &pointer, report).unwrap_or(Shape::Json),
            default: member.default.as_ref().map(|json| json.to_value().to_string()),
            preset: member.preset.as_ref().and_then(preset),
            deprecated: deprecated(name, member, members, required, &pointer, report),
            fixed: false,
        })
    };
    let mut members: Vec<Member> = members.0.iter().filter_map(one).collect();
    distinguish(&mut members);
    let setters = members.iter().map(|member| (&*member.name, &*member.setter, member.shape.appends()));
    names::check_setters(setters, &members_at, report);
    Structure { name: name.to_owned(), docs, url, members, union: false, rules: Vec::new(), custom: None }
}

fn deprecated(
    name: &str,
    member: &spec::Member,
    members: &spec::Map<spec::Member>,
    required: &[String],
    pointer: &str,
    report: &Report<'_>,
) -> Option<Deprecated> {
    let deprecated = member.deprecated.as_ref()?;
    if required.iter().any(|required| required == name) {
        let told = format!("`{name}` is required, so every call must set it: remove `deprecated`, or make it optional");
        report.add(step(pointer, "deprecated"), told);
    }
    if deprecated.instead.as_deref() == Some(name) {
        report.add(step(&step(pointer, "deprecated"), "use"), "a member cannot replace itself: name another one");
    }
    if let Some(unknown) = deprecated.instead.as_ref().filter(|name| members.get(name).is_none()) {
        let hint = did_you_mean(unknown, members.names());
        report.add(step(&step(pointer, "deprecated"), "use"), format!("there is no member `{unknown}` here{hint}"));
    }
    Some(Deprecated { instead: deprecated.instead.clone(), why: deprecated.why.clone() })
}

fn preset(preset: &spec::Preset) -> Option<Preset> {
    let (why, url) = (preset.why.clone(), preset.url.clone());
    Some(match (&preset.value, &preset.json_path, &preset.jsonata) {
        (Some(value), _, _) => Preset::Constant { json: value.to_value().to_string(), why, url },
        (None, Some(json_path), Some(jsonata)) => {
            Preset::Expression { json_path: json_path.clone(), jsonata: jsonata.clone(), why, url }
        }
        _ => return None,
    })
}

/// Resolves a shape, and reports keys that do not apply to its type.
pub(super) fn shape(spec: &spec::Service, shape: &spec::Shape, pointer: &str, report: &Report<'_>) -> Option<Shape> {
    if let Some(reference) = &shape.reference {
        check_keys(shape, "$ref", &[], pointer, report);
        return referenced(spec, reference, pointer, report);
    }
    let kind = shape.kind.as_deref()?;
    let keys = |allowed: &[&str]| check_keys(shape, kind, allowed, pointer, report);
    let length = bounds(shape.min_length, shape.max_length, pointer, report);
    let count = bounds(shape.min_items, shape.max_items, pointer, report);
    let range = bounds(shape.minimum, shape.maximum, pointer, report);
    let inner = |inner: &Option<Box<spec::Shape>>, key: &str| match inner {
        Some(inner) => self::shape(spec, inner, &step(pointer, key), report),
        None => {
            report.add(pointer, format!("a {kind} needs the type of its elements in `{key}`"));
            None
        }
    };
    Some(match kind {
        "string" => {
            keys(&["minLength", "maxLength", "pattern", "format", "refuses"]);
            if let Some(pattern) = &shape.pattern {
                check_pattern(pattern, &length, &step(pointer, "pattern"), report);
            }
            if let Some(format) = shape.format.as_deref().filter(|format| !FORMATS.contains(format)) {
                report.add(
                    step(pointer, "format"),
                    format!("the format `{format}` is unknown; the known formats are `{}`", FORMATS.join("`, `")),
                );
            }
            Shape::String {
                length,
                pattern: shape.pattern.clone(),
                format: shape.format.clone(),
                refuses: refusals(shape, pointer, report),
            }
        }
        "integer" => {
            keys(&["minimum", "maximum", "unit"]);
            if let Some(unit) = shape.unit.as_deref().filter(|unit| !UNITS.contains(unit)) {
                let known = UNITS.join("`, `");
                report
                    .add(step(pointer, "unit"), format!("the unit `{unit}` is unknown; the known units are `{known}`"));
            }
            for (key, bound) in [("minimum", shape.minimum), ("maximum", shape.maximum)] {
                if bound.is_some_and(|bound| bound.fract() != 0.0 || bound.abs() > GREATEST) {
                    report.add(step(pointer, key), "a bound of an integer must be a whole number of at most 19 digits");
                }
            }
            Shape::Integer { range, unit: shape.unit.clone() }
        }
        "number" => {
            keys(&["minimum", "maximum"]);
            Shape::Number { range }
        }
        "list" => {
            keys(&["items", "minItems", "maxItems"]);
            Shape::List { items: Box::new(inner(&shape.items, "items")?), count }
        }
        "map" => {
            keys(&["values", "minItems", "maxItems", "refuses"]);
            let refuses = refusals(shape, pointer, report);
            Shape::Map { values: Box::new(inner(&shape.values, "values")?), count, refuses }
        }
        "boolean" | "timestamp" | "blob" | "json" => {
            keys(&[]);
            match kind {
                "boolean" => Shape::Boolean,
                "timestamp" => Shape::Timestamp,
                "blob" => Shape::Blob,
                _ => Shape::Json,
            }
        }
        other => {
            let known = ["string", "integer", "number", "boolean", "timestamp", "blob", "json", "list", "map"];
            let hint = did_you_mean(other, known);
            let known = known.join("`, `");
            report.add(
                step(pointer, "type"),
                format!("the type `{other}` is unknown; the known types are `{known}`{hint}"),
            );
            return None;
        }
    })
}

fn referenced(spec: &spec::Service, reference: &str, pointer: &str, report: &Report<'_>) -> Option<Shape> {
    let at = step(pointer, "$ref");
    let Some(name) = reference.strip_prefix("#/types/") else {
        report.add(
            at,
            format!(
                "`{reference}` does not refer to a type: write `#/types/Name`, or `name.types.json#/types/Name` for a type in a file next to this one"
            ),
        );
        return None;
    };
    match spec.types.get(name) {
        Some(kind) if kind.values.is_some() => Some(Shape::Enumeration(name.to_owned())),
        Some(_) => Some(Shape::Structure(name.to_owned())),
        None => {
            report.add(at, format!("there is no type `{name}`{}", did_you_mean(name, spec.types.names())));
            None
        }
    }
}

pub(super) fn check_keys(shape: &spec::Shape, kind: &str, allowed: &[&str], pointer: &str, report: &Report<'_>) {
    let present = [
        ("items", shape.items.is_some()),
        ("values", shape.values.is_some()),
        ("minLength", shape.min_length.is_some()),
        ("maxLength", shape.max_length.is_some()),
        ("minItems", shape.min_items.is_some()),
        ("maxItems", shape.max_items.is_some()),
        ("minimum", shape.minimum.is_some()),
        ("maximum", shape.maximum.is_some()),
        ("pattern", shape.pattern.is_some()),
        ("format", shape.format.is_some()),
        ("unit", shape.unit.is_some()),
        ("refuses", !shape.refuses.is_empty()),
    ];
    for (key, _) in present.iter().filter(|(key, present)| *present && !allowed.contains(key)) {
        report.add(step(pointer, key), format!("`{key}` does not apply to `{kind}`: remove it"));
    }
}

fn bounds<T: PartialOrd + Copy>(min: Option<T>, max: Option<T>, pointer: &str, report: &Report<'_>) -> Bounds<T> {
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        report.add(pointer, "the minimum is greater than the maximum");
    }
    Bounds { min, max }
}

fn refusals(shape: &spec::Shape, pointer: &str, report: &Report<'_>) -> Vec<spec::Refusal> {
    for (at, refusal) in shape.refuses.iter().enumerate() {
        let at = step(&step(&step(pointer, "refuses"), at), "pattern");
        check_pattern(&refusal.pattern, &ANY_LENGTH, &at, report);
        if pattern::is_of_everything(&refusal.pattern) {
            report.add(&at, "this refuses every text: write a pattern only for what is not allowed");
        }
    }
    shape.refuses.clone()
}

/// The bounds of a text that has none.
pub(super) const ANY_LENGTH: Bounds<u64> = Bounds { min: None, max: None };

pub(super) fn check_pattern(written: &str, length: &Bounds<u64>, pointer: &str, report: &Report<'_>) {
    if let Some(fault) = pattern::fault(written, length) {
        report.add(pointer, fault);
    }
}

/// Whether a literal has the kind of the shape. Bounds are not checked here.
pub(crate) fn fits(shape: &Shape, json: &Json) -> bool {
    match shape {
        Shape::String { format: Some(format), .. } if format == "json" => {
            matches!(json, Json::String(_) | Json::Object(_))
        }
        Shape::String { .. } | Shape::Timestamp | Shape::Blob | Shape::Enumeration(_) => {
            matches!(json, Json::String(_))
        }
        Shape::Integer { .. } => matches!(json, Json::Number(number) if number.is_i64()),
        Shape::Number { .. } => matches!(json, Json::Number(_)),
        Shape::Boolean => matches!(json, Json::Bool(_)),
        Shape::Json => true,
        Shape::List { .. } => matches!(json, Json::Array(_)),
        Shape::Map { .. } | Shape::Structure(_) => matches!(json, Json::Object(_)),
    }
}

/// Reports infinite types: types with a required member that contains the type itself.
pub(super) fn check_ends(types: &[Type], report: &Report<'_>) {
    let mut ending: BTreeSet<&str> = BTreeSet::new();
    let ends = |shape: &Shape, ending: &BTreeSet<&str>| {
        let mut shape = shape;
        loop {
            match shape {
                Shape::Structure(name) => return ending.contains(name.as_str()),
                // An empty list or map ends the recursion.
                Shape::List { items: inner, count } | Shape::Map { values: inner, count, .. }
                    if count.min.is_some_and(|min| min > 0) =>
                {
                    shape = inner;
                }
                _ => return true,
            }
        }
    };
    loop {
        let before = ending.len();
        for structure in types.iter().filter_map(|kind| match kind {
            Type::Structure(it) => Some(it),
            Type::Enumeration(_) => None,
        }) {
            let mut members = structure.members.iter();
            let right = match structure.union {
                true => members.any(|member| ends(&member.shape, &ending)),
                false => members.all(|member| !member.required || ends(&member.shape, &ending)),
            };
            if right {
                ending.insert(&structure.name);
            }
        }
        if ending.len() == before {
            break;
        }
    }
    for kind in types {
        if let Type::Structure(structure) = kind {
            if !ending.contains(structure.name.as_str()) && !structure.members.is_empty() {
                report.add(
                    step("/types", &structure.name),
                    "every value of this type must contain another value of this type, without end: make a member optional",
                );
            }
        }
    }
}
