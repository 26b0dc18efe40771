//! The values of fields: payload templates, paths, intrinsic functions and JSONata expressions.

use std::collections::BTreeMap;

use super::accepts::Accepts;
use super::machine::Flow;
use super::path::{self, Dead, Roots, Step};
use super::value::{Rest, Value, origin};
use super::{Kind, intrinsic};
use crate::asl::{Node, QueryLanguage, State};
use crate::expression::intrinsic::ArgumentKind;
use crate::expression::json_path::{JsonPath, Root, SegmentKind};
use crate::expression::{Intrinsic, jsonata, placeholder};
use crate::value::{Json, Number, escape_token};
use sfn_tasks_jsonata::Syntax;

/// The values for the fields of a state.
pub(super) struct Data<'d> {
    /// `$`, or `$states.input`
    pub(super) input: &'d Value,
    /// `$states.result`
    pub(super) result: Option<&'d Value>,
    /// `$states.errorOutput`
    pub(super) error: Option<&'d Value>,
    pub(super) context: &'d Value,
    pub(super) language: QueryLanguage,
}

pub(super) fn in_json_path<'d>(input: &'d Value, context: &'d Value) -> Data<'d> {
    Data { input, result: None, error: None, context, language: QueryLanguage::JsonPath }
}

impl Flow {
    pub(super) fn assignments(&mut self, state: &State<'_>, data: &Data<'_>) {
        self.assignments_of(state, data);
    }

    pub(super) fn assignments_of(&mut self, node: &Node<'_>, data: &Data<'_>) {
        let Some(node) = node.get("Assign") else { return };
        for (key, child) in node.members() {
            let dynamic = key.strip_suffix(".$").filter(|_| data.language == QueryLanguage::JsonPath);
            let value = match dynamic {
                Some(_) => self.expression(&child, data),
                None => self.template(&child, data),
            };
            self.assign(dynamic.unwrap_or(key), &value);
        }
    }

    /// A payload template.
    pub(super) fn template(&mut self, node: &Node<'_>, data: &Data<'_>) -> Value {
        let words = || origin("a value that the definition builds");
        match node.json() {
            // It may become an expression.
            Json::String(text) if data.language == QueryLanguage::Jsonata && placeholder::is_in(text) => {
                match jsonata::unwrap(text) {
                    Ok(Some(expression)) => self.jsonata(node, expression, data),
                    _ => Value::anything(),
                }
            }
            Json::String(text) => match jsonata::unwrap(text) {
                Ok(Some(expression)) if data.language == QueryLanguage::Jsonata => self.jsonata(node, expression, data),
                _ => Value::string(),
            },
            Json::Array(_) => {
                let elements: Vec<Node<'_>> = node.elements().collect();
                Value::elements(elements.iter().map(|element| self.template(element, data)).collect(), words())
            }
            json @ Json::Object(_) if placeholder::is_value(json) => Value::anything(),
            Json::Object(_) => {
                let mut known = BTreeMap::new();
                let mut rest = Rest::None;
                for (key, child) in node.members() {
                    let dynamic = key.strip_suffix(".$").filter(|_| data.language == QueryLanguage::JsonPath);
                    let value = match dynamic {
                        Some(_) => self.expression(&child, data),
                        None => self.template(&child, data),
                    };
                    if key.contains("${") {
                        rest = Rest::Open;
                    }
                    known.insert(dynamic.unwrap_or(key).to_owned(), value);
                }
                Value::object(known, rest, words())
            }
            json => Value::of_json(json, &words()),
        }
    }

    /// A path or an intrinsic function.
    pub(super) fn expression(&mut self, node: &Node<'_>, data: &Data<'_>) -> Value {
        let Some(text) = node.json().as_str() else { return Value::anything() };
        if !text.starts_with("States.") {
            return self.path(node, data);
        }
        match Intrinsic::parse(text) {
            Ok(call) => self.call(node, &call, data),
            Err(_) => Value::anything(),
        }
    }

    /// A call of an intrinsic function.
    fn call(&mut self, node: &Node<'_>, call: &Intrinsic<'_>, data: &Data<'_>) -> Value {
        let words = origin("a value that the definition builds");
        let constant = |json: Json| Value::of_json(&json, &words);
        let mut given = Vec::new();
        for (at, argument) in call.arguments.iter().enumerate() {
            let value = match &argument.kind {
                ArgumentKind::String(text) => constant(text.text().into()),
                ArgumentKind::Number(number) => constant(Number::from_f64(*number).map_or(Json::Null, Json::Number)),
                ArgumentKind::Boolean(is) => constant(Json::Bool(*is)),
                ArgumentKind::Null => Value::null(),
                ArgumentKind::Path(path) => self.look_up(&written(path), data).unwrap_or_else(|dead| {
                    self.dead(node, &dead, data.language);
                    Value::anything()
                }),
                ArgumentKind::Call(inner) => self.call(node, inner, data),
                ArgumentKind::Placeholder => Value::anything(),
            };
            let wanted = call.accepts(at);
            if !intrinsic::fits(wanted, &value) {
                let (name, is, must) = (call.name, describe(&value), wanted.describe());
                let message = format!("argument {} of `{name}` is {is}, but must be {must}", at + 1);
                self.report(Kind::Argument, node.pointer(), message, None);
            }
            given.push(value);
        }
        if let Some((message, help)) = intrinsic::wrong_number(call, &given) {
            self.report(Kind::Argument, node.pointer(), message, help);
        }
        intrinsic::result(call, given, words)
    }

    /// Reports a value that a field does not accept.
    pub(super) fn accepted(
        &mut self,
        node: &Node<'_>,
        field: &str,
        accepts: Accepts,
        value: &Value,
        language: QueryLanguage,
    ) {
        let is_path = language == QueryLanguage::JsonPath;
        if accepts.fits(value, is_path) {
            return;
        }
        let is = match (&value.constant, accepts) {
            (Some(json @ Json::Number(_)), Accepts::Seconds | Accepts::Percentage) => format!("`{json}`"),
            (Some(json @ Json::String(_)), Accepts::Timestamp) => format!("`{json}`"),
            _ => describe(value),
        };
        let what = match () {
            () if is_path => "the path leads to",
            () if is_expression(node) => "the expression returns",
            () => "this is",
        };
        let message = format!("`{field}` accepts {}, but {what} {is}", accepts.describe());
        self.report(Kind::Type, node.pointer(), message, None);
    }

    pub(super) fn path(&mut self, node: &Node<'_>, data: &Data<'_>) -> Value {
        let Some(text) = node.json().as_str().filter(|text| text.starts_with('$')) else { return Value::anything() };
        match self.look_up(text, data) {
            // Without a value, the state fails.
            Ok(value) => Value { missing: false, ..value },
            Err(dead) => {
                self.dead(node, &dead, data.language);
                Value::anything()
            }
        }
    }

    pub(super) fn look_up(&self, text: &str, data: &Data<'_>) -> Result<Value, Box<Dead>> {
        let variable = |name: &str| self.variable(name);
        path::json_path(text, &Roots { value: data.input, variable: &variable, context: data.context })
    }

    /// A JSONata expression. If it is only a path, it fails if the path selects nothing; a part of an expression then
    /// has no value.
    fn jsonata(&mut self, node: &Node<'_>, expression: &str, data: &Data<'_>) -> Value {
        let Some(steps) = path::steps(expression) else {
            let Ok(parsed) = sfn_tasks_jsonata::parse(expression, Syntax::Placeholders) else {
                return Value::anything();
            };
            let roots = Readable { flow: self, data };
            let known =
                super::jsonata::read(expression, &parsed, &roots, &origin("a value that the definition builds"));
            for mut dead in known.dead {
                dead.is_unlikely = true;
                self.dead(node, &dead, data.language);
            }
            for problem in known.problems {
                self.report_problem(node.pointer(), expression, problem);
            }
            return Value { missing: false, ..known.value };
        };
        let found = match steps.as_slice() {
            [Step::Name("states"), Step::Name(part), rest @ ..] => {
                let start = match *part {
                    "input" => Some(data.input),
                    "result" => data.result,
                    "errorOutput" => data.error,
                    "context" => Some(data.context),
                    _ => None,
                };
                // Another check reports these where they do not exist.
                let Some(start) = start else { return Value::anything() };
                path::jsonata(start.clone(), &format!("$states.{part}"), rest)
            }
            [Step::Name(name), rest @ ..] => path::jsonata(self.variable(name), &format!("${name}"), rest),
            _ => return Value::anything(),
        };
        match found {
            // Without a value, the state fails.
            Ok(value) => Value { missing: false, ..value },
            Err(dead) => {
                self.dead(node, &dead, data.language);
                Value::anything()
            }
        }
    }

    /// Reports a path that selects nothing.
    pub(super) fn dead(&mut self, node: &Node<'_>, dead: &Dead, language: QueryLanguage) {
        let Dead { alive, step, there, is_unlikely, instead } = dead;
        let is_context = matches!((alive.as_str(), step.as_str()), ("$$" | "$states.context", ".Task" | ".Map"));
        if is_context {
            let (message, help) = match step.as_str() {
                ".Task" => (
                    "there is no task token here: only a Task state that waits for a callback or a job has one",
                    "append `.waitForTaskToken` to the resource",
                ),
                _ => (
                    "there is no item here: only a Map state and the states inside it have one",
                    "move the reference into `ItemSelector` or the processor of the Map state",
                ),
            };
            return self.report(Kind::Context, node.pointer(), message.to_owned(), Some(help.to_owned()));
        }
        // The context object's members are checked by name.
        let in_context = alive.strip_prefix("$$").or_else(|| alive.strip_prefix("$states.context"));
        let is_data = |rest: &str| [".Map.Item.Value", ".Execution.Input"].iter().any(|data| rest.starts_with(data));
        if in_context.is_some_and(|rest| !is_data(rest)) {
            return;
        }
        let kind = if *is_unlikely { Kind::UnlikelyPath } else { Kind::Path };
        if let Some(instead) = instead {
            let message = format!("no state writes to `{alive}{step}`: a branch writes to `{alive}{instead}`");
            return self.report(kind, node.pointer(), message, Some(format!("did you mean `{alive}{instead}`?")));
        }
        let (why, help) = explain(alive, step, there, language);
        self.report(kind, node.pointer(), format!("there is nothing at `{alive}{step}`: {why}"), help);
    }
}

/// Whether the text is a JSONata expression.
pub(super) fn is_expression(node: &Node<'_>) -> bool {
    matches!(node.json().as_str().map(jsonata::unwrap), Some(Ok(Some(_))))
}

/// The values that the expressions of a state can read.
struct Readable<'r> {
    flow: &'r Flow,
    data: &'r Data<'r>,
}

impl super::jsonata::Roots for Readable<'_> {
    fn part(&self, name: &str) -> Option<Value> {
        match name {
            "input" => Some(self.data.input.clone()),
            "result" => self.data.result.cloned(),
            "errorOutput" => self.data.error.cloned(),
            "context" => Some(self.data.context.clone()),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Value {
        self.flow.variable(name)
    }
}

/// Why a step selects nothing, and the path that was probably intended.
fn explain(alive: &str, step: &str, there: &Value, language: QueryLanguage) -> (String, Option<String>) {
    let name = step.strip_prefix('.');
    let write = |path: String| Some(format!("did you mean `{path}`?"));
    if let (Some(list), None) = (&there.list, &there.object) {
        let why = format!("`{alive}` is a list, {}", list.origin);
        let has = |value: &Value| name.is_some_and(|name| !value.anything && !value.member(name).value.is_nothing());
        let at = list.elements.as_ref().and_then(|elements| elements.iter().position(has));
        let help = match (at, name) {
            (Some(index), _) => write(format!("{alive}[{index}]{step}")),
            (None, Some(_)) if language == QueryLanguage::JsonPath && list.any.anything => {
                write(format!("{alive}[0]{step}"))
            }
            _ => None,
        };
        return (why, help);
    }
    if let (Some(object), Some(name)) = (&there.object, name) {
        let names: Vec<&str> = object.known.keys().map(String::as_str).collect();
        let why = match names.as_slice() {
            [] => format!("`{alive}` has no members ({})", object.origin),
            few if few.len() <= 8 => format!("`{alive}` has only `{}` ({})", few.join("`, `"), object.origin),
            many => format!("`{alive}` has {} other members ({})", many.len(), object.origin),
        };
        // The path one level deeper, if such a member exists there, or a similar name.
        let deeper = object.known.iter().find(|(_, value)| {
            !value.anything && value.object.as_ref().is_some_and(|inner| inner.known.contains_key(name))
        });
        let nearest = names
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, name), *known))
            .filter(|(distance, known)| *distance <= 2.max(known.len().min(name.len()) / 3))
            .min();
        let help = match (deeper, nearest) {
            (Some((member, _)), _) => write(format!("{alive}.{member}{step}")),
            (None, Some((_, known))) => write(format!("{alive}.{known}")),
            _ => None,
        };
        return (why, help);
    }
    (format!("`{alive}` is {}", describe(there)), None)
}

/// The kinds of a value, for a message.
pub(super) fn describe(value: &Value) -> String {
    let kinds = [
        (value.null, "null"),
        (value.boolean, "a boolean"),
        (value.number, "a number"),
        (value.string, "a string"),
        (value.list.is_some(), "a list"),
        (value.object.is_some(), "an object"),
        (value.function, "a function"),
    ];
    let kinds: Vec<&str> = kinds.into_iter().filter(|(is, _)| *is).map(|(_, kind)| kind).collect();
    kinds.join(" or ")
}

/// A path, written as text.
fn written(path: &JsonPath<'_>) -> String {
    let mut text = match path.root {
        Root::Value => "$".to_owned(),
        Root::Context => "$$".to_owned(),
        Root::Variable(name) => format!("${name}"),
    };
    for segment in &path.segments {
        match &segment.kind {
            SegmentKind::Name(name) => text.push_str(&format!("['{}']", escape_token(name).replace('\'', "\\'"))),
            SegmentKind::Index(index) => text.push_str(&format!("[{index}]")),
            // The following steps select a list.
            _ => {
                text.push_str("[*]");
                break;
            }
        }
    }
    text
}
