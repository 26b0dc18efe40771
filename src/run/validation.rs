//! Whether the API accepts what a task sends, and whether the API could return what a mock returns, in TestState's
//! words.

use crate::catalog::{self, Pattern, Shape, StringShape, Structure};
use crate::value::Json;

/// How strictly the result of a mock is checked against the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FieldValidation {
    /// Members that are present must have the right type, and members that the API always returns must be present.
    Strict,
    /// Members that are present must have the right type.
    #[default]
    Present,
    /// Nothing is checked.
    None,
}

impl FieldValidation {
    /// The mode with that name: `STRICT`, `PRESENT` or `NONE`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "STRICT" => Some(Self::Strict),
            "PRESENT" => Some(Self::Present),
            "NONE" => Some(Self::None),
            _ => None,
        }
    }
}

/// The mistakes in a result as a state receives it: Step Functions converts a time to milliseconds, and the output of a
/// nested execution to JSON. Nothing, if the API is not known.
pub(super) fn check(resource: &str, result: &Json, mode: FieldValidation) -> Result<(), String> {
    check_result(resource, result, mode, false)
}

/// Like [`check`], for TestState, which compares a mock with the API's own response: there, both are text.
pub(super) fn check_as_answered(resource: &str, result: &Json, mode: FieldValidation) -> Result<(), String> {
    check_result(resource, result, mode, true)
}

fn check_result(resource: &str, result: &Json, mode: FieldValidation, answered: bool) -> Result<(), String> {
    if mode == FieldValidation::None {
        return Ok(());
    }
    let rest = resource.splitn(6, ':').nth(5).unwrap_or_default();
    let end = rest.find('.').unwrap_or(rest.len());
    let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == &rest[end..]);
    let (Some((service, action)), Some(pattern)) = (rest[..end].rsplit_once(':'), pattern) else { return Ok(()) };
    // A worker with the token of a job can send any result.
    if pattern != Pattern::RequestResponse && result.as_object().is_none() {
        return Ok(());
    }
    let shape = match (service, action, pattern) {
        ("states", "startExecution", Pattern::Sync | Pattern::Sync2) if answered => {
            catalog::result("aws-sdk:sfn", "describeExecution", Pattern::RequestResponse)
        }
        _ => catalog::result(service, action, pattern),
    };
    match shape {
        Some(shape) => Checker { mode, answered }.check(shape, result, ""),
        None => Ok(()),
    }
}

/// What Step Functions itself rejects before a service receives the call; nothing, if the API is not known. The checker
/// finds similar mistakes in a definition, but some values are known only at run time.
pub(super) fn check_parameters(resource: &str, parameters: &Json) -> Option<String> {
    let rest = resource.splitn(6, ':').nth(5)?;
    let api = rest.split_once('.').map_or(rest, |(api, _)| api);
    let (service, action) = api.rsplit_once(':')?;
    if (service, action) == ("apigateway", "invoke") {
        // Their values are lists, which the API's own page does not mention.
        let lists = |json: &Json| {
            json.as_object().is_some_and(|object| object.iter().all(|(_, value)| value.as_array().is_some()))
        };
        let wrong = ["Headers", "QueryParameters"].into_iter();
        // Null means that the field is not set.
        let is_wrong = |value: &Json| *value != Json::Null && !lists(value);
        if let Some(field) = wrong.into_iter().find(|field| parameters.get(field).is_some_and(is_wrong)) {
            return Some(invalid(field));
        }
    }
    let action = catalog::find(service, action)?;
    let Json::Object(given) = parameters else { return None };
    if action.body_member.is_some() || action.resource_member.is_some() || action.parameters.members.is_empty() {
        return None;
    }
    let unknown = given.names().find(|name| action.parameters.member(name).is_none());
    match unknown {
        // AWS's own model can be newer than ours.
        Some(name) if !action.is_sdk() => Some(format!("The field '{name}' is not supported by Step Functions")),
        // Only the service finds what is missing at a deeper level, as was recorded for an event without its source.
        _ => missing(action.parameters, given).or_else(|| wrong_structure(action.parameters, given, action.is_sdk())),
    }
}

fn missing(structure: &Structure, given: &crate::value::Object) -> Option<String> {
    let absent = |member: &&crate::catalog::Member| member.required && given.get(member.name).is_none();
    let member = structure.members.iter().find(absent)?;
    Some(format!("The field '{}' is required but was missing", member.name))
}

fn invalid(field: &str) -> String {
    format!("The value of the field '{field}' has an invalid format")
}

fn wrong_structure(structure: &Structure, given: &crate::value::Object, is_sdk: bool) -> Option<String> {
    let mut members = structure.members.iter();
    members.find_map(|member| wrong_parameter(member.shape, given.get(member.name)?, member.name, is_sdk))
}

/// A mistake in the type of a value. A number for a string, and similar values, are converted.
fn wrong_parameter(shape: Shape, value: &Json, field: &str, is_sdk: bool) -> Option<String> {
    match (shape, value) {
        (Shape::Json, _) | (_, Json::Placeholder(_) | Json::Null) => None,
        // JSON is sent as text if the API expects text.
        (Shape::String(_) | Shape::Blob, Json::Object(_) | Json::Array(_)) if is_sdk => None,
        (Shape::String(StringShape { format: Some("json"), .. }), Json::Object(_)) => None,
        (Shape::Structure(structure), Json::Object(object)) => wrong_structure(&structure, object, is_sdk),
        (Shape::Map(map), Json::Object(object)) => {
            object.iter().find_map(|(name, value)| wrong_parameter(map.values, value, name, is_sdk))
        }
        (Shape::List(list), Json::Array(items)) => {
            items.iter().find_map(|item| wrong_parameter(list.items, item, field, is_sdk))
        }
        (Shape::Structure(_) | Shape::Map(_) | Shape::List(_), _) | (_, Json::Object(_) | Json::Array(_)) => {
            Some(invalid(field))
        }
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Checker {
    mode: FieldValidation,
    /// Whether to compare the result with the response of the API, not with what a state receives.
    answered: bool,
}

impl Checker {
    fn check(self, shape: Shape, value: &Json, field: &str) -> Result<(), String> {
        let must_be = |what: &str| Err(format!("Field '{field}' must be {what}"));
        match (shape, value) {
            (Shape::Json, _) | (_, Json::Placeholder(_)) => Ok(()),
            (Shape::Structure(structure), Json::Object(object)) => {
                for member in structure.members {
                    match object.get(member.name) {
                        Some(value) => self.check(member.shape, value, member.name)?,
                        None if member.required && self.mode == FieldValidation::Strict => {
                            return Err(format!("Required field '{}' is missing", member.name));
                        }
                        None => {}
                    }
                }
                Ok(())
            }
            (Shape::Map(map), Json::Object(object)) => {
                object.iter().try_for_each(|(name, value)| self.check(map.values, value, name))
            }
            (Shape::Structure(_) | Shape::Map(_), _) => must_be("an object"),
            (Shape::List(list), Json::Array(elements)) => {
                elements.iter().try_for_each(|element| self.check(list.items, element, field))
            }
            (Shape::List(_), _) => must_be("an array"),
            (Shape::Integer(bounds) | Shape::Number(bounds), Json::Number(number)) => {
                let number = number.as_f64();
                match () {
                    () if bounds.minimum.is_some_and(|minimum| number < minimum) => {
                        Err(format!("Field '{field}' is less than the minimum value"))
                    }
                    () if bounds.maximum.is_some_and(|maximum| number > maximum) => {
                        Err(format!("Field '{field}' exceeds the maximum value"))
                    }
                    () => Ok(()),
                }
            }
            (Shape::Integer(_) | Shape::Number(_), _) => must_be("a number"),
            (Shape::Boolean, Json::Bool(_)) => Ok(()),
            (Shape::Boolean, _) => must_be("a boolean"),
            (Shape::Enum(known), Json::String(text)) => match known.values.iter().any(|(value, _)| value == text) {
                true => Ok(()),
                false => Err(format!("Field '{field}' is not an expected value")),
            },
            (Shape::String(_) | Shape::Timestamp | Shape::Blob, Json::String(_)) => Ok(()),
            (Shape::Timestamp, Json::Number(_)) if !self.answered && self.mode == FieldValidation::Present => Ok(()),
            (Shape::String(_) | Shape::Enum(_) | Shape::Timestamp | Shape::Blob, _) => must_be("a string"),
        }
    }
}
