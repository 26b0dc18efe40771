//! The results of a call, for the docs of its builder.

use sfn_tasks_facts::{Service, Type};

use crate::model::{Action, PREFIX, Pattern, Shape, follow};

/// How many members of a nested structure are listed.
const MOST_MEMBERS: usize = 12;

/// A section with the result of each pattern; `None` if all are unknown.
pub(crate) fn section(service_name: &str, action: &Action) -> Option<String> {
    let mut parts: Vec<(Vec<&str>, String)> = Vec::new();
    for pattern in &action.patterns {
        let Some(text) = of_pattern(service_name, action, pattern) else { continue };
        let name = match pattern.key.as_str() {
            "requestResponse" => "Request Response",
            "sync" => "Run a Job (`.sync`)",
            "sync:2" => "Run a Job (`.sync:2`)",
            _ => "Wait for Callback",
        };
        match parts.iter_mut().find(|(_, known)| *known == text) {
            Some((names, _)) => names.push(name),
            None => parts.push((vec![name], text)),
        }
    }
    let parts: Vec<String> = parts.iter().map(|(names, text)| format!("{}: {text}", names.join(", "))).collect();
    (!parts.is_empty()).then(|| format!("\n\n# Result\n\n{}\n", parts.join("\n\n")))
}

fn of_pattern(service_name: &str, action: &Action, pattern: &Pattern) -> Option<String> {
    if pattern.key == "waitForTaskToken" {
        return Some("the output that `SendTaskSuccess` sends.".to_owned());
    }
    if let Some(output) = &action.output {
        let own = match output {
            Shape::Structure(name) | Shape::Enumeration(name) => format!("[`{name}`]"),
            _ => "its output".to_owned(),
        };
        return Some(match output_member(action.calls.as_deref().unwrap_or_default()) {
            Some(member) => format!("an object whose `{member}` is {own}."),
            None => format!("{own}."),
        });
    }
    let own = format!("{}:{}", service_name.strip_prefix(PREFIX).unwrap_or(service_name), action.name);
    let call = action.sdk.as_deref().unwrap_or(&own);
    let answer = match pattern.result_of.as_deref() {
        Some(path) => follow(path).ok(),
        None if pattern.key == "requestResponse" || !pattern.result.is_empty() => follow(call).ok(),
        None => None,
    };
    let known = |name: &str| {
        let (service, structure) = answer?;
        structure.members().into_iter().find(|member| member.name == name).map(|member| (service, member.shape))
    };
    let names: Vec<String> = match pattern.result.as_slice() {
        [] => answer?.1.members().iter().map(|member| member.name.to_owned()).collect(),
        names => names.to_vec(),
    };
    if names.is_empty() {
        return Some("an object without members.".to_owned());
    }
    let lines = names.iter().map(|name| match known(name) {
        Some((service, shape)) if !matches!(shape, Type::Blob) => format!("- `{name}`: {}", words(service, &shape)),
        _ => format!("- `{name}`"),
    });
    Some(format!("an object with\n\n{}", lines.collect::<Vec<_>>().join("\n")))
}

fn words(service: &'static Service, shape: &Type) -> String {
    match shape {
        Type::String(_) | Type::Blob | Type::Enum(_) => "a string".to_owned(),
        Type::Integer(_) => "a whole number".to_owned(),
        Type::Number(_) => "a number".to_owned(),
        Type::Boolean => "a boolean".to_owned(),
        Type::Timestamp => "a timestamp".to_owned(),
        Type::Json | Type::Unreadable => "any JSON".to_owned(),
        Type::List(items, _) => format!("a list, in which each element is {}", words(service, items)),
        Type::Map(_, values, _) => {
            format!("an object with any keys, in which each value is {}", words(service, values))
        }
        Type::Structure(name) => {
            let members = service.structure(name).map(|structure| structure.members()).unwrap_or_default();
            let shown: Vec<String> =
                members.iter().take(MOST_MEMBERS).map(|member| format!("`{}`", member.name)).collect();
            let more = if members.len() > MOST_MEMBERS { ", …" } else { "" };
            format!("an object with {}{more}", shown.join(", "))
        }
    }
}

/// The member of the result with the output of the user's own function, state machine or API; `None` if it is the whole
/// result.
fn output_member(call: &str) -> Option<&'static str> {
    match call {
        "lambda:invoke" => Some("Payload"),
        "states:startExecution" => Some("Output"),
        "http:invoke" => Some("ResponseBody"),
        _ => None,
    }
}
