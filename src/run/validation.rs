//! Whether what a mock answers is what the API could answer, in TestState's words.

use crate::catalog::{self, Pattern, Shape};
use crate::value::Json;

/// How closely the result of a mock is checked against what the API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FieldValidation {
    /// What is there must be of the right type, and what the API always answers must be there.
    Strict,
    /// What is there must be of the right type.
    #[default]
    Present,
    /// Nothing is checked.
    None,
}

impl FieldValidation {
    /// The one of that name: `STRICT`, `PRESENT` or `NONE`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "STRICT" => Some(Self::Strict),
            "PRESENT" => Some(Self::Present),
            "NONE" => Some(Self::None),
            _ => None,
        }
    }
}

/// What is wrong with a result; nothing, if the API is not known.
pub(super) fn check(resource: &str, result: &Json, mode: FieldValidation) -> Result<(), String> {
    if mode == FieldValidation::None {
        return Ok(());
    }
    let rest = resource.splitn(6, ':').nth(5).unwrap_or_default();
    let end = rest.find('.').unwrap_or(rest.len());
    let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == &rest[end..]);
    let (Some((service, action)), Some(pattern)) = (rest[..end].rsplit_once(':'), pattern) else { return Ok(()) };
    // Whoever has the token of a job may answer anything.
    if pattern != Pattern::RequestResponse && result.as_object().is_none() {
        return Ok(());
    }
    match catalog::result(service, action, pattern) {
        Some(shape) => check_shape(shape, result, "", mode),
        None => Ok(()),
    }
}

fn check_shape(shape: Shape, value: &Json, field: &str, mode: FieldValidation) -> Result<(), String> {
    let must_be = |what: &str| Err(format!("Field '{field}' must be {what}"));
    match (shape, value) {
        (Shape::Json, _) | (_, Json::Placeholder(_)) => Ok(()),
        (Shape::Structure(structure), Json::Object(object)) => {
            for member in structure.members {
                match object.get(member.name) {
                    Some(value) => check_shape(member.shape, value, member.name, mode)?,
                    None if member.required && mode == FieldValidation::Strict => {
                        return Err(format!("Required field '{}' is missing", member.name));
                    }
                    None => {}
                }
            }
            Ok(())
        }
        (Shape::Map(map), Json::Object(object)) => {
            object.iter().try_for_each(|(name, value)| check_shape(map.values, value, name, mode))
        }
        (Shape::Structure(_) | Shape::Map(_), _) => must_be("an object"),
        (Shape::List(list), Json::Array(elements)) => {
            elements.iter().try_for_each(|element| check_shape(list.items, element, field, mode))
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
        // Step Functions hands a time on as milliseconds where the service answers one.
        (Shape::Timestamp, Json::Number(_)) if mode == FieldValidation::Present => Ok(()),
        (Shape::String(_) | Shape::Enum(_) | Shape::Timestamp | Shape::Blob, _) => must_be("a string"),
    }
}
