//! Conditions of a Choice state.

use sfn_tasks_rust::{Code, array, call, text};

use super::value;
use crate::asl::QueryLanguage;
use crate::value::{Json, Object};

/// The condition of a rule. `None` if the builders cannot express it. Parts that only the builders cannot express,
/// such as a comment in a condition, are added to `left_out`.
pub(super) fn condition(
    rule: &Object,
    language: QueryLanguage,
    pointer: &str,
    left_out: &mut Vec<(String, String)>,
) -> Option<Code> {
    if language == QueryLanguage::JsonPath {
        return part(rule, pointer, true, left_out);
    }
    match rule.get("Condition")? {
        Json::Bool(value) => {
            left_out.push((format!("{pointer}/Condition"), format!("it is written as `{{% {value} %}}`")));
            Some(call("jsonata", [text(&value.to_string())]))
        }
        condition => value::jsonata(condition.as_str()?),
    }
}

fn part(rule: &Object, pointer: &str, is_rule: bool, left_out: &mut Vec<(String, String)>) -> Option<Code> {
    let language = QueryLanguage::JsonPath;
    if !is_rule && rule.contains("Comment") {
        let what = "the builders have no setter for a comment in a condition".to_owned();
        left_out.push((format!("{pointer}/Comment"), what));
    }
    // The fields of a rule that are not part of its condition.
    let beside: &[&str] = if is_rule { &["Next", "Comment", "Assign", "Output"] } else { &["Comment"] };
    let mut asked = rule.iter().filter(|(name, _)| !beside.contains(name));
    let mut all = |name: &str, json: &Json| {
        let conditions = json.as_array()?.iter().enumerate();
        conditions
            .map(|(index, json)| part(json.as_object()?, &format!("{pointer}/{name}/{index}"), false, left_out))
            .collect::<Option<Vec<_>>>()
    };
    let (name, value) = asked.find(|(name, _)| *name != "Variable")?;
    // A rule with two comparisons is invalid.
    if rule.iter().filter(|(name, _)| !beside.contains(name) && *name != "Variable").count() > 1 {
        return None;
    }
    match name {
        "And" => return Some(call("all", [array(all(name, value)?)])),
        "Or" => return Some(call("any", [array(all(name, value)?)])),
        "Not" => return Some(call("not", [part(value.as_object()?, &format!("{pointer}/Not"), false, left_out)?])),
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
    // A number that does not fit into an `i32` literal is written as floating point.
    let operand = match (operator.starts_with("Numeric"), value.as_number()) {
        (true, Some(number)) if number.as_i64().is_none_or(|it| i32::try_from(it).is_err()) => {
            sfn_tasks_rust::float(number.to_string().parse().ok()?)
        }
        _ => operand,
    };
    // The type of a literal determines the operator, except for a timestamp, which is text.
    let is_literal = !operator.starts_with("Timestamp")
        && matches!(value, Json::Number(_) | Json::Bool(_) | Json::String(_))
        && !name.ends_with("Path")
        && !operand.to_string().starts_with("reference(");
    let method = method.split_once('_').map(|(_, short)| short).filter(|_| is_literal).unwrap_or(method);
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
