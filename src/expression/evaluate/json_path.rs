//! Evaluates paths like Jayway's library.

// Whether a value is borrowed matters for its children.
#![allow(clippy::ptr_arg)]

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::{Scope, equal};
use crate::expression::json_path::{Comparison, FilterPath, JsonPath, Operand, Predicate, Root, Segment, SegmentKind};
use crate::value::{Json, Number, Object};

/// The result of a path.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Found<'a> {
    /// One value, from a path that can only match one node
    One(Cow<'a, Json>),
    /// The values that an indefinite path matches, in order. There may be none
    Many(Vec<Cow<'a, Json>>),
}

impl Found<'_> {
    /// The result as JSON: an array if the path can match several nodes.
    pub fn into_json(self) -> Json {
        match self {
            Found::One(value) => value.into_owned(),
            Found::Many(values) => Json::Array(values.into_iter().map(Cow::into_owned).collect()),
        }
    }
}

/// The reason why a path has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFault {
    /// There is no such value. The message is that of Jayway's library
    Missing(String),
    /// The variable was never assigned.
    Variable(String),
    /// The path contains an invalid operation
    Invalid(String),
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathFault::Missing(message) | PathFault::Invalid(message) => f.write_str(message),
            PathFault::Variable(name) => write!(f, "The variable '${name}' is not defined"),
        }
    }
}

/// Evaluates the path.
pub fn find<'a>(path: &JsonPath<'_>, scope: &'a dyn Scope) -> Result<Found<'a>, PathFault> {
    let root = match path.root {
        Root::Value => scope.value(),
        Root::Context => scope.context(),
        Root::Variable(name) => scope.variable(name).ok_or_else(|| PathFault::Variable(name.to_owned()))?,
    };
    Finder { root }.follow(root, &path.segments)
}

struct Finder<'a> {
    root: &'a Json,
}

impl<'a> Finder<'a> {
    fn follow(&self, start: &'a Json, segments: &[Segment]) -> Result<Found<'a>, PathFault> {
        let mut definite = true;
        // A path that can match several nodes returns an empty list instead of an error.
        let picks = segments.iter().any(|segment| segment.kind.picks());
        let mut current: Vec<Cow<'a, Json>> = vec![Cow::Borrowed(start)];
        let mut at = 0;
        while let Some(segment) = segments.get(at) {
            at += 1;
            if let SegmentKind::Function { name, arguments } = &segment.kind {
                let whole = if definite {
                    current.pop().unwrap_or_default()
                } else {
                    Cow::Owned(Json::Array(current.drain(..).map(Cow::into_owned).collect()))
                };
                definite = true;
                current = vec![Cow::Owned(function(name, arguments, &whole)?)];
                continue;
            }
            if segment.kind == SegmentKind::Descent {
                definite = false;
                let Some(next) = segments.get(at) else { break };
                at += 1;
                let mut found = Vec::new();
                for value in &current {
                    self.descend(value, &next.kind, &mut found)?;
                }
                current = found;
                continue;
            }
            // Several names of one object return a single value: an object with these names.
            let widens = segment.kind.picks();
            let mut found = Vec::new();
            for value in &current {
                let before = found.len();
                self.step(value, &segment.kind, &mut found)?;
                if definite && !widens && found.len() == before {
                    if picks {
                        return Ok(Found::Many(Vec::new()));
                    }
                    let last = at == segments.len();
                    return Err(PathFault::Missing(missing(value, segments, at - 1, last)));
                }
            }
            definite &= !widens;
            current = found;
        }
        match definite {
            true => Ok(Found::One(current.pop().unwrap_or_default())),
            false => Ok(Found::Many(current)),
        }
    }

    fn step(&self, value: &Cow<'a, Json>, kind: &SegmentKind, found: &mut Vec<Cow<'a, Json>>) -> Result<(), PathFault> {
        match kind {
            SegmentKind::Name(name) => found.extend(member(value, name)),
            SegmentKind::Names(names) => {
                if let Json::Object(_) = &**value {
                    let members =
                        names.iter().filter_map(|name| Some((name.clone(), member(value, name)?.into_owned())));
                    found.push(Cow::Owned(Json::Object(members.collect::<Object>())));
                }
            }
            SegmentKind::Index(index) => found.extend(element(value, *index)),
            SegmentKind::Indexes(indexes) => {
                found.extend(indexes.iter().filter_map(|index| element(value, *index)));
            }
            SegmentKind::Slice(from, to) => {
                if let Json::Array(elements) = &**value {
                    let length = elements.len() as i64;
                    let bound = |bound: i64| if bound < 0 { bound + length } else { bound }.clamp(0, length);
                    let (from, to) = (from.map_or(0, bound), to.map_or(length, bound));
                    found.extend((from..to).filter_map(|index| element(value, index)));
                }
            }
            SegmentKind::Wildcard => each(value, |child| {
                found.push(child);
                Ok(())
            })?,
            SegmentKind::Filter(filter) => {
                let predicate = match &filter.predicate {
                    Ok(predicate) => predicate,
                    Err(error) => return Err(PathFault::Invalid(error.message.clone())),
                };
                match &**value {
                    Json::Array(_) => each(value, |child| {
                        if self.holds(predicate, &child)? {
                            found.push(child);
                        }
                        Ok(())
                    })?,
                    Json::Object(_) if self.holds(predicate, value)? => found.push(value.clone()),
                    _ => {}
                }
            }
            SegmentKind::Placeholder | SegmentKind::Descent | SegmentKind::Function { .. } => {
                return Err(PathFault::Invalid(
                    "The path cannot be evaluated before the definition is deployed.".into(),
                ));
            }
        }
        Ok(())
    }

    /// The nodes in the value, itself included, to which the step applies. Each comes before its children.
    fn descend(
        &self,
        value: &Cow<'a, Json>,
        kind: &SegmentKind,
        found: &mut Vec<Cow<'a, Json>>,
    ) -> Result<(), PathFault> {
        self.step(value, kind, found)?;
        each(value, |child| match &*child {
            Json::Array(_) | Json::Object(_) => self.descend(&child, kind, found),
            _ => Ok(()),
        })
    }

    fn holds(&self, predicate: &Predicate, element: &Json) -> Result<bool, PathFault> {
        Ok(match predicate {
            Predicate::Or(parts) => {
                for part in parts {
                    if self.holds(part, element)? {
                        return Ok(true);
                    }
                }
                false
            }
            Predicate::And(parts) => {
                for part in parts {
                    if !self.holds(part, element)? {
                        return Ok(false);
                    }
                }
                true
            }
            Predicate::Not(inner) => !self.holds(inner, element)?,
            Predicate::Exists(path) => self.operand_path(path, element).is_some(),
            Predicate::Compare { left, comparison, right } => {
                let (left, right) = (self.operand(left, element)?, self.operand(right, element)?);
                compare(&left, *comparison, &right)?
            }
        })
    }

    fn operand_path(&self, path: &FilterPath, element: &Json) -> Option<Json> {
        let start = if path.from_element { element } else { self.root };
        match (Finder { root: self.root }).follow_any(start, &path.segments) {
            Ok(Found::One(value)) => Some(value.into_owned()),
            Ok(Found::Many(values)) if values.is_empty() => None,
            Ok(found) => Some(found.into_json()),
            Err(_) => None,
        }
    }

    /// Like [`follow`](Self::follow), for a start with a shorter lifetime than the root.
    fn follow_any<'b>(&self, start: &'b Json, segments: &[Segment]) -> Result<Found<'b>, PathFault>
    where
        'a: 'b,
    {
        Finder::<'b> { root: self.root }.follow(start, segments)
    }

    fn operand(&self, operand: &Operand, element: &Json) -> Result<Side, PathFault> {
        Ok(match operand {
            Operand::Path(path) => self.operand_path(path, element).map_or(Side::Undefined, Side::Value),
            Operand::String(text) => Side::Value(Json::from(text.clone())),
            Operand::Number(number) => Side::Value(super::number(*number)),
            Operand::Boolean(value) => Side::Value(Json::Bool(*value)),
            Operand::Null => Side::Value(Json::Null),
            Operand::Json(text) => Side::Value(loose_json(text)),
            Operand::Pattern(pattern, flags) => {
                let flags = if flags.is_empty() { String::new() } else { format!("(?{})", flags.to_lowercase()) };
                Side::Pattern(
                    regex::Regex::new(&format!("{flags}^(?:{pattern})$"))
                        .map_err(|error| PathFault::Invalid(error.to_string()))?,
                )
            }
            Operand::Placeholder => {
                return Err(PathFault::Invalid(
                    "The filter cannot be evaluated before the definition is deployed.".into(),
                ));
            }
        })
    }
}

enum Side {
    Undefined,
    Value(Json),
    Pattern(regex::Regex),
}

/// Parses JSON in a filter, which may have strings in single quotation marks.
fn loose_json(text: &str) -> Json {
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok().map(Json::from);
    parse(text).or_else(|| parse(&text.replace('\'', "\""))).unwrap_or_default()
}

fn compare(left: &Side, comparison: Comparison, right: &Side) -> Result<bool, PathFault> {
    use Comparison as Is;
    let (left, right) = match (left, right) {
        (Side::Value(left), Side::Value(right)) => (left, right),
        (Side::Value(Json::String(text)), Side::Pattern(pattern))
        | (Side::Pattern(pattern), Side::Value(Json::String(text))) => {
            return Ok(comparison == Is::Matches && pattern.is_match(text));
        }
        (Side::Undefined, Side::Undefined) => return Ok(matches!(comparison, Is::Equal | Is::Same)),
        _ => return Ok(matches!(comparison, Is::NotEqual | Is::NotSame | Is::NotIn)),
    };
    let order = || match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.as_f64().partial_cmp(&right.as_f64()),
        (Json::String(left), Json::String(right)) => Some(left.cmp(right)),
        _ => None,
    };
    let within = |element: &Json, list: &Json| {
        list.as_array().unwrap_or_default().iter().any(|candidate| equal(candidate, element))
    };
    let all = |from: &Json, list: &Json| from.as_array().is_some_and(|from| from.iter().all(|each| within(each, list)));
    let any = |from: &Json, list: &Json| from.as_array().is_some_and(|from| from.iter().any(|each| within(each, list)));
    Ok(match comparison {
        Is::Same | Is::Equal => equal(left, right),
        Is::NotSame | Is::NotEqual => !equal(left, right),
        Is::Less => order() == Some(Ordering::Less),
        Is::Greater => order() == Some(Ordering::Greater),
        Is::LessOrEqual => order().is_some_and(Ordering::is_le),
        Is::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
        Is::Matches => false,
        Is::In => within(left, right),
        Is::NotIn => !within(left, right),
        Is::SubsetOf => all(left, right),
        Is::AnyOf => any(left, right),
        Is::NoneOf => left.as_array().is_some() && !any(left, right),
        Is::All => all(right, left),
        Is::Contains => match (left, right) {
            (Json::String(text), Json::String(part)) => text.contains(&**part),
            (Json::Array(_), _) => within(right, left),
            _ => false,
        },
        Is::Size => size(left).is_some_and(|size| right.as_number().is_some_and(|n| n.as_f64() == size as f64)),
        Is::Empty => size(left).is_some_and(|size| right.as_bool() == Some(size == 0)),
    })
}

fn size(value: &Json) -> Option<usize> {
    match value {
        Json::String(text) => Some(text.chars().count()),
        Json::Array(elements) => Some(elements.len()),
        Json::Object(object) => Some(object.len()),
        _ => None,
    }
}

fn member<'a>(value: &Cow<'a, Json>, name: &str) -> Option<Cow<'a, Json>> {
    match value {
        Cow::Borrowed(json) => json.get(name).map(Cow::Borrowed),
        Cow::Owned(json) => json.get(name).cloned().map(Cow::Owned),
    }
}

fn element<'a>(value: &Cow<'a, Json>, index: i64) -> Option<Cow<'a, Json>> {
    let at = |elements: &[Json]| {
        let index = if index < 0 { index + elements.len() as i64 } else { index };
        usize::try_from(index).ok().filter(|index| *index < elements.len())
    };
    match value {
        Cow::Borrowed(json) => {
            let elements = json.as_array()?;
            Some(Cow::Borrowed(&elements[at(elements)?]))
        }
        Cow::Owned(json) => {
            let elements = json.as_array()?;
            Some(Cow::Owned(elements[at(elements)?].clone()))
        }
    }
}

fn each<'a>(
    value: &Cow<'a, Json>,
    mut visit: impl FnMut(Cow<'a, Json>) -> Result<(), PathFault>,
) -> Result<(), PathFault> {
    match value {
        Cow::Borrowed(Json::Array(elements)) => elements.iter().try_for_each(|child| visit(Cow::Borrowed(child))),
        Cow::Borrowed(Json::Object(object)) => object.iter().try_for_each(|(_, child)| visit(Cow::Borrowed(child))),
        Cow::Owned(Json::Array(elements)) => elements.iter().try_for_each(|child| visit(Cow::Owned(child.clone()))),
        Cow::Owned(Json::Object(object)) => object.iter().try_for_each(|(_, child)| visit(Cow::Owned(child.clone()))),
        _ => Ok(()),
    }
}

/// The message of the library for a definite path without a result.
fn missing(value: &Json, segments: &[Segment], at: usize, last: bool) -> String {
    let upto = |end: usize| {
        segments[..end].iter().fold(String::from("$"), |mut path, segment| {
            match &segment.kind {
                SegmentKind::Name(name) => path.push_str(&format!("['{name}']")),
                SegmentKind::Index(index) => path.push_str(&format!("[{index}]")),
                SegmentKind::Names(names) => {
                    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
                    path.push_str(&format!("[{}]", names.join(",")));
                }
                _ => {}
            }
            path
        })
    };
    let kind = &segments[at].kind;
    match (kind, value) {
        (SegmentKind::Name(_), Json::Object(_)) if !last => format!("Missing property in path {}", upto(at + 1)),
        (SegmentKind::Name(_) | SegmentKind::Names(_), Json::Object(_)) | (SegmentKind::Index(_), Json::Array(_)) => {
            format!("No results for path: {}", upto(segments.len()))
        }
        (SegmentKind::Index(_), Json::Null) => format!("The path {} is null", upto(at)),
        (SegmentKind::Index(index), other) => {
            format!("Filter: [{index}] can only be applied to arrays. Current context is: {other}")
        }
        (_, _) if last => format!("No results for path: {}", upto(at + 1)),
        _ => format!("Missing property in path {}", upto(at + 1)),
    }
}

/// The functions at the end of a path.
fn function(name: &str, arguments: &str, value: &Json) -> Result<Json, PathFault> {
    let numbers = || -> Result<Vec<f64>, PathFault> {
        let numbers: Vec<f64> = value
            .as_array()
            .unwrap_or_default()
            .iter()
            .filter_map(|element| element.as_number().map(Number::as_f64))
            .collect();
        match numbers.is_empty() {
            true => {
                Err(PathFault::Invalid("Aggregation function attempted to calculate value using empty array".into()))
            }
            false => Ok(numbers),
        }
    };
    let float = |value: f64| Number::from_f64(value).map_or(Json::Null, Json::Number);
    let pick = |index: i64| {
        element(&Cow::Borrowed(value), index).map_or_else(
            || Err(PathFault::Invalid(format!("The function {name} is applied to something that has no such element"))),
            |element| Ok(element.into_owned()),
        )
    };
    match name {
        "length" | "size" => Ok(size(value).map_or(Json::Null, |size| Json::from(size as i64))),
        "min" => Ok(float(numbers()?.into_iter().fold(f64::INFINITY, f64::min))),
        "max" => Ok(float(numbers()?.into_iter().fold(f64::NEG_INFINITY, f64::max))),
        "sum" => Ok(float(numbers()?.into_iter().sum())),
        "avg" => numbers().map(|numbers| float(numbers.iter().sum::<f64>() / numbers.len() as f64)),
        "stddev" => numbers().map(|numbers| {
            let count = numbers.len() as f64;
            let mean = numbers.iter().sum::<f64>() / count;
            float((numbers.iter().map(|number| number * number).sum::<f64>() / count - mean * mean).sqrt())
        }),
        "keys" => Ok(value.as_object().map_or(Json::Null, |object| {
            Json::Array(object.names().map(|name| Json::from(name.to_owned())).collect())
        })),
        "first" => pick(0),
        "last" => pick(-1),
        "index" => pick(arguments.trim().parse().unwrap_or(0)),
        "concat" => {
            let mut text = String::new();
            for element in value.as_array().unwrap_or_default() {
                match element {
                    Json::String(part) => text.push_str(part),
                    Json::Number(number) => text.push_str(&number.to_string()),
                    _ => {}
                }
            }
            for argument in arguments.split(',').filter(|argument| !argument.trim().is_empty()) {
                text.push_str(argument.trim().trim_matches(['"', '\'']));
            }
            Ok(Json::from(text))
        }
        _ => Err(PathFault::Invalid(format!("Function with name: {name} does not exist."))),
    }
}

/// Sets the value at a reference path, and creates missing objects on the way. `Err` describes the value that
/// prevents it.
pub fn put(path: &JsonPath<'_>, target: &mut Json, value: Json) -> Result<(), String> {
    let mut place = target;
    for segment in &path.segments {
        match &segment.kind {
            SegmentKind::Name(name) => {
                let Json::Object(object) = place else { return Err(name.clone()) };
                if !object.contains(name) {
                    object.insert(name.clone(), Object::new());
                }
                place = object.get_mut(name).ok_or_else(|| name.clone())?;
            }
            SegmentKind::Index(index) => {
                let wrong = || index.to_string();
                let Json::Array(elements) = place else { return Err(wrong()) };
                place = usize::try_from(*index).ok().and_then(|index| elements.get_mut(index)).ok_or_else(wrong)?;
            }
            _ => return Err("path".into()),
        }
    }
    *place = value;
    Ok(())
}
