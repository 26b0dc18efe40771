//! Values that the parameters of a call do not accept.

use super::value::Value;
use crate::catalog::{Shape, StringShape};

/// The depth to which a value is compared with a parameter.
const MAX_DEPTH: usize = 6;

/// The type that the parameter or a part of it must have, and the name of that part, if it can never have it.
pub(super) fn refused<'n>(
    shape: &Shape,
    value: &'n Value,
    name: &'n str,
    is_sdk: bool,
) -> Option<(&'n str, &'static str)> {
    refused_at(shape, value, name, is_sdk, MAX_DEPTH)
}

fn refused_at<'n>(
    shape: &Shape,
    value: &'n Value,
    name: &'n str,
    is_sdk: bool,
    depth: usize,
) -> Option<(&'n str, &'static str)> {
    let depth = depth.checked_sub(1)?;
    // `null` is like an absent member.
    if value.anything || value.null || value.is_nothing() {
        return None;
    }
    let is_scalar = value.string || value.number || value.boolean;
    match shape {
        Shape::Json | Shape::Blob => None,
        // An AWS SDK integration sends JSON as text if the API needs text.
        Shape::String(_) if is_sdk => None,
        Shape::String(StringShape { format: Some("json"), .. }) if value.object.is_some() => None,
        Shape::String(_) | Shape::Enum(_) => (!is_scalar).then_some((name, "a string")),
        Shape::Integer(_) | Shape::Number(_) => (!is_scalar).then_some((name, "a number")),
        Shape::Boolean => (!is_scalar).then_some((name, "a boolean")),
        Shape::Timestamp => (!is_scalar).then_some((name, "a timestamp")),
        Shape::List(list) => match &value.list {
            Some(known) => refused_at(&list.items, &known.any, name, is_sdk, depth),
            None => Some((name, "an array")),
        },
        Shape::Map(map) => match &value.object {
            Some(known) => {
                known.known.iter().find_map(|(key, value)| refused_at(&map.values, value, key, is_sdk, depth))
            }
            None => Some((name, "an object")),
        },
        // A string is accepted as the whole value of a union.
        Shape::Structure(structure) if structure.union && value.string => None,
        Shape::Structure(structure) => match &value.object {
            Some(known) => known.known.iter().find_map(|(key, value)| {
                structure.member(key).and_then(|member| refused_at(&member.shape, value, key, is_sdk, depth))
            }),
            None => Some((name, "an object")),
        },
    }
}
