//! Values and payload templates.

use sfn_tasks_rust::{Code, array, call, float, integer, object, payload, text};

use super::intrinsic::intrinsic;
use crate::asl::QueryLanguage;
use crate::value::{Json, Number};

/// A value of a payload template. `None` if the builders cannot express it.
pub(super) fn template(json: &Json, language: QueryLanguage) -> Option<Code> {
    Some(match template_part(json, language)? {
        part @ Part::Collection(_) | part @ Part::Null(_) => payload(part.code()),
        Part::Value(code) => code,
    })
}

/// A part of `payload!`.
enum Part {
    /// `{…}` or `[…]`
    Collection(Code),
    /// `null`
    Null(Code),
    /// An expression
    Value(Code),
}

impl Part {
    fn code(self) -> Code {
        match self {
            Part::Collection(code) | Part::Null(code) | Part::Value(code) => code,
        }
    }
}

fn template_part(json: &Json, language: QueryLanguage) -> Option<Part> {
    Some(match json {
        Json::Null => Part::Null(Code::raw("null")),
        Json::Bool(value) => Part::Value(Code::raw(value.to_string())),
        Json::Number(value) => Part::Value(number(value)?),
        Json::String(value) if language == QueryLanguage::Jsonata && value.starts_with("{%") => {
            Part::Value(jsonata(value)?)
        }
        Json::String(value) => Part::Value(string(value)),
        Json::Placeholder(name) => Part::Value(call("Payload::Placeholder", [text(name).method("into", [])])),
        Json::Array(elements) => {
            let parts: Option<Vec<Code>> =
                elements.iter().map(|element| template_part(element, language).map(Part::code)).collect();
            Part::Collection(array(parts?))
        }
        Json::Object(members) => {
            let mut parts = Vec::with_capacity(members.len());
            for (name, value) in members.iter() {
                parts.push(match name.strip_suffix(".$").filter(|_| language == QueryLanguage::JsonPath) {
                    Some(name) => (name.to_owned(), expression(value.as_str()?)?),
                    None => (name.to_owned(), template_part(value, language)?.code()),
                });
            }
            Part::Collection(object(parts))
        }
    })
}

/// Text, or a reference if the text is one.
pub(super) fn string(value: &str) -> Code {
    let name = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    match name.filter(|name| !name.is_empty() && !name.contains(['{', '}', '$'])) {
        Some(name) => call("reference", [text(name)]),
        None => text(value),
    }
}

/// The functions of the prelude's `context`.
const CONTEXT: [(&str, &str); 16] = [
    ("Execution.Id", "execution_id"),
    ("Execution.Input", "execution_input"),
    ("Execution.Name", "execution_name"),
    ("Execution.RoleArn", "execution_role_arn"),
    ("Execution.StartTime", "execution_start_time"),
    ("Execution.RedriveCount", "execution_redrive_count"),
    ("Execution.RedriveTime", "execution_redrive_time"),
    ("State.EnteredTime", "state_entered_time"),
    ("State.Name", "state_name"),
    ("State.RetryCount", "state_retry_count"),
    ("StateMachine.Id", "state_machine_id"),
    ("StateMachine.Name", "state_machine_name"),
    ("Map.Item.Index", "map_item_index"),
    ("Map.Item.Value", "map_item_value"),
    ("Map.Item.Key", "map_item_key"),
    ("Map.Item.Source", "map_item_source"),
];

fn context(path: &str) -> Option<Code> {
    let (_, function) = CONTEXT.iter().find(|(known, _)| *known == path)?;
    Some(call(&format!("context::{function}"), []))
}

/// JSON that contains no expressions.
pub(super) fn literal(json: &Json) -> Option<Code> {
    let holds_expressions = |json: &Json| json.to_string().contains(".$\"");
    (!holds_expressions(json)).then(|| template(json, QueryLanguage::JsonPath)).flatten()
}

pub(super) fn number(number: &Number) -> Option<Code> {
    if let Some(whole) = number.as_i64() {
        return Some(integer(i128::from(whole)));
    }
    if let Some(whole) = number.as_u64() {
        return Some(integer(i128::from(whole)));
    }
    number.to_string().parse::<f64>().ok().filter(|value| value.is_finite()).map(float)
}

/// The value of a key that ends with `.$`.
pub(super) fn expression(value: &str) -> Option<Code> {
    match value {
        "$$.Task.Token" => Some(call("task_token", [])),
        "$" => Some(call("state_input", [])),
        path if path.starts_with('$') => {
            let of_context = path.strip_prefix("$$.").and_then(context);
            Some(of_context.unwrap_or_else(|| call("path", [text(path)])))
        }
        written if written.starts_with("States.") => Some(intrinsic(written)),
        _ => None,
    }
}

/// A JSONata expression between its braces.
pub(super) fn jsonata(value: &str) -> Option<Code> {
    let inner = value.strip_prefix("{%")?.strip_suffix("%}")?;
    // The builder writes one space on each side. To keep other spaces, write the braces too.
    let plain = inner.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
    match plain.filter(|plain| !plain.is_empty() && plain.trim() == *plain) {
        Some("$states.context.Task.Token") => Some(call("task_token", [])),
        Some("$states.input") => Some(call("state_input", [])),
        Some(plain) => {
            let of_context = plain.strip_prefix("$states.context.").and_then(context);
            Some(of_context.unwrap_or_else(|| call("jsonata", [text(plain)])))
        }
        None => Some(call("jsonata", [text(value)])),
    }
}

/// The value of a scalar field: a literal or, in JSONata, an expression.
pub(super) fn scalar(json: &Json, language: QueryLanguage) -> Option<Code> {
    match json {
        Json::String(value) if language == QueryLanguage::Jsonata && value.starts_with("{%") => jsonata(value),
        Json::String(value) => Some(string(value)),
        Json::Number(value) => number(value),
        Json::Bool(value) => Some(Code::raw(value.to_string())),
        Json::Placeholder(name) => Some(call("reference", [text(name)])),
        _ => None,
    }
}

/// A number of seconds: a duration, or an expression.
pub(super) fn seconds(json: &Json, language: QueryLanguage) -> Option<Code> {
    match json {
        Json::Number(value) => Some(duration(value.as_u64()?)),
        Json::String(value) if language == QueryLanguage::Jsonata => jsonata(value),
        Json::Placeholder(name) => Some(call("reference", [text(name)])),
        _ => None,
    }
}

/// A duration, in the largest unit that divides it.
pub(super) fn duration(seconds: u64) -> Code {
    match seconds {
        seconds if seconds > 0 && seconds % 86400 == 0 => product(seconds / 86400, "24 * 60 * 60"),
        seconds if seconds > 0 && seconds % 3600 == 0 => product(seconds / 3600, "60 * 60"),
        seconds if seconds > 60 && seconds % 60 == 0 => product(seconds / 60, "60"),
        seconds => product(seconds, ""),
    }
}

/// A number of seconds as a product. A factor of one is omitted, because clippy rejects it.
pub(super) fn product(amount: u64, seconds: &str) -> Code {
    let product = match (amount, seconds) {
        (1, seconds) if !seconds.is_empty() => seconds.to_owned(),
        (amount, "") => amount.to_string(),
        (amount, seconds) => format!("{amount} * {seconds}"),
    };
    call("Duration::from_secs", [Code::raw(product)])
}

/// A path as text.
pub(super) fn path(json: &Json) -> Option<Code> {
    json.as_str().map(|path| call("path", [text(path)]))
}
