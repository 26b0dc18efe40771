//! Conditions of a Choice state.

use sfn_tasks_rust::{Code, array, call, text};

use super::value;
use crate::asl::QueryLanguage;
use crate::value::{Json, Object};

/// What a rule asks; none if it has no form.
pub(super) fn condition(rule: &Object, language: QueryLanguage) -> Option<Code> {
    part(rule, language, true)
}

fn part(rule: &Object, language: QueryLanguage, is_rule: bool) -> Option<Code> {
    if language == QueryLanguage::Jsonata {
        return value::jsonata(rule.get("Condition")?.as_str()?);
    }
    // What a rule says next to its condition; a condition within another has no room for it.
    let beside: &[&str] = if is_rule { &["Next", "Comment", "Assign", "Output"] } else { &[] };
    let mut asked = rule.iter().filter(|(name, _)| !beside.contains(name));
    let inner = |json: &Json| part(json.as_object()?, language, false);
    let all = |json: &Json| json.as_array()?.iter().map(inner).collect::<Option<Vec<_>>>();
    let (name, value) = asked.find(|(name, _)| *name != "Variable")?;
    // A second comparison in one rule is a fault of the definition.
    if rule.iter().filter(|(name, _)| !beside.contains(name) && *name != "Variable").count() > 1 {
        return None;
    }
    match name {
        "And" => return Some(call("all", [array(all(value)?)])),
        "Or" => return Some(call("any", [array(all(value)?)])),
        "Not" => return Some(call("not", [inner(value)?])),
        _ => {}
    }
    let variable = call("var", [text(rule.get("Variable")?.as_str()?)]);
    if let Some(test) = test(name) {
        let method = match value.as_bool()? {
            true => test.to_owned(),
            false => test.replacen("is_", "is_not_", 1),
        };
        return Some(variable.method(&method, []));
    }
    if name == "StringMatches" {
        return Some(variable.method("string_matches", [text(value.as_str()?)]));
    }
    let (operator, operand) = match name.strip_suffix("Path") {
        Some(operator) => (operator, value::path(value)?),
        None => (name, value::scalar(value, language)?),
    };
    let fits = match operator {
        _ if name.ends_with("Path") => true,
        operator if operator.starts_with("Numeric") => matches!(value, Json::Number(_) | Json::Placeholder(_)),
        operator if operator.starts_with("Boolean") => matches!(value, Json::Bool(_) | Json::Placeholder(_)),
        _ => matches!(value, Json::String(_)),
    };
    let method = method(operator).filter(|_| fits)?;
    // Numbers beyond the literals of `i32` are given as floating point.
    let operand = match (operator.starts_with("Numeric"), value.as_number()) {
        (true, Some(number)) if number.as_i64().is_none_or(|it| i32::try_from(it).is_err()) => {
            sfn_tasks_rust::float(number.to_string().parse().ok()?)
        }
        _ => operand,
    };
    Some(variable.method(method, [operand]))
}

fn test(name: &str) -> Option<&'static str> {
    Some(match name {
        "IsBoolean" => "is_boolean",
        "IsNull" => "is_null",
        "IsNumeric" => "is_numeric",
        "IsPresent" => "is_present",
        "IsString" => "is_string",
        "IsTimestamp" => "is_timestamp",
        _ => return None,
    })
}

fn method(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "BooleanEquals" => "boolean_equals",
        "NumericEquals" => "numeric_equals",
        "NumericLessThan" => "numeric_less_than",
        "NumericLessThanEquals" => "numeric_less_than_equals",
        "NumericGreaterThan" => "numeric_greater_than",
        "NumericGreaterThanEquals" => "numeric_greater_than_equals",
        "StringEquals" => "string_equals",
        "StringLessThan" => "string_less_than",
        "StringLessThanEquals" => "string_less_than_equals",
        "StringGreaterThan" => "string_greater_than",
        "StringGreaterThanEquals" => "string_greater_than_equals",
        "TimestampEquals" => "timestamp_equals",
        "TimestampLessThan" => "timestamp_less_than",
        "TimestampLessThanEquals" => "timestamp_less_than_equals",
        "TimestampGreaterThan" => "timestamp_greater_than",
        "TimestampGreaterThanEquals" => "timestamp_greater_than_equals",
        _ => return None,
    })
}
