//! Finds a query language that is missing or in the wrong place. It is reported once, and the rest of the definition
//! is checked with the intended query language.

use super::expressions::FORGOTTEN_BRACES;
use super::fields::{JSONATA_FIELD, UNKNOWN_FIELD};
use super::{Checker, Diagnostic};
use crate::asl::fields::STATE;
use crate::asl::{Machine, Node, QueryLanguage, StateMachine};
use crate::value::Json;

const FIELD: &str = "QueryLanguage";

/// A definition with the intended query language, and the findings about the original.
pub(super) struct Intent {
    pub(super) machine: StateMachine,
    pub(super) finding: Diagnostic,
}

/// Searches for a query language in the wrong place, or a missing one.
pub(super) fn guess(machine: &StateMachine) -> Option<Intent> {
    let definition = machine.definition();
    if definition.has(FIELD) {
        return None;
    }
    among_states(machine, &definition).or_else(|| forgotten(machine, &definition))
}

/// `QueryLanguage` as a member of `States`.
fn among_states(machine: &StateMachine, definition: &Machine<'_>) -> Option<Intent> {
    let node = definition.get("States")?.get(FIELD)?;
    let language = node.json().as_str().filter(|name| QueryLanguage::from_name(name).is_some())?;
    let mut finding =
        Checker::finding(&UNKNOWN_FIELD, &node, format!("`{FIELD}` is not a state: it belongs next to `States`"));
    finding.help(format!("move it up: `\"{FIELD}\": \"{language}\", \"States\": {{…}}`"));
    let mut meant = machine.clone();
    let root = meant.json_mut().as_object_mut()?;
    root.insert(FIELD, language.to_owned());
    root.get_mut("States")?.as_object_mut()?.remove(FIELD);
    Some(Intent { machine: meant, finding })
}

/// Checks for JSONata fields, and no JSONPath fields, without a query language.
fn forgotten(machine: &StateMachine, definition: &Machine<'_>) -> Option<Intent> {
    let mut first: Option<(&str, Node<'_>)> = None;
    for state in definition.walk() {
        if state.has(FIELD) || state.machine().has(FIELD) {
            return None;
        }
        for (name, node) in state.members() {
            match STATE.field(name).and_then(|field| field.language) {
                Some(QueryLanguage::JsonPath) => return None,
                Some(QueryLanguage::Jsonata) => drop(first.get_or_insert((name, node))),
                None => {}
            }
        }
        for rule in state.choices() {
            if rule.has("Variable") || rule.has("And") || rule.has("Or") || rule.has("Not") {
                return None;
            }
            if let Some(node) = rule.get("Condition") {
                first.get_or_insert(("Condition", node));
            }
        }
    }
    let (name, node) = first.filter(|_| !has_dollar_key(machine.json()))?;
    let mut finding = Checker::finding(
        &JSONATA_FIELD,
        &node,
        format!("`{name}` is available only in JSONata states, and this state machine uses JSONPath"),
    );
    finding.help(format!("add `\"{FIELD}\": \"JSONata\"` to the state machine"));
    let mut meant = machine.clone();
    meant.json_mut().as_object_mut()?.insert(FIELD, "JSONata");
    Some(Intent { machine: meant, finding })
}

fn has_dollar_key(json: &Json) -> bool {
    let mut open = vec![json];
    while let Some(json) = open.pop() {
        match json {
            Json::Object(object) => {
                if object.names().any(|name| name.ends_with(".$")) {
                    return true;
                }
                open.extend(object.iter().map(|(_, value)| value));
            }
            Json::Array(elements) => open.extend(elements),
            _ => {}
        }
    }
    false
}

/// Without a query language, all expressions in JSONPath fields are one mistake.
pub(super) fn join_expressions(definition: &Machine<'_>, findings: &mut Vec<Diagnostic>) {
    let names_a_language = || definition.has(FIELD) || definition.walk().any(|state| state.has(FIELD));
    let is_one = |finding: &Diagnostic| finding.code == FORGOTTEN_BRACES.code;
    let count = findings.iter().filter(|finding| is_one(finding)).count();
    if count == 0 || names_a_language() {
        return;
    }
    let mut told = false;
    findings.retain_mut(|finding| {
        if !is_one(finding) {
            return true;
        }
        if std::mem::replace(&mut told, true) {
            return false;
        }
        let places = if count == 1 { String::new() } else { format!(", in this and {} other places", count - 1) };
        finding.message =
            format!("`{{% … %}}` is text in a JSONPath state{places}: the state machine has no `{FIELD}`");
        finding.help(format!(
            "add `\"{FIELD}\": \"JSONata\"` to the state machine, and write `Arguments` for `Parameters`"
        ));
        true
    });
}
