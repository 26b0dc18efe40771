//! Tasks that wait: the task token, time-outs, and the output of a nested execution.

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

/// What ends a wait.
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
                    .add(&CALLBACK_TIMEOUT, resource, "nothing ends the wait if the callback never comes")
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
        [] => format!("put `{name}` into the parameters"),
        _ => format!("put `{name}` into {}", list(places.iter().copied(), "or")),
    };
    let Some(payload) = state.payload() else {
        checker.add(&TASK_TOKEN, resource, "the task token is not handed on").help(help);
        return;
    };
    if payload.object().is_none() {
        if !reads_token(&payload, language) {
            checker.add(&TASK_TOKEN, &payload, "the task token is not handed on").help(help);
        }
        return;
    }
    if !reads_token(&payload, language) {
        checker.add(&TASK_TOKEN, &payload, "the task token is not handed on").help(help);
    } else if !places.is_empty() {
        let in_place = payload.members().any(|(key, child)| {
            let bare = key.strip_suffix(".$").unwrap_or(key);
            (places.contains(&bare) || is_open(key)) && member_reads_token(key, &child, language)
        });
        if !in_place {
            checker
                .add(&TASK_TOKEN, &payload, "the task token stands where the service does not hand it on")
                .help(help);
        }
    }
}

/// Whether the token is anywhere in the value. Whatever is only known when it is deployed counts as a token.
fn reads_token(node: &Node<'_>, language: QueryLanguage) -> bool {
    let mut open = vec![(String::new(), node.clone())];
    while let Some((key, node)) = open.pop() {
        match node.json() {
            Json::Object(_) => open.extend(node.members().map(|(key, child)| (key.to_owned(), child))),
            Json::Array(_) => open.extend(node.elements().map(|child| (String::new(), child))),
            _ if member_reads_token_itself(&key, &node, language) => return true,
            _ => {}
        }
    }
    false
}

fn member_reads_token(key: &str, node: &Node<'_>, language: QueryLanguage) -> bool {
    member_reads_token_itself(key, node, language) || reads_token(node, language)
}

fn member_reads_token_itself(key: &str, node: &Node<'_>, language: QueryLanguage) -> bool {
    let text = match node.json() {
        Json::Placeholder(_) => return true,
        Json::String(text) => text,
        _ => return false,
    };
    if is_open(text) {
        return true;
    }
    match language {
        QueryLanguage::Jsonata => match jsonata::unwrap(text) {
            // What does not parse is reported as such.
            Ok(Some(expression)) => Jsonata::parse(expression).map_or(true, |found| found.reads_task_token()),
            _ => false,
        },
        QueryLanguage::JsonPath if !key.ends_with(".$") => false,
        QueryLanguage::JsonPath if intrinsic::looks_like_call(text) => {
            Intrinsic::parse(text).map_or(true, |call| call.paths().into_iter().any(is_token))
        }
        QueryLanguage::JsonPath => JsonPath::parse(text).map_or(true, |path| is_token(&path)),
    }
}

/// Whether the path gives the token: it leads to it, or to something that it is part of.
fn is_token(path: &JsonPath<'_>) -> bool {
    path.root == Root::Context && path.leading_names().zip(TOKEN).all(|(name, wanted)| name == wanted)
}

/// Warns where the output of a nested execution, a string, is read as if it were JSON.
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
                        format!("`{text}` reads `Output` as JSON, but `.sync` gives it as a string"),
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
