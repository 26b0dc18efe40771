//! The checker describes the document. A person who built a machine never wrote the document, so the help names the
//! methods to call, and so does a message that a spec has written: it says in one sentence what to set.

use std::collections::{HashMap, HashSet};

use crate::asl::StateType;
use crate::catalog::{Shape, Structure};
use crate::check::{Catalog, Diagnostic};
use crate::value::Json;

/// Fields whose methods do not have the lowercase name of the field.
const METHODS: [(&str, &str); 18] = [
    ("And", "all([…])"),
    ("Or", "any([…])"),
    ("Not", "not(…)"),
    ("Arguments", "parameters"),
    ("Default", "otherwise"),
    ("HeartbeatSeconds", "heartbeat"),
    ("IntervalSeconds", "interval"),
    ("ItemsPath", "items"),
    ("JSONata", "QueryLanguage::Jsonata"),
    ("JSONPath", "QueryLanguage::JsonPath"),
    ("MaxDelaySeconds", "max_delay"),
    ("TimeoutSeconds", "timeout"),
    (".sync", "run_job()"),
    (".waitForTaskToken", "wait_for_task_token()"),
    ("\"End\": true", "end()"),
    ("\"QueryLanguage\": \"JSONata\"", "query_language(QueryLanguage::Jsonata)"),
    ("$$.Task.Token", "task_token()"),
    ("$states.context.Task.Token", "task_token()"),
];

/// Rewrites a finding with the names of the builders.
pub(crate) fn of_builders(finding: &mut Diagnostic, document: &Json, catalog: &Catalog) {
    if finding.code == "parameter-rule" {
        if let Some(setters) = setters(&finding.pointer, document, catalog) {
            finding.message = in_backticks(&finding.message, |name| setters.get(name).map(|setter| (*setter).into()));
        }
    }
    let text = document.pointer(&finding.pointer).and_then(Json::as_str);
    finding.help = match (finding.code, finding.help.take()) {
        ("forgotten-dollar", Some(help)) if help.starts_with("write `String") => text.map(|text| {
            let operator = finding.pointer.rsplit('/').next().unwrap_or_default();
            format!("write `.{}(path({text:?}))`", method(operator))
        }),
        ("forgotten-dollar", _) => text.map(|text| match text {
            "$$.Task.Token" => "write `task_token()`".to_owned(),
            text if text.starts_with('$') => format!("write `path({text:?})`"),
            text if text.starts_with("States.") => {
                format!("write `intrinsic::call({text:?})`, or the function of `intrinsic` that has this name")
            }
            _ => "put the text together: `intrinsic::format(\"…/{}\", [path(\"$.…\")])`".to_owned(),
        }),
        ("jsonata", Some(help)) if help.contains("the string with") => {
            Some("write the whole text as one `jsonata(…)`".to_owned())
        }
        // The name of an error is the same in both.
        ("error-prefix", help) => help,
        ("callback-timeout", _) => Some("set `.timeout(…)` or `.heartbeat(…)`".to_owned()),
        ("choice-default", _) => Some("add `.otherwise(…)`, or `.next(…)` after the choice".to_owned()),
        ("context-not-here", Some(help)) if help.contains("waitForTaskToken") => {
            Some("add `.wait_for_task_token()` to the task".to_owned())
        }
        ("dollar-key", _) => text.map(|text| match text.trim_start_matches('.') {
            "" => "write `state_input()` for the whole input".to_owned(),
            name => format!("write `path({:?})`, or `{name:?}` alone for a text", format!("$.{name}")),
        }),
        ("express-distributed-map", _) => Some("write `Map` for `DistributedMap`, or deploy a Standard workflow".to_owned()),
        ("missing-field", _) if finding.pointer.ends_with("/Branches") => Some("add `.branch(…)`".to_owned()),
        ("missing-field", _) if finding.pointer.ends_with("/Choices") => Some("add `.when(…)`".to_owned()),
        ("jsonata-field", _) if finding.pointer.ends_with("/Items") => Some(
            "write `.items(path(…))` with a list of the input, or set `query_language` to `QueryLanguage::Jsonata`".to_owned(),
        ),
        ("missing-field", _) if finding.pointer.ends_with("/And") || finding.pointer.ends_with("/Or") => {
            Some("give the list a condition such as `var(\"$.total\").greater_than(1000)`".to_owned())
        }
        ("forgotten-braces", Some(help)) if help.starts_with("add `\"QueryLanguage") => Some(
            "write `path(…)`, or add `.query_language(QueryLanguage::Jsonata)` by `StateMachine::builder`, and write \
             `jsonata(…)` for the text"
                .to_owned(),
        ),
        ("no-error-names", _) => Some(match finding.pointer.contains("/Retry/") {
            true => "name one, or write `Retry::all()`".to_owned(),
            false => "name one, or write `Catch::all()`".to_owned(),
        }),
        ("no-states", _) => Some("give a state such as `Pass::new(name)`; `goto(…)` alone is none".to_owned()),
        ("result-writer", _) if finding.pointer.ends_with("/ResultWriter") => {
            Some("add `.bucket(…)`, or `.writer_config(…)`".to_owned())
        }
        ("undefined-variable", Some(help)) if help.contains("\"Assign\"") => {
            let name = finding.message.rsplit_once('$').map_or("name", |(_, name)| name.trim_end_matches('`'));
            Some(format!("assign it in an earlier state: `.assign({name:?}, …)`"))
        }
        ("unknown-state", None) => Some(
            "`goto` only names a state: give the state itself once, to `.next(…)`, `.when(…)`, `.otherwise(…)` or \
             `.catch(…)`"
                .to_owned(),
        ),
        ("unreachable-state", _) => Some(
            "lead to it by `.next(…)` or `goto(…)`: behind `.end()`, a Succeed or a Fail state, and a Choice state whose \
             ways all lead elsewhere, nothing goes on"
                .to_owned(),
        ),
        (_, Some(help)) => {
            Some(if ["did you mean", "use "].iter().any(|it| help.starts_with(it)) { help } else { in_methods(&help) })
        }
        (_, None) => None,
    };
}

/// The setters for the parameters of the optimized integration that the state around a position calls, at every depth.
fn setters(pointer: &str, document: &Json, catalog: &Catalog) -> Option<HashMap<&'static str, &'static str>> {
    let is_task = |at: &&str| document.pointer(at).and_then(|state| state.pointer("/Type")?.as_str()) == Some("Task");
    let mut around = pointer.match_indices('/').map(|(end, _)| &pointer[..end]);
    let at = around.find(is_task)?;
    let state = document.pointer(at)?.as_object()?;
    let payload = ["Parameters", "Arguments"].iter().find_map(|name| state.get(name));
    let action = catalog.call_at(at, state.get("Resource")?.as_str()?, payload).filter(|action| !action.is_sdk())?;
    let mut setters = HashMap::new();
    let (mut open, mut seen) = (vec![action.parameters], HashSet::new());
    while let Some(structure) = open.pop() {
        if !seen.insert(std::ptr::from_ref(structure)) {
            continue;
        }
        for member in structure.members {
            if let Some(setter) = member.setter {
                setters.entry(member.name).or_insert(setter);
            }
            open.extend(structure_of(&member.shape));
        }
    }
    Some(setters)
}

/// The structure of a value, of the elements of a list or of the values of a map.
fn structure_of(mut shape: &Shape) -> Option<&'static Structure> {
    loop {
        match shape {
            Shape::Structure(structure) => return Some(structure.get()),
            Shape::List(list) => shape = &list.items,
            Shape::Map(map) => shape = &map.values,
            _ => return None,
        }
    }
}

/// The text with the names between backticks replaced by methods of the builders.
fn in_methods(help: &str) -> String {
    in_backticks(help, |part| match METHODS.iter().find(|(field, _)| *field == part) {
        Some((_, method)) => Some((*method).to_owned()),
        None if is_field(part) => Some(method(part)),
        None => in_rust(part),
    })
}

/// The text with those words between backticks replaced for which there is a replacement.
fn in_backticks(text: &str, replace: impl Fn(&str) -> Option<String>) -> String {
    let word =
        |(at, part): (usize, &str)| (at % 2 == 1).then(|| replace(part)).flatten().unwrap_or_else(|| part.into());
    text.split('`').enumerate().map(word).collect::<Vec<String>>().join("`")
}

/// A piece of the document as the Rust expression that writes it: a JSONata expression, a member, or an object with one
/// member.
fn in_rust(json: &str) -> Option<String> {
    if let Some(member) =
        json.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|it| it.starts_with('"'))
    {
        let (name, value) = member_in_rust(member)?;
        return Some(format!("payload!({{ {name:?}: {value} }})"));
    }
    if let Some(expression) = expression_in_rust(json) {
        return Some(expression);
    }
    let (name, value) = member_in_rust(json)?;
    Some(match is_field(name) && name.ends_with("Path") {
        true => format!("{}({})", method(name), value.trim_start_matches("path(").trim_end_matches(')')),
        false => format!("{name:?}: {value}"),
    })
}

/// `"name.$": "$.path"` is the name, and `path("$.path")`.
fn member_in_rust(member: &str) -> Option<(&str, String)> {
    let (name, value) = member.strip_prefix('"')?.split_once("\": \"")?;
    let value = value.strip_suffix('"')?;
    let value = match expression_in_rust(value) {
        Some(expression) => expression,
        None if value == "$$.Task.Token" => "task_token()".to_owned(),
        None if name.ends_with(".$") || name.ends_with("Path") => format!("path({value:?})"),
        None => return None,
    };
    Some((name.trim_end_matches(".$"), value))
}

fn expression_in_rust(text: &str) -> Option<String> {
    let expression = text.strip_prefix("{%")?.strip_suffix("%}")?.trim();
    Some(if expression == "…" { "jsonata(…)".to_owned() } else { format!("jsonata({expression:?})") })
}

/// Whether this is the name of a field or of a parameter: words that each begin with a capital. The types of states
/// have the same names in both.
fn is_field(name: &str) -> bool {
    StateType::from_name(name).is_none()
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.contains(|sign: char| sign.is_ascii_lowercase())
        && name.bytes().all(|sign| sign.is_ascii_alphanumeric())
}

/// `MessageGroupId` is set by `message_group_id`.
fn method(name: &str) -> String {
    let signs: Vec<char> = name.chars().collect();
    let mut method = String::with_capacity(name.len() + 4);
    for (at, sign) in signs.iter().enumerate() {
        let after_small = at > 0 && !signs[at - 1].is_ascii_uppercase();
        let before_small = at > 0 && signs.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if sign.is_ascii_uppercase() && (after_small || before_small) {
            method.push('_');
        }
        method.push(sign.to_ascii_lowercase());
    }
    method
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_become_methods() {
        for (help, expected) in [
            (
                "add `Next` with the name of a state, or `\"End\": true`",
                "add `next` with the name of a state, or `end()`",
            ),
            ("make `HeartbeatSeconds` less than `TimeoutSeconds`", "make `heartbeat` less than `timeout`"),
            ("put `$$.Task.Token` into `MessageBody`", "put `task_token()` into `message_body`"),
            ("give one of `KMSKeyId` or `S3Uri`", "give one of `kms_key_id` or `s3_uri`"),
            ("write `{% $x + 1 %}`", r#"write `jsonata("$x + 1")`"#),
            (r#"write `"id": "{% … %}"`"#, r#"write `"id": jsonata(…)`"#),
            (
                r#"write `"OutputPath": "$.a"`, or an object: `{"value.$": "$.a"}`"#,
                r#"write `output_path("$.a")`, or an object: `payload!({ "value": path("$.a") })`"#,
            ),
            (
                "write `a` for a constant, or begin the value with `$`",
                "write `a` for a constant, or begin the value with `$`",
            ),
        ] {
            assert_eq!(in_methods(help), expected);
        }
    }
}
