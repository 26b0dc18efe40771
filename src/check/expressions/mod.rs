//! Checks strings (paths, intrinsic functions and JSONata) and the payloads that contain them.

mod jsonata;
mod rules;

use std::collections::HashSet;

use super::fields::Place;
use super::rule::Rule;
use super::suggest::shorten;
use super::{Checker, scope};
use crate::asl::{Node, QueryLanguage};
use crate::expression::intrinsic::{Argument, ArgumentKind};
use crate::expression::json_path::{Root, SegmentKind};
use crate::expression::jsonata::unwrap;
use crate::expression::{Intrinsic, JsonPath, Jsonata, SyntaxError, context, intrinsic, placeholder, variable};
use crate::value::{Json, unescape_token};

pub(super) use jsonata::{condition, place_in, text};
use rules::{
    CONTEXT, DOLLAR_KEY, DOLLAR_KEY_IN_JSONATA, DUPLICATE_KEY, PATH, PATH_FILTER, PATH_FUNCTION, REFERENCE_PATH,
    RESULT_PATH,
};
pub(super) use rules::{FORGOTTEN_BRACES, FORGOTTEN_DOLLAR, INTRINSIC, JSONATA_OPERATION, RULES};

/// The kind of path that a field accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any path, or `null`.
    Path,
    /// A reference path.
    Reference,
    /// A reference path into the input, or `null`.
    Result,
    /// A reference path or a call of an intrinsic function.
    OrCall,
}

/// Checks a field that contains a path.
pub(super) fn path_field(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, kind: Kind, place: Place<'_>) {
    let text = match node.json() {
        Json::String(text) => text,
        Json::Null if matches!(kind, Kind::Path | Kind::Result) => return,
        other => {
            checker.add(&PATH, node, format!("`{name}` must be a string with a path, not {}", other.kind()));
            return;
        }
    };
    if kind == Kind::OrCall && intrinsic::looks_like_call(text) {
        call(checker, node, text, place);
    } else {
        path(checker, node, text, kind, place);
    }
}

fn path(checker: &mut Checker<'_>, node: &Node<'_>, text: &str, kind: Kind, place: Place<'_>) {
    if intrinsic::looks_like_call(text) {
        checker
            .add(&PATH, node, format!("`{}` is not a path, and a function is not allowed here", shorten(text)))
            .help("compute it in a payload, such as `Parameters`, and write the path to the result here");
        return;
    }
    match JsonPath::parse(text) {
        Ok(path) => {
            if kind == Kind::Result && path.root != Root::Value {
                checker
                    .add(&RESULT_PATH, node, format!("`{text}` is not a path into the state's input"))
                    .help("start the path with `$.`");
                return;
            }
            if kind != Kind::Path {
                if let Err(error) = path.check_reference() {
                    syntax(checker, &REFERENCE_PATH, node, text, error);
                    return;
                }
            }
            check_steps(checker, node, &path);
            check_root(checker, node, &path, place);
        }
        Err(error) if is_filled_in(text, &error) => {}
        Err(error) => syntax(checker, &PATH, node, text, error),
    }
}

fn call(checker: &mut Checker<'_>, node: &Node<'_>, text: &str, place: Place<'_>) {
    match Intrinsic::parse(text) {
        Ok(call) => {
            for path in call.paths() {
                check_steps(checker, node, path);
                check_root(checker, node, path, place);
            }
            check_template(checker, node, &call);
        }
        Err(error) if is_filled_in(text, &error) => {}
        Err(error) => syntax(checker, &INTRINSIC, node, text, error),
    }
}

/// Whether the error is at a placeholder, or at the end of a text that ends with one: the value of the placeholder
/// may be correct.
fn is_filled_in(text: &str, error: &SyntaxError) -> bool {
    let mut open = placeholder::find(text).filter(|range| range.start == 0 || range.contains(&error.offset));
    open.next().is_some()
}

fn syntax(checker: &mut Checker<'_>, rule: &'static Rule, node: &Node<'_>, text: &str, error: SyntaxError) {
    let place = match text.get(..error.offset).map_or(0, |before| before.chars().count()) {
        0 => String::new(),
        column => format!(" (at character {})", column + 1),
    };
    checker.add(rule, node, format!("`{}`: {}{place}", shorten(text), error.message)).help = error.help;
}

/// Checks a template without `{}`: a path in it is text.
fn check_template(checker: &mut Checker<'_>, node: &Node<'_>, call: &Intrinsic<'_>) {
    let [Argument { kind: ArgumentKind::String(template), .. }] = call.arguments.as_slice() else { return };
    let is_path = |at: usize| template.raw[at + 2..].starts_with(char::is_alphabetic);
    if call.name == "States.Format" && template.raw.match_indices("$.").any(|(at, _)| is_path(at)) {
        checker
            .add(&FORGOTTEN_DOLLAR, node, format!("a path inside the text of `{}` is plain text", call.name))
            .help("write `{}` for the value, and the path as an argument: `States.Format('… {}', $.…)`");
    }
}

/// Checks functions and filters, for which Step Functions accepts more syntax than it supports.
fn check_steps(checker: &mut Checker<'_>, node: &Node<'_>, path: &JsonPath<'_>) {
    for segment in &path.segments {
        match &segment.kind {
            SegmentKind::Function { name, .. } if name != "length" => {
                checker
                    .add(&PATH_FUNCTION, node, format!("`{name}()` has no result in a path of Step Functions"))
                    .help("only `length()` works; compute anything else in JSONata or a Lambda function");
            }
            SegmentKind::Filter(filter) => {
                if let Err(error) = &filter.predicate {
                    let message = format!("`{}`: {}", shorten(&filter.text), error.message);
                    checker.add(&PATH_FILTER, node, message).help.clone_from(&error.help);
                }
            }
            _ => {}
        }
    }
}

/// Checks the start of a path: the members of the context object, or a variable.
fn check_root(checker: &mut Checker<'_>, node: &Node<'_>, path: &JsonPath<'_>, place: Place<'_>) {
    match path.root {
        Root::Value => {}
        Root::Context => {
            if let Err(error) = context::check_members("$$", path.leading_names()) {
                checker.add(&CONTEXT, node, error.message).help = error.help;
            }
        }
        Root::Variable(name) => scope::check_use(checker, node, name, place.needed, place),
    }
}

/// Checks JSON that contains expressions.
pub(super) fn payload(checker: &mut Checker<'_>, root: &Node<'_>, place: Place<'_>) {
    let mut open = vec![root.clone()];
    while let Some(node) = open.pop() {
        match node.json() {
            Json::String(text) if place.language == QueryLanguage::Jsonata => {
                if is_bare(text, place) {
                    bare(checker, &node, text);
                } else if let Some(inside) = in_the_middle(text) {
                    let message =
                        format!("`{}` is plain text: an expression must be the whole string", shorten(inside));
                    checker
                        .add(&FORGOTTEN_BRACES, &node, message)
                        .help("join the parts in one expression: `{% 'text ' & $states.input.x & ' text' %}`");
                } else {
                    self::text(checker, &node, text, place);
                }
            }
            Json::String(text) if node != *root => text_in_payload(checker, &node, text, place),
            Json::Array(_) => open.extend(node.elements()),
            Json::Object(object) => {
                let names: HashSet<&str> = object.names().collect();
                open.extend(node.members().filter_map(|(key, child)| match key.strip_suffix(".$") {
                    Some(bare) => {
                        dollar_key(checker, &names, key, bare, &child, place);
                        None
                    }
                    None => Some(child),
                }));
            }
            _ => {}
        }
    }
}

/// Reports an expression without its braces.
pub(super) fn bare(checker: &mut Checker<'_>, node: &Node<'_>, text: &str) {
    let message = format!("`{}` is plain text: `{{%` and `%}}` are missing", shorten(text));
    checker.add(&FORGOTTEN_BRACES, node, message).help(format!("write `{{% {} %}}`", shorten(text)));
}

/// Whether a text is an expression without its braces: a part of `$states`, a variable that exists, or a call.
pub(super) fn is_bare(text: &str, place: Place<'_>) -> bool {
    let Some(rest) = text.strip_prefix('$') else { return false };
    let name = &rest[..rest.find(|sign| !variable::may_continue(sign)).unwrap_or(rest.len())];
    let is_call = rest[name.len()..].starts_with('(') && rest.ends_with(')') && Jsonata::is_function(name);
    let is_states = name == variable::RESERVED && !rest.contains(char::is_whitespace) && !placeholder::is_in(text);
    is_call || is_states || is_variable(text, place)
}

/// Whether a text is a variable that exists, or a member of one: `$order.id`.
fn is_variable(text: &str, place: Place<'_>) -> bool {
    match JsonPath::parse(text).map(|path| path.root) {
        Ok(Root::Variable(name)) => place.scope.assigns(name),
        _ => false,
    }
}

/// An expression with text around it, which is not evaluated.
fn in_the_middle(text: &str) -> Option<&str> {
    if !matches!(unwrap(text), Ok(None)) || matches!(unwrap(text.trim()), Ok(Some(_))) {
        return None;
    }
    let start = text.find("{%")?;
    let end = start + text[start..].find("%}")? + 2;
    Some(&text[start..end])
}

fn dollar_key(
    checker: &mut Checker<'_>,
    siblings: &HashSet<&str>,
    key: &str,
    bare: &str,
    node: &Node<'_>,
    place: Place<'_>,
) {
    if place.language == QueryLanguage::Jsonata {
        checker
            .add(
                &DOLLAR_KEY_IN_JSONATA,
                node,
                format!("`{key}`: in a JSONata state, `.$` at the end of a key has no effect"),
            )
            .help(format!("write `\"{bare}\": \"{{% … %}}\"`"));
        return;
    }
    if siblings.contains(bare) {
        checker
            .add(&DUPLICATE_KEY, node, format!("`{bare}` is present both with and without `.$`"))
            .help("remove one of them");
    }
    match node.json() {
        Json::String(text) if intrinsic::looks_like_call(text.trim_start()) => call(checker, node, text, place),
        Json::String(text) if text.starts_with('$') => path(checker, node, text, Kind::Path, place),
        Json::Placeholder(_) => {}
        Json::String(text) if placeholder::is_in(text) => {}
        other => {
            let what = match other.as_str() {
                Some(text) => format!("`{}`", shorten(text)),
                None => other.kind().to_owned(),
            };
            checker
                .add(
                    &DOLLAR_KEY,
                    node,
                    format!("the value of `{key}` must be a path or a call of an intrinsic function, not {what}"),
                )
                .help(format!("write `{bare}` for a constant, or start the value with `$`"));
        }
    }
}

/// The key or the index of a value.
fn last_token(node: &Node<'_>) -> String {
    let pointer = node.pointer();
    unescape_token(pointer.rsplit('/').next().unwrap_or_default()).into_owned()
}

/// Checks the text of a JSONPath field that also has a `…Path` form, such as `Cause` and `CausePath`.
pub(super) fn text_beside_a_path(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, value: &str) {
    let takes_calls = matches!(name, "Error" | "Cause") && intrinsic::looks_like_call(value);
    let is_path = (value.starts_with("$.") || value.starts_with("$$.")) && JsonPath::parse(value).is_ok();
    let is_meant = is_path || takes_calls && matches!(Intrinsic::parse(value), Ok(call) if !call.name.is_empty());
    // A pattern may start with any character.
    if is_meant && name != "StringMatches" && !placeholder::is_in(value) {
        let message = format!("`{}` is plain text: `{name}` does not accept a path", shorten(value));
        checker.add(&FORGOTTEN_DOLLAR, node, message).help(format!("write `{name}Path`"));
    }
}

/// Checks a constant in the payload of a JSONPath state that may be meant as an expression.
fn text_in_payload(checker: &mut Checker<'_>, node: &Node<'_>, value: &str, place: Place<'_>) {
    let is_call = || matches!(Intrinsic::parse(value), Ok(call) if !call.name.is_empty());
    if intrinsic::looks_like_call(value) && !placeholder::is_in(value) && is_call() {
        let key = last_token(node);
        let help = match key.bytes().all(|sign| sign.is_ascii_digit()) {
            true => "create the array with a call: `\"key.$\": \"States.Array(…)\"`".to_owned(),
            false => format!("write `\"{key}.$\"` as the key"),
        };
        let message = format!("`{}` is passed as plain text, because its key does not end with `.$`", shorten(value));
        checker.add(&FORGOTTEN_DOLLAR, node, message).help(help);
        return;
    }
    let path = matches!(value, "$" | "$$")
        || ["$.", "$$.", "$["].iter().any(|start| value.starts_with(start))
        || is_variable(value, place);
    if path && !placeholder::is_in(value) && JsonPath::parse(value).is_ok() {
        let key = last_token(node);
        // An element of an array has no key to change, and some services have paths of their own.
        if !key.bytes().all(|sign| sign.is_ascii_digit()) && !key.ends_with("Path") {
            checker
                .add(
                    &FORGOTTEN_DOLLAR,
                    node,
                    format!("`{value}` is passed as plain text, because its key does not end with `.$`"),
                )
                .help(format!("write `\"{key}.$\": \"{value}\"`"));
        }
    } else if let Some(at) = value.find("/$.").filter(|at| value[at + 3..].starts_with(char::is_alphabetic)) {
        let path = value[at + 1..].split(|sign: char| sign == '/' || sign.is_whitespace()).next().unwrap_or_default();
        if !placeholder::is_in(value) && JsonPath::parse(path).is_ok() {
            checker
                .add(&FORGOTTEN_DOLLAR, node, format!("`{}` in the middle of a string is plain text", shorten(path)))
                .help("build the string: `States.Format('…/{}', $.…)` with a key that ends with `.$`");
        }
    } else if matches!(unwrap(value), Ok(Some(_))) {
        checker
            .add(&FORGOTTEN_BRACES, node, format!("`{}` is plain text in a JSONPath state", shorten(value)))
            .help("set `QueryLanguage` to `JSONata`, or write a path");
    }
}
