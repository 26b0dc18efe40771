//! The checker speaks of the document. Whoever built a machine never wrote the document, and is told what to call.

use crate::check::Diagnostic;
use crate::value::Json;

/// What fields are called whose methods are not simply their names in small letters.
const METHODS: [(&str, &str); 16] = [
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
    ("\"End\": true", "end()"),
    ("\"QueryLanguage\": \"JSONata\"", "query_language(QueryLanguage::Jsonata)"),
    ("$$.Task.Token", "task_token()"),
    ("$states.context.Task.Token", "task_token()"),
];

/// Puts the help of a finding into the words of the builders.
pub(crate) fn of_builders(finding: &mut Diagnostic, document: &Json) {
    let text = document.pointer(&finding.pointer).and_then(Json::as_str);
    finding.help = match (finding.code, finding.help.take()) {
        ("forgotten-dollar", _) => text.map(|text| {
            format!("write `path({text:?})`; if the text itself is meant, accept it by `.allow(\"forgotten-dollar\")`")
        }),
        ("forgotten-braces", _) => text.map(|text| format!("write `jsonata({text:?})`")),
        ("callback-timeout", _) => Some("set `.timeout(…)` or `.heartbeat(…)`".to_owned()),
        ("choice-default", _) => Some("add `.otherwise(…)`, or `.next(…)` behind the choice".to_owned()),
        (_, Some(help)) => {
            Some(if ["did you mean", "use "].iter().any(|it| help.starts_with(it)) { help } else { in_methods(&help) })
        }
        (_, None) => None,
    };
}

/// The text with the methods of the builders in the place of the names between backticks.
fn in_methods(help: &str) -> String {
    let mut text = String::with_capacity(help.len());
    for (at, part) in help.split('`').enumerate() {
        if at > 0 {
            text.push('`');
        }
        match (at % 2, METHODS.iter().find(|(field, _)| *field == part)) {
            (1, Some((_, method))) => text.push_str(method),
            (1, None) if is_field(part) => text.push_str(&method(part)),
            _ => text.push_str(part),
        }
    }
    text
}

/// Whether this is the name of a field or of a parameter: words of letters, each with a capital.
fn is_field(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
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
            (
                "write `a` for a constant, or begin the value with `$`",
                "write `a` for a constant, or begin the value with `$`",
            ),
        ] {
            assert_eq!(in_methods(help), expected);
        }
    }
}
