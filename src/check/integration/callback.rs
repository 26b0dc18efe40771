//! Rules for tasks that wait: the task token, timeouts, and the output of a nested execution.

use super::is_open;
use super::rules::{CALLBACK_TIMEOUT, SYNC_OUTPUT, TASK_TOKEN};
use crate::asl::{Node, QueryLanguage, State};
use crate::catalog::{Pattern, PatternSupport};
use crate::check::Checker;
use crate::check::suggest::list;
use crate::expression::context::TASK_TOKEN as TOKEN;
use crate::expression::json_path::Root;
use crate::expression::{Intrinsic, JsonPath, Jsonata, intrinsic, jsonata};
use crate::value::Json;

/// The fields that limit a wait.
const LIMITS: [&str; 4] = ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"];

pub(super) fn check(
    checker: &mut Checker<'_>,
    state: &State<'_>,
    resource: &Node<'_>,
    pattern: Option<Pattern>,
    support: Option<&'static PatternSupport>,
) {
    match pattern {
        Some(Pattern::WaitForTaskToken) => {
            token(checker, state, resource, support.map_or(&[], |support| support.token_in));
            if !LIMITS.iter().any(|name| state.has(name)) {
                checker
                    .add(&CALLBACK_TIMEOUT, resource, "the state waits without a limit if the callback never comes")
                    .help("add `TimeoutSeconds` or `HeartbeatSeconds`");
            }
        }
        Some(Pattern::Sync)
            if resource.json().as_str().is_some_and(|text| text.ends_with("states:startExecution.sync")) =>
        {
            nested_output(checker, state);
        }
        _ => {}
    }
}

fn token(checker: &mut Checker<'_>, state: &State<'_>, resource: &Node<'_>, places: &[&str]) {
    let language = state.query_language();
    let name = match language {
        QueryLanguage::JsonPath => "$$.Task.Token",
        QueryLanguage::Jsonata => "{% $states.context.Task.Token %}",
    };
    let help = match places {
        [] => format!("add `{name}` to the parameters"),
        _ => format!("add `{name}` to {}", list(places.iter().copied(), "or")),
    };
    let Some(payload) = state.payload() else {
        checker.add(&TASK_TOKEN, resource, "the task token is not passed to the service").help(help);
        return;
    };
    let reads = |key: &str, node: &Node<'_>| reads_token(key, node, language);
    let in_place = match payload.object() {
        Some(_) if !places.is_empty() => payload.members().any(|(key, child)| {
            let name = key.strip_suffix(".$").unwrap_or(key);
            (places.contains(&name) || is_open(key)) && reads(key, &child) != Token::Absent
        }),
        _ => reads("", &payload) != Token::Absent,
    };
    if !in_place {
        let message = match reads("", &payload) {
            Token::Present => "the service does not return the task token from this place in the parameters",
            Token::Absent | Token::Unknown => "the task token is not passed to the service",
        };
        checker.add(&TASK_TOKEN, &payload, message).help(help);
    }
}

/// Whether a value contains the task token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Token {
    Absent,
    /// A part of the value is only known at deployment, or is invalid.
    Unknown,
    Present,
}

/// Searches for the token, or for a value that contains it, such as the whole context object.
fn reads_token(key: &str, node: &Node<'_>, language: QueryLanguage) -> Token {
    let mut open = vec![(key.to_owned(), node.clone())];
    let mut best = Token::Absent;
    while let Some((key, node)) = open.pop() {
        match node.json() {
            Json::Object(_) => open.extend(node.members().map(|(key, child)| (key.to_owned(), child))),
            Json::Array(_) => open.extend(node.elements().map(|child| (String::new(), child))),
            Json::Placeholder(_) => best = best.max(Token::Unknown),
            Json::String(text) => best = best.max(text_reads_token(&key, text, language)),
            _ => {}
        }
    }
    best
}

fn text_reads_token(key: &str, text: &str, language: QueryLanguage) -> Token {
    let found = match language {
        QueryLanguage::Jsonata => match jsonata::unwrap(text) {
            Ok(Some(expression)) => Jsonata::parse(expression).map(|found| found.reads_task_token()),
            _ => Ok(false),
        },
        QueryLanguage::JsonPath if !key.ends_with(".$") => Ok(false),
        QueryLanguage::JsonPath if intrinsic::looks_like_call(text) => {
            Intrinsic::parse(text).map(|call| call.paths().into_iter().any(is_token))
        }
        QueryLanguage::JsonPath => JsonPath::parse(text).map(|path| is_token(&path)),
    };
    match found {
        Ok(true) => Token::Present,
        Ok(false) if !is_open(text) => Token::Absent,
        _ => Token::Unknown,
    }
}

/// Whether the path leads to the token, or to a value that contains it.
fn is_token(path: &JsonPath<'_>) -> bool {
    path.root == Root::Context && path.leading_names().zip(TOKEN).all(|(name, wanted)| name == wanted)
}

/// Warns if the output of a nested execution, which is a string, is read as JSON.
fn nested_output(checker: &mut Checker<'_>, state: &State<'_>) {
    let mut open: Vec<(String, Node<'_>)> = Vec::new();
    let fields: &[&str] = match state.query_language() {
        QueryLanguage::Jsonata => &["Output", "Assign"],
        QueryLanguage::JsonPath if state.has("ResultSelector") || state.has("ResultPath") => {
            &["ResultSelector", "Assign"]
        }
        QueryLanguage::JsonPath => &["ResultSelector", "Assign", "OutputPath"],
    };
    open.extend(fields.iter().filter_map(|name| Some(((*name).to_owned(), state.get(name)?))));
    while let Some((key, node)) = open.pop() {
        match node.json() {
            Json::Object(_) => open.extend(node.members().map(|(key, child)| (key.to_owned(), child))),
            Json::Array(_) => open.extend(node.elements().map(|child| (String::new(), child))),
            Json::String(text) if reads_output(&key, text, state.query_language()) => {
                checker
                    .add(
                        &SYNC_OUTPUT,
                        &node,
                        format!("`{text}` reads `Output` as JSON, but `.sync` returns it as a string"),
                    )
                    .help("use `.sync:2`");
            }
            _ => {}
        }
    }
}

fn reads_output(key: &str, text: &str, language: QueryLanguage) -> bool {
    let inside = |names: &[&str], path: &[&str]| path.len() > names.len() && path.starts_with(names);
    match (language, jsonata::unwrap(text)) {
        (QueryLanguage::Jsonata, Ok(Some(expression))) => Jsonata::parse(expression).is_ok_and(|found| {
            found
                .states
                .iter()
                .any(|path| inside(&["result", "Output"], &path.iter().map(String::as_str).collect::<Vec<_>>()))
        }),
        (QueryLanguage::JsonPath, _) if key == "OutputPath" || key.ends_with(".$") => {
            JsonPath::parse(text).is_ok_and(|path| {
                path.root == Root::Value && inside(&["Output"], &path.leading_names().collect::<Vec<_>>())
            })
        }
        _ => false,
    }
}
