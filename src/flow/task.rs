//! The calls of tasks: their parameters and their results.

use super::fields::{Data, describe, is_expression};
use super::machine::Flow;
use super::value::{Value, origin};
use super::{Kind, parameters};
use crate::asl::{Node, QueryLanguage, State, StateType};
use crate::catalog::{self, Action, Pattern, Shape};
use crate::expression::resource::{Resource, Target};

impl Flow {
    pub(super) fn task_result(&mut self, state: &State<'_>) -> Value {
        let own = if self.own.is_empty() { None } else { self.own.get(&state.pointer()).copied() };
        // Whoever has the token answers in place of the job.
        if ["Parameters", "Arguments"].iter().filter_map(|field| state.get(field)).any(|node| reads_token(&node)) {
            return Value::anything();
        }
        let resource = state.resource().unwrap_or_default();
        match own {
            Some(_) => task_result(resource, own),
            None => match self.results.get(resource) {
                Some(known) => known.clone(),
                None => {
                    let result = task_result(resource, None);
                    self.results.insert(resource.to_owned(), result.clone());
                    result
                }
            },
        }
    }

    /// Reports paths and expressions whose values the parameters of a call do not accept.
    pub(super) fn call_parameters(&mut self, state: &State<'_>, node: &Node<'_>, data: &Data<'_>) {
        let target = state.resource().and_then(Resource::parse).map(|resource| resource.target);
        let action = match target {
            Some(Target::Optimized { service, action }) => catalog::find(service, action),
            Some(Target::Sdk { service, action }) => catalog::find(&format!("aws-sdk:{service}"), action),
            _ => None,
        };
        let Some(action) = action.filter(|_| self.is_reporting) else { return };
        let is_sdk = action.service.starts_with("aws-sdk:");
        for (key, child) in node.members() {
            let name = key.strip_suffix(".$").unwrap_or(key);
            if let Some(member) = action.parameters.member(name) {
                self.parameter(key, &child, &member.shape, is_sdk, data);
            }
        }
    }

    fn parameter(&mut self, key: &str, node: &Node<'_>, shape: &Shape, is_sdk: bool, data: &Data<'_>) {
        let dynamic = key.strip_suffix(".$").filter(|_| data.language == QueryLanguage::JsonPath);
        let value = match dynamic {
            Some(_) => self.expression(node, data),
            None if data.language == QueryLanguage::Jsonata && is_expression(node) => self.template(node, data),
            None => {
                match shape {
                    Shape::Structure(structure) => {
                        for (key, child) in node.members() {
                            if let Some(member) = structure.member(key.strip_suffix(".$").unwrap_or(key)) {
                                self.parameter(key, &child, &member.shape, is_sdk, data);
                            }
                        }
                    }
                    Shape::Map(map) => {
                        node.members().for_each(|(key, child)| self.parameter(key, &child, &map.values, is_sdk, data));
                    }
                    Shape::List(list) => {
                        node.elements().for_each(|child| self.parameter(key, &child, &list.items, is_sdk, data));
                    }
                    _ => {}
                }
                return;
            }
        };
        let name = dynamic.unwrap_or(key);
        if let Some((name, wanted)) = parameters::refused(shape, &value, name, is_sdk) {
            let message = format!("`{name}` must be {wanted}, but the value has another type: {}", describe(&value));
            self.report(Kind::Parameter, node.pointer(), message, None);
        }
    }
}

/// Whether the state has a task token.
pub(super) fn has_token(state: &State<'_>) -> bool {
    if state.state_type() != StateType::Task {
        return false;
    }
    let Some(resource) = state.resource() else { return true };
    match Resource::parse(resource) {
        Some(Resource { target: Target::Optimized { .. } | Target::Sdk { .. }, suffix }) => {
            // A job has one too, although the guide does not say so.
            !suffix.is_empty()
        }
        Some(Resource { target: Target::Function, .. }) => false,
        _ => true,
    }
}

/// Whether a payload contains the task token.
fn reads_token(node: &Node<'_>) -> bool {
    let text = node.json().to_string();
    ["$$.Task", "$states.context.Task"].iter().any(|path| text.contains(path))
}

/// The result of a task's call.
pub(super) fn task_result(resource: &str, own: Option<&'static Action>) -> Value {
    let Some(parsed) = Resource::parse(resource) else { return Value::anything() };
    let Some(pattern) = Pattern::ALL.into_iter().find(|it| it.suffix() == parsed.suffix) else {
        return Value::anything();
    };
    let (name, shape) = match (own, parsed.target) {
        (Some(action), _) => {
            let result = action.pattern(pattern).and_then(|support| action.result(support));
            (format!("{}:{}", action.service, action.name), result)
        }
        (None, Target::Optimized { service, action }) => {
            (format!("{service}:{action}"), catalog::result(service, action, pattern))
        }
        (None, Target::Sdk { service, action }) => {
            let service = format!("aws-sdk:{service}");
            (format!("{service}:{action}"), catalog::result(&service, action, pattern))
        }
        _ => return Value::anything(),
    };
    let Some(shape) = shape else { return Value::anything() };
    let words = origin(format!("the result of `{name}{}`", parsed.suffix));
    let value = Value::of_shape(&shape, &words);
    let Some(object) = &value.object else { return Value::anything() };
    if own.is_some_and(|action| action.body_member.is_some()) {
        // A function or an activity answers with nothing around.
        return value;
    }
    let mut known = object.known.clone();
    for name in ["SdkHttpMetadata", "SdkResponseMetadata"] {
        known.insert(name.to_owned(), Value::anything());
    }
    Value::object(known, object.rest, words)
}
