//! Fields: paths, templates and expressions, with AWS's error messages.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use std::sync::Arc;

use super::map::Source;
use super::{Fault, Variables, World};
use crate::expression::evaluate::jsonata::{self, Outcome};
use crate::expression::evaluate::{self, Random, Scope};
use crate::expression::intrinsic::ArgumentKind;
use crate::expression::json_path::Root;
use crate::expression::{Intrinsic, JsonPath, intrinsic};
use crate::value::{Json, Object};

/// Expressions that are parsed already.
#[derive(Default)]
pub(in crate::run) struct Cache<'a>(RefCell<HashMap<&'a str, Arc<Expression<'a>>>>);

/// A string that is evaluated.
pub(super) enum Expression<'a> {
    Path(JsonPath<'a>),
    Call(Intrinsic<'a>),
    Wrong(String),
}

impl<'a> Cache<'a> {
    pub(in crate::run) fn get(&self, text: &'a str) -> Arc<Expression<'a>> {
        if let Some(known) = self.0.borrow().get(text) {
            return Arc::clone(known);
        }
        let parsed = if intrinsic::looks_like_call(text) {
            Intrinsic::parse_unchecked(text).map(Expression::Call)
        } else {
            JsonPath::parse(text).map(Expression::Path)
        };
        let parsed = Arc::new(parsed.unwrap_or_else(|error| Expression::Wrong(error.message)));
        self.0.borrow_mut().insert(text, Arc::clone(&parsed));
        parsed
    }
}

/// What the names in an expression refer to in a state.
pub(in crate::run) struct Here<'w, 'a> {
    world: &'w World<'a>,
    thread: usize,
    value: &'w Json,
    context: OnceCell<Json>,
    variables: &'w Variables,
    /// The current item, if it is not the item of the thread.
    item: Option<(usize, &'w Source)>,
    /// `$states.result` and `$states.errorOutput`.
    result: Option<&'w Json>,
    error: Option<&'w Json>,
}

impl Scope for Here<'_, '_> {
    fn value(&self) -> &Json {
        self.value
    }

    fn context(&self) -> &Json {
        self.context.get_or_init(|| self.world.context(self.thread, self.item))
    }

    fn variable(&self, name: &str) -> Option<&Json> {
        self.variables.get(name).map(|value| &**value)
    }

    fn random(&self) -> &Random {
        &self.world.random
    }
}

impl<'w, 'a> Here<'w, 'a> {
    pub(in crate::run) fn with_item(mut self, index: usize, source: &'w Source) -> Self {
        self.item = Some((index, source));
        self
    }

    pub(in crate::run) fn with_result(mut self, result: &'w Json) -> Self {
        self.result = Some(result);
        self
    }

    pub(in crate::run) fn with_error(mut self, error: &'w Json) -> Self {
        self.error = Some(error);
        self
    }

    /// The value at a path that is alone in its field: `InputPath`, `ItemsPath`.
    pub(in crate::run) fn path(&self, text: &'a str) -> Result<Json, Fault> {
        match &*self.world.cache.get(text) {
            Expression::Path(path) => match evaluate::find(path, self) {
                Ok(found) => Ok(found.into_json()),
                Err(fault) => Err(Fault::runtime(format!("Invalid path '{text}' : {fault}"))),
            },
            Expression::Call(call) => Ok(evaluate::call(call, text, self)?),
            Expression::Wrong(message) => Err(Fault::runtime(format!("Invalid path '{text}' : {message}"))),
        }
    }

    /// The value at a path, if there is one.
    pub(in crate::run) fn optional(&self, text: &'a str) -> Option<Json> {
        match &*self.world.cache.get(text) {
            Expression::Path(path) => match evaluate::find(path, self) {
                Ok(evaluate::Found::Many(values)) if values.is_empty() => None,
                found => found.ok().map(evaluate::Found::into_json),
            },
            Expression::Call(call) => evaluate::call(call, text, self).ok(),
            Expression::Wrong(_) => None,
        }
    }

    /// The value of a path or a call in the field of that name.
    pub(in crate::run) fn expression(&self, text: &'a str, field: &str) -> Result<Json, Fault> {
        match &*self.world.cache.get(text) {
            Expression::Path(path) => evaluate::find(path, self).map(evaluate::Found::into_json).map_err(|fault| {
                if let evaluate::PathFault::Invalid(message) = fault {
                    return Fault::runtime(message);
                }
                let input = if path.root == Root::Context { self.context() } else { self.value };
                Fault::runtime(format!(
                    "The JSONPath '{text}' specified for the field '{field}' could not be found in the input '{input}'"
                ))
            }),
            Expression::Call(call) => match evaluate::call(call, text, self) {
                Err(evaluate::Fault::Path(_)) => Err(Fault::runtime(format!(
                    "The function '{text}' had the following error: The JsonPath argument for the field '{}' could not be \
                     found in the input '{}'",
                    self.missing_argument(call, text).unwrap_or_default(),
                    self.value
                ))),
                result => Ok(result?),
            },
            Expression::Wrong(message) => Err(Fault::runtime(message.clone())),
        }
    }

    /// The first path among the arguments that selects nothing.
    fn missing_argument<'t>(&self, call: &Intrinsic<'a>, text: &'t str) -> Option<&'t str> {
        call.arguments.iter().find_map(|argument| match &argument.kind {
            ArgumentKind::Path(path) if evaluate::find(path, self).is_err() => {
                Some(text[argument.offset..intrinsic::path_end(text, argument.offset)].trim_end())
            }
            ArgumentKind::Call(nested) => self.missing_argument(nested, text),
            _ => None,
        })
    }

    /// A payload template: the values of members whose names end with `.$` are expressions.
    pub(in crate::run) fn template(&self, template: &'a Json) -> Result<Json, Fault> {
        Ok(match template {
            Json::Object(object) => {
                let mut result = Object::with_capacity(object.len());
                for (name, value) in object.iter() {
                    match (name.strip_suffix(".$"), value) {
                        (Some(bare), Json::String(text)) => result.push(bare.to_owned(), self.expression(text, name)?),
                        _ => result.push(name.to_owned(), self.template(value)?),
                    }
                }
                Json::Object(result)
            }
            Json::Array(elements) => {
                Json::Array(elements.iter().map(|element| self.template(element)).collect::<Result<_, _>>()?)
            }
            other => other.clone(),
        })
    }

    /// A JSONata template: strings between `{%` and `%}` are expressions.
    pub(in crate::run) fn jsonata_template(&self, template: &Json, location: &str) -> Result<Json, Fault> {
        Ok(match template {
            Json::Object(object) => {
                let mut result = Object::with_capacity(object.len());
                for (name, value) in object.iter() {
                    result.push(name.to_owned(), self.jsonata_template(value, &format!("{location}/{name}"))?);
                }
                Json::Object(result)
            }
            Json::Array(elements) => Json::Array(
                elements
                    .iter()
                    .enumerate()
                    .map(|(index, element)| self.jsonata_template(element, &format!("{location}[{index}]")))
                    .collect::<Result<_, _>>()?,
            ),
            Json::String(text) => match expression_of(text) {
                Some(expression) => self.jsonata(expression, location)?,
                None => template.clone(),
            },
            other => other.clone(),
        })
    }

    /// The value of an expression in the field at that location.
    pub(in crate::run) fn jsonata(&self, expression: &str, location: &str) -> Result<Json, Fault> {
        let said = |what: String| {
            Fault::query(
                format!("The JSONata expression '{expression}' specified for the field '{location}' {what}"),
                Some(location),
            )
        };
        match jsonata::evaluate(expression, self.names(expression), &self.world.random, self.world.now.as_millis()) {
            Ok(Outcome::Value(value)) => Ok(value),
            Ok(Outcome::Undefined) => Err(said("returned nothing (undefined).".into())),
            Ok(Outcome::Unsupported) => Err(said("returned an unsupported result type.".into())),
            Err(message) => Err(said(format!("threw an error during evaluation{message}"))),
        }
    }

    /// Like [`jsonata`](Self::jsonata), if the value has that type: `array`, `number`, `boolean`, `string`.
    pub(in crate::run) fn jsonata_of(&self, expression: &str, location: &str, wanted: &str) -> Result<Json, Fault> {
        let value = self.jsonata(expression, location)?;
        let kind = kind_of(&value);
        if kind == wanted {
            return Ok(value);
        }
        Err(Fault::query(
            format!(
                "The JSONata expression '{expression}' specified for the field '{location}' returned an unexpected result \
                 type. Expected '{wanted}', but was '{kind}' for value: {value}"
            ),
            Some(location),
        ))
    }

    /// The variables that the expression mentions. A value that it does not read is not copied.
    fn names<'n>(&'n self, expression: &str) -> Vec<(&'n str, Json)> {
        let mentioned =
            |name: &str| expression.match_indices('$').any(|(at, _)| expression[at + 1..].starts_with(name));
        let mut names: Vec<(&str, Json)> = self
            .variables
            .iter()
            .filter(|(name, _)| mentioned(name))
            .map(|(name, value)| (name.as_str(), (**value).clone()))
            .collect();
        if mentioned("states") {
            // If anything other than `.name` follows `$states`, the expression can read all of it.
            let whole = expression
                .match_indices("$states")
                .any(|(at, found)| !expression[at + found.len()..].trim_start().starts_with('.'));
            let reads = |member: &str| whole || expression.contains(member);
            let mut states = Object::new();
            if reads("input") {
                states.insert("input", self.value.clone());
            }
            if let Some(result) = self.result {
                states.insert("result", result.clone());
            }
            if let Some(error) = self.error {
                states.insert("errorOutput", error.clone());
            }
            if reads("context") {
                states.insert("context", self.context().clone());
            }
            names.push(("states", Json::Object(states)));
        }
        names
    }
}

/// The text between `{%` and `%}`.
pub(super) fn expression_of(text: &str) -> Option<&str> {
    Some(text.strip_prefix("{%")?.strip_suffix("%}")?.trim())
}

/// JSONata's name for the type of a value.
pub(super) fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) | Json::Placeholder(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

impl<'a> World<'a> {
    /// What the names refer to in a thread's state, where `$` is that value.
    pub(super) fn here<'w>(&'w self, thread: usize, value: &'w Json) -> Here<'w, 'a> {
        Here {
            world: self,
            thread,
            value,
            context: OnceCell::new(),
            variables: &self.threads[thread].variables,
            item: None,
            result: None,
            error: None,
        }
    }

    /// The context object.
    fn context(&self, number: usize, item: Option<(usize, &Source)>) -> Json {
        let thread = &self.threads[number];
        if let Some(context) = self.single.as_ref().and_then(|single| single.context.as_ref()) {
            return context.clone();
        }
        let execution = &self.executions[thread.execution];
        let text = |text: &Arc<str>| Json::from(text.to_string());
        let object = |members: Vec<(&'static str, Json)>| Json::Object(members.into_iter().collect());
        let state = self.state(number);
        let mut context = vec![
            (
                "Execution",
                object(vec![
                    ("Id", text(&execution.id)),
                    ("Input", (*execution.input).clone()),
                    ("Name", text(&execution.name)),
                    ("RoleArn", execution.role.as_ref().map_or(Json::Null, &text)),
                    ("StartTime", Json::from(execution.started.to_string())),
                    ("RedriveCount", Json::from(execution.redrives)),
                ]),
            ),
            (
                "State",
                object(vec![
                    ("EnteredTime", Json::from(thread.entered_at.to_string())),
                    ("Name", self.single.as_ref().map_or_else(|| text(&state.name), |single| text(&single.name))),
                    ("RetryCount", Json::from(i64::from(thread.retries))),
                ]),
            ),
            (
                "StateMachine",
                object(vec![("Id", text(&execution.machine_id)), ("Name", text(&execution.machine_name))]),
            ),
        ];
        if let (Some(time), Some((_, Json::Object(execution)))) = (execution.redriven, context.get_mut(0)) {
            execution.insert("RedriveTime", Json::from(time.to_string()));
        }
        if !super::state::may_retry(state.kind) {
            if let Some((_, Json::Object(state))) = context.get_mut(1) {
                state.remove("RetryCount");
            }
        }
        if let Some(token) = &thread.token {
            context.push(("Task", object(vec![("Token", Json::from(token.clone()))])));
        }
        let own = thread.item.as_ref().map(|item| (item.index, &item.source));
        if let Some((index, source)) = item.or(own) {
            let mut members = vec![("Index", Json::from(index as u64)), ("Value", (*source.value).clone())];
            if let Some(key) = &source.key {
                members.insert(1, ("Key", text(key)));
            }
            members.push(("Source", text(&source.place)));
            context.push(("Map", object(vec![("Item", object(members))])));
        }
        object(context)
    }
}
