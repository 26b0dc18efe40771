//! Checks the fields of an object and their values with the table of the language.

mod groups;
mod rules;
mod values;

use std::ptr;

use super::scope::{self, Scope};
use super::suggest::{did_you_mean, list};
use super::{Checker, expressions};
use crate::asl::fields::{self, Content, Field, FieldSet};
use crate::asl::{Machine, MachineRole, Node, QueryLanguage, State, StateType};
use crate::expression::{JsonPath, jsonata, placeholder};
use crate::value::Json;

pub(super) use groups::{at_most_one, exactly_one};
pub(super) use rules::{JSONATA_FIELD, MISSING_FIELD, RULES, UNKNOWN_FIELD, UNKNOWN_VALUE};
use rules::{JSONPATH_FIELD, MIXED_LANGUAGES, PAYLOAD};
use values::{comparison, integer, number, one_of, timestamp, wrong_type};

/// The maximum depth of objects with known fields that are checked.
const MAX_DEPTH: usize = 128;

/// The members of `$states` that an expression may use in addition to `input` and `context`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Available {
    /// No other.
    Input,
    /// `result`.
    Result,
    /// `errorOutput`.
    Error,
}

/// The context of an expression.
#[derive(Clone, Copy)]
pub(super) struct Place<'s> {
    pub(super) language: QueryLanguage,
    pub(super) state_type: StateType,
    pub(super) scope: &'s Scope<'s>,
    pub(super) available: Available,
    /// Whether the state fails if a path has no value
    pub(super) needed: bool,
}

/// Checks the fields of a state, and everything inside them except nested machines.
pub(super) fn check_state(checker: &mut Checker<'_>, state: &State<'_>, scope: &Scope<'_>) {
    let language = state.query_language();
    let place = Place { language, state_type: state.state_type(), scope, available: Available::Input, needed: true };
    if state.object().is_none() && fields::DEFINITION.field(state.name()).is_some() {
        let message = format!("`{}` is not a state: it belongs next to `States`", state.name());
        checker.add(&UNKNOWN_FIELD, state, message).help("move it one level up");
        return;
    }
    check_set(checker, state, &fields::STATE, place, 0);
    if language == QueryLanguage::JsonPath && state.machine().query_language() == QueryLanguage::Jsonata {
        if let Some(declared) = state.get("QueryLanguage") {
            checker.add(&MIXED_LANGUAGES, &declared, "a JSONata state machine cannot have a JSONPath state").help(
                "remove `QueryLanguage` here, or make the state machine a JSONPath one and set `QueryLanguage` on each JSONata state",
            );
        }
    }
}

/// Checks the fields of a machine except its states.
pub(super) fn check_machine(checker: &mut Checker<'_>, machine: &Machine<'_>) {
    let set = match machine.role() {
        MachineRole::Definition => &fields::DEFINITION,
        MachineRole::Branch => &fields::BRANCH,
        MachineRole::ItemProcessor | MachineRole::Iterator => &fields::ITEM_PROCESSOR,
    };
    let place = Place {
        language: machine.query_language(),
        state_type: StateType::Unknown,
        scope: &Scope::default(),
        available: Available::Input,
        needed: true,
    };
    check_set(checker, machine, set, place, 0);
    // AWS rejects it in an item processor. Its effect in a branch is unknown.
    if let Some(node) = machine.get("QueryLanguage").filter(|_| machine.role() == MachineRole::Branch) {
        checker
            .warn(&UNKNOWN_FIELD, &node, "AWS does not document a field `QueryLanguage` of a branch")
            .help("set it on the state machine, or on each state");
    }
}

fn check_set(checker: &mut Checker<'_>, node: &Node<'_>, set: &'static FieldSet, place: Place<'_>, depth: usize) {
    if depth > MAX_DEPTH || placeholder::is_value(node.json()) {
        return;
    }
    let Some(object) = node.object() else {
        wrong_type(checker, node, &format!("{} must be an object", set.name));
        return;
    };
    let is_state = ptr::eq(set, &fields::STATE);
    let owner = match place.state_type {
        StateType::Unknown => set.name.to_owned(),
        state_type if is_state => format!("a {state_type} state"),
        _ => set.name.to_owned(),
    };
    for (name, child) in node.members() {
        match set.field(name) {
            Some(field) if !field.belongs_to(place.state_type) && is_state => {
                misplaced(checker, &child, field, &owner, place.state_type);
            }
            Some(field) if !field.speaks(place.language) => {
                wrong_language(checker, &child, field, set, place.state_type)
            }
            // A rule may test whether the value is present.
            Some(_) if name == "Variable" && asks_for_presence(node, &child) => {}
            Some(field) => {
                let needed = name != "Variable" || !node.has("IsPresent");
                let place = Place { available: available(set, field, place), needed, ..place };
                check_content(checker, &child, field, place, depth);
            }
            None if placeholder::is_in(name) => {}
            None => unknown(checker, &child, name, set, &owner, place),
        }
    }
    for field in set.fields.iter().filter(|field| field.required && field.speaks(place.language)) {
        let applies = !is_state || field.states.is_empty() || field.states.contains(&place.state_type);
        if applies && !object.contains(field.name) {
            checker
                .add(&MISSING_FIELD, node, format!("{owner} must have `{}`", field.name))
                .help(format!("add `{}`", field.name));
        }
    }
}

/// Whether a choice rule tests whether a member of the context object is present.
fn asks_for_presence(rule: &Node<'_>, variable: &Node<'_>) -> bool {
    rule.has("IsPresent")
        && variable.json().as_str().is_some_and(|path| {
            path.starts_with("$$") && JsonPath::parse(path).is_ok_and(|path| path.check_reference().is_ok())
        })
}

fn available(set: &'static FieldSet, field: &Field, place: Place<'_>) -> Available {
    let handed_on = matches!(field.name, "Output" | "Assign");
    if ptr::eq(set, &fields::CATCHER) {
        Available::Error
    } else if ptr::eq(set, &fields::STATE) && handed_on && has_result(place.state_type) {
        Available::Result
    } else {
        place.available
    }
}

/// Whether `$states.result` exists in a state of this type.
fn has_result(state_type: StateType) -> bool {
    matches!(state_type, StateType::Task | StateType::Parallel | StateType::Map | StateType::Unknown)
}

fn misplaced(checker: &mut Checker<'_>, node: &Node<'_>, field: &Field, owner: &str, state_type: StateType) {
    let help = match (field.name, state_type) {
        ("Arguments", StateType::Pass) => "write `Output`".to_owned(),
        ("Arguments", StateType::Map) => "write `ItemSelector`".to_owned(),
        _ => format!("only {} states have it", list(field.states.iter().map(|state| state.name()), "and")),
    };
    checker.add(&UNKNOWN_FIELD, node, format!("{owner} has no field `{}`", field.name)).help(help);
}

fn unknown(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, set: &FieldSet, owner: &str, place: Place<'_>) {
    let known = set.fields.iter().filter(|field| field.belongs_to(place.state_type) && field.speaks(place.language));
    let help = match name.strip_suffix(".$").filter(|bare| set.field(bare).is_some()) {
        Some(bare) => Some(format!("write `{bare}`, or `{bare}Path` if there is one: `.$` works only inside payloads")),
        None if name == "QueryLanguage" => Some("set it on the state machine, or on each state".to_owned()),
        None => did_you_mean(name, known.map(|field| field.name)),
    };
    checker.add(&UNKNOWN_FIELD, node, format!("{owner} has no field `{name}`")).help = help;
}

fn wrong_language(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    field: &Field,
    set: &'static FieldSet,
    state_type: StateType,
) {
    let name = field.name;
    if field.language == Some(QueryLanguage::Jsonata) {
        // The JSONPath fields of a state, a rule or a catcher that correspond to this field.
        let twins: &[&str] = match name {
            "Arguments" => &["Parameters"],
            "Output" if ptr::eq(set, &fields::CATCHER) => &["ResultPath"],
            "Output" => &["OutputPath", "ResultSelector", "Parameters"],
            "Items" => &["ItemsPath"],
            _ => &[],
        };
        let twins = twins.iter().filter(|twin| set.field(twin).is_some_and(|it| it.belongs_to(state_type)));
        let twins: Vec<&str> = twins.copied().collect();
        let help = match name {
            "Condition" => "write `Variable` and a comparison, or set `QueryLanguage` to `JSONata`".to_owned(),
            _ if twins.is_empty() => "set `QueryLanguage` to `JSONata`".to_owned(),
            _ => format!("write {}, or set `QueryLanguage` to `JSONata`", list(twins.into_iter(), "or")),
        };
        checker.add(&JSONATA_FIELD, node, format!("`{name}` is available only in JSONata states")).help(help);
        return;
    }
    let help = match name {
        "InputPath" => "use `$states.input` in expressions".to_owned(),
        "Parameters" => match state_type {
            StateType::Pass => "write `Output`".to_owned(),
            StateType::Map => "write `ItemSelector`".to_owned(),
            _ => "write `Arguments`".to_owned(),
        },
        "Result" | "ResultSelector" | "ResultPath" | "OutputPath" => {
            "write `Output`, or `Assign` a variable".to_owned()
        }
        "ItemsPath" => "write `Items`".to_owned(),
        _ => match name.strip_suffix("Path").or(name.strip_suffix(".$")) {
            Some(bare) if matches!(field.content, Content::ReferencePath | Content::PathOrIntrinsic) => {
                format!("write `{bare}` with an expression: `{{% … %}}`")
            }
            _ => "write a `Condition`: `{% … %}`".to_owned(),
        },
    };
    checker.add(&JSONPATH_FIELD, node, format!("`{name}` is available only in JSONPath states")).help(help);
}

fn check_content(checker: &mut Checker<'_>, node: &Node<'_>, field: &'static Field, place: Place<'_>, depth: usize) {
    let json = node.json();
    if placeholder::is_value(json) {
        return;
    }
    if field.expression && place.language == QueryLanguage::Jsonata {
        if let Some(text) = json.as_str() {
            if !matches!(jsonata::unwrap(text), Ok(None)) {
                expressions::text(checker, node, text, place);
                return;
            }
            if expressions::is_bare(text, place) {
                expressions::bare(checker, node, text);
                return;
            }
            if matches!(field.content, Content::Text) {
                expressions::text(checker, node, text, place);
            }
        }
    }
    let name = field.name;
    let is_comparison = matches!(field.content, Content::Comparison(_)) && name.starts_with("String");
    if let (QueryLanguage::JsonPath, Some(text)) = (place.language, json.as_str()) {
        if is_comparison || matches!(name, "Error" | "Cause") {
            expressions::text_beside_a_path(checker, node, name, text);
        }
    }
    match field.content {
        Content::Text | Content::StateName => {
            if json.as_str().is_none() {
                wrong_type(checker, node, &format!("`{name}` must be a string"));
            }
        }
        Content::OneOf(values) => one_of(checker, node, name, values),
        Content::Timestamp => timestamp(checker, node, name),
        Content::Boolean | Content::Test => {
            if json.as_bool().is_none() {
                wrong_type(checker, node, &format!("`{name}` must be `true` or `false`"));
            }
        }
        Content::Integer(least, most) => integer(checker, node, name, least, most),
        Content::Number(least, most) => number(checker, node, name, least, most),
        Content::Path => expressions::path_field(checker, node, name, expressions::Kind::Path, place),
        Content::ReferencePath | Content::ComparisonPath(_) => {
            expressions::path_field(checker, node, name, expressions::Kind::Reference, place);
        }
        Content::ResultPath => expressions::path_field(checker, node, name, expressions::Kind::Result, place),
        Content::PathOrIntrinsic => expressions::path_field(checker, node, name, expressions::Kind::OrCall, place),
        Content::Payload => payload(checker, node, name, place),
        Content::Json | Content::States => {}
        Content::Variables => scope::check_assign(checker, node, place),
        Content::Condition => expressions::condition(checker, node, place),
        Content::Comparison(operand) => comparison(checker, node, name, operand),
        Content::Texts | Content::ErrorNames => {
            let strings = json.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()));
            if !strings {
                wrong_type(checker, node, &format!("`{name}` must be an array of strings"));
            }
        }
        Content::Object(set) => {
            let nested_machine = ptr::eq(set, &fields::ITEM_PROCESSOR);
            if !nested_machine {
                check_set(checker, node, set, place, depth + 1);
            }
        }
        Content::Objects(set) => objects(checker, node, name, set, place, depth),
    }
}

fn payload(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, place: Place<'_>) {
    if place.language == QueryLanguage::JsonPath && !matches!(node.json(), Json::Object(_) | Json::Array(_)) {
        let help = match (name, node.json().as_str()) {
            ("ResultSelector", Some(path)) if path.starts_with('$') => {
                format!("write `\"OutputPath\": \"{path}\"`, or an object: `{{\"value.$\": \"{path}\"}}`")
            }
            ("ItemSelector", Some(path)) if path.starts_with('$') => format!("write `{{\"value.$\": \"{path}\"}}`"),
            (_, Some(path)) if path.starts_with('$') => {
                format!("write `\"InputPath\": \"{path}\"`, or an object: `{{\"value.$\": \"{path}\"}}`")
            }
            _ => "write an object".to_owned(),
        };
        let message = format!("`{name}` must be an object, not {}, which is passed unchanged", node.json().kind());
        checker.add(&PAYLOAD, node, message).help(help);
        return;
    }
    expressions::payload(checker, node, place);
}

fn objects(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    name: &str,
    set: &'static FieldSet,
    place: Place<'_>,
    depth: usize,
) {
    let Some(elements) = node.json().as_array() else {
        wrong_type(checker, node, &format!("`{name}` must be an array"));
        return;
    };
    if elements.is_empty() && !matches!(name, "Retry" | "Catch") {
        checker.add(&MISSING_FIELD, node, format!("`{name}` is empty")).help(format!("add {}", set.name));
    }
    if !ptr::eq(set, &fields::BRANCH) {
        node.elements().for_each(|element| check_set(checker, &element, set, place, depth + 1));
    }
}
