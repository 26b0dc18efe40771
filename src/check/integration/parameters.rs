//! The parameters of a call, against what the catalog says of the API.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use regex::Regex;

use super::is_open;
use super::rules::{
    MISSING_PARAMETER, PARAMETER_PATTERN, PARAMETER_RULE, PARAMETER_TYPE, PARAMETER_VALUE, UNKNOWN_PARAMETER,
};
use crate::asl::{Node, QueryLanguage, State};
use crate::catalog::sdk::{Kind, Parameter};
use crate::catalog::{Action, Demand, NumberShape, Rule, Shape, StringShape, Structure, When};
use crate::check::Checker;
use crate::check::fields::is_placeholder;
use crate::check::suggest::{did_you_mean, list, nearest};
use crate::expression::jsonata;
use crate::value::Json;

/// How deep parameters are followed.
const MAX_DEPTH: usize = 64;

/// Checks the parameters of an optimized integration.
pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>, resource: &Node<'_>, action: &'static Action) {
    if action.body_member.is_some() {
        return;
    }
    let elsewhere = action.resource_member;
    let structure = action.parameters;
    let check = Check { language: state.query_language(), elsewhere };
    match state.payload() {
        Some(payload) if check.is_dynamic(&payload) => {}
        Some(payload) => check.structure(checker, &payload, structure, &format!("`{}`", action.name), 0),
        None => {
            for member in structure.members.iter().filter(|member| member.required && Some(member.name) != elsewhere) {
                missing(checker, resource, member.name, action.name);
            }
        }
    }
}

/// Checks the parameters of an SDK integration.
pub(super) fn check_sdk(checker: &mut Checker<'_>, state: &State<'_>, resource: &Node<'_>, parameters: &[Parameter]) {
    let check = Check { language: state.query_language(), elsewhere: None };
    let action = resource.json().as_str().and_then(|text| text.rsplit(':').next()).unwrap_or_default();
    let payload = state.payload();
    if let Some(payload) = &payload {
        if payload.object().is_none() {
            return;
        }
        for (key, node) in payload.members() {
            let (name, dynamic) = check.key(key, &node);
            match parameters.iter().find(|parameter| parameter.name == name) {
                Some(parameter) if !dynamic => {
                    sdk_kind(checker, &node, parameter);
                    sdk_values(checker, &node, parameter);
                }
                Some(_) => {}
                None if is_open(key) => {}
                None => unknown(checker, &node, name, action, parameters.iter().map(|parameter| parameter.name)),
            }
        }
    }
    let place = payload.as_ref().unwrap_or(resource);
    for parameter in parameters.iter().filter(|parameter| parameter.required) {
        if !payload.as_ref().is_some_and(|payload| present(payload, parameter.name)) {
            missing(checker, place, parameter.name, action);
        }
    }
}

fn sdk_kind(checker: &mut Checker<'_>, node: &Node<'_>, parameter: &Parameter) {
    let json = node.json();
    let (fits, wanted) = match parameter.kind {
        Kind::Any => return,
        Kind::Number => (json.as_number().is_some(), "a number"),
        Kind::Boolean => (json.as_bool().is_some() || matches!(json.as_str(), Some("true" | "false")), "a boolean"),
        Kind::List => (json.as_array().is_some(), "an array"),
        Kind::Object => (json.as_object().is_some(), "an object"),
    };
    if !fits && *json != Json::Null {
        wrong_type(checker, node, parameter.name, wanted);
    }
}

/// Checks strings of which the API takes a few only. The table may be older than the API, so only what looks like a
/// slip is an error.
fn sdk_values(checker: &mut Checker<'_>, node: &Node<'_>, parameter: &Parameter) {
    let Some(values) = parameter.values() else { return };
    let elements: Vec<Node<'_>> = node.elements().collect();
    for node in if elements.is_empty() { vec![node.clone()] } else { elements } {
        let Some(text) = node.json().as_str().filter(|text| !is_open(text)) else { continue };
        // A value that differs from a known one by its digits is a later version of it.
        let letters = |text: &str| text.chars().filter(|sign| !sign.is_ascii_digit()).collect::<String>();
        if values.clone().any(|value| letters(value) == letters(text)) {
            continue;
        }
        let (rule, help) = match nearest(text, values.clone()) {
            Some(near) => (&PARAMETER_VALUE, format!("did you mean `{near}`?")),
            None => (&PARAMETER_PATTERN, format!("the table of the SDK has {}", list(values.clone(), "and"))),
        };
        checker.add(rule, &node, format!("`{}` cannot be `{text}`", parameter.name)).help(help);
    }
}

fn unknown<'n>(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    name: &str,
    owner: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) {
    let help = did_you_mean(name, known.clone()).or_else(|| {
        let known: Vec<&str> = known.collect();
        (!known.is_empty() && known.len() <= 20).then(|| format!("it has {}", list(known, "and")))
    });
    checker.add(&UNKNOWN_PARAMETER, node, format!("{} has no parameter `{name}`", quoted(owner))).help = help;
}

fn quoted(owner: &str) -> String {
    if owner.contains('`') { owner.to_owned() } else { format!("`{owner}`") }
}

fn missing(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, owner: &str) {
    checker.add(&MISSING_PARAMETER, node, format!("{} needs `{name}`", quoted(owner))).help(format!("add `{name}`"));
}

fn wrong_type(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, wanted: &str) {
    checker.add(&PARAMETER_TYPE, node, format!("`{name}` is {wanted}, not {}", node.json().kind()));
}

/// Whether a member is given, as it is or by a path.
fn present(node: &Node<'_>, name: &str) -> bool {
    node.members().any(|(key, _)| key.strip_suffix(".$").unwrap_or(key) == name || is_open(key))
}

struct Check {
    language: QueryLanguage,
    /// A parameter that stands in the resource and not here.
    elsewhere: Option<&'static str>,
}

impl Check {
    /// The member that a key names, and whether its value is only known later.
    fn key<'k>(&self, key: &'k str, node: &Node<'_>) -> (&'k str, bool) {
        match key.strip_suffix(".$") {
            Some(bare) => (bare, true),
            None => (key, self.is_dynamic(node)),
        }
    }

    fn is_dynamic(&self, node: &Node<'_>) -> bool {
        let json = node.json();
        is_placeholder(json)
            || json.as_str().is_some_and(|text| {
                is_open(text) || self.language == QueryLanguage::Jsonata && !matches!(jsonata::unwrap(text), Ok(None))
            })
    }

    fn structure(
        &self,
        checker: &mut Checker<'_>,
        node: &Node<'_>,
        structure: &'static Structure,
        owner: &str,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        if node.object().is_none() {
            return wrong_type(checker, node, owner.trim_matches('`'), "an object");
        }
        for (key, child) in node.members() {
            let (name, dynamic) = self.key(key, &child);
            match structure.member(name) {
                Some(member) if !dynamic => self.shape(checker, &child, member.name, &member.shape, depth + 1),
                Some(_) => {}
                None if is_open(key) => {}
                None => unknown(checker, &child, name, owner, structure.members.iter().map(|member| member.name)),
            }
        }
        for member in structure.members.iter().filter(|member| member.required && Some(member.name) != self.elsewhere) {
            if !present(node, member.name) {
                missing(checker, node, member.name, owner);
            }
        }
        if structure.union {
            let names: Vec<&str> = structure.members.iter().map(|member| member.name).collect();
            let given = names.iter().filter(|name| present(node, name)).count();
            if given != 1 {
                checker
                    .add(&PARAMETER_RULE, node, format!("{} has exactly one member, not {given}", quoted(owner)))
                    .help(format!("give one of {}", list(names, "or")));
            }
        }
        structure.rules.iter().for_each(|rule| self.rule(checker, node, rule));
    }

    fn shape(&self, checker: &mut Checker<'_>, node: &Node<'_>, name: &str, shape: &'static Shape, depth: usize) {
        if depth > MAX_DEPTH || self.is_dynamic(node) {
            return;
        }
        let json = node.json();
        match shape {
            // Step Functions takes `null` for an absent member, and reads a truth value from a string.
            _ if *json == Json::Null => {}
            Shape::Boolean if matches!(json.as_str(), Some("true" | "false")) => {}
            // A string is taken for the value of a union as a whole: `{"id": "1"}` for `{"id": {"S": "1"}}`.
            Shape::Structure(structure) if structure.union && json.as_str().is_some() => {}
            Shape::String(bounds) => match json {
                Json::String(text) => string(checker, node, name, text, bounds),
                _ => wrong_type(checker, node, name, "a string"),
            },
            Shape::Enum(values) => match json.as_str() {
                Some(text) => one_of(checker, node, name, text, values.values),
                None => wrong_type(checker, node, name, "a string"),
            },
            Shape::Integer(bounds) => match json.as_number() {
                Some(number) if number.is_whole() => within(checker, node, name, number.as_f64(), bounds),
                _ => wrong_type(checker, node, name, "a whole number"),
            },
            Shape::Number(bounds) => match json.as_number() {
                Some(number) => within(checker, node, name, number.as_f64(), bounds),
                None => wrong_type(checker, node, name, "a number"),
            },
            Shape::Boolean if json.as_bool().is_none() => wrong_type(checker, node, name, "a boolean"),
            Shape::Timestamp if json.as_str().is_none() && json.as_number().is_none() => {
                wrong_type(checker, node, name, "a timestamp");
            }
            Shape::Blob if json.as_str().is_none() => wrong_type(checker, node, name, "Base64 text"),
            Shape::Boolean | Shape::Timestamp | Shape::Blob | Shape::Json => {}
            Shape::List(shape) => match json.as_array() {
                Some(elements) => {
                    count(checker, node, name, elements.len(), shape.min_items, shape.max_items);
                    node.elements().for_each(|child| self.shape(checker, &child, name, &shape.items, depth + 1));
                }
                None => wrong_type(checker, node, name, "an array"),
            },
            Shape::Map(shape) => match json.as_object() {
                Some(object) => {
                    count(checker, node, name, object.len(), shape.min_items, shape.max_items);
                    for (key, child) in node.members().filter(|(key, _)| !key.ends_with(".$")) {
                        self.shape(checker, &child, key, &shape.values, depth + 1);
                    }
                }
                None => wrong_type(checker, node, name, "an object"),
            },
            Shape::Structure(structure) => self.structure(checker, node, structure, &format!("`{name}`"), depth + 1),
        }
    }

    fn rule(&self, checker: &mut Checker<'_>, node: &Node<'_>, rule: &'static Rule) {
        if !rule.when.iter().all(|when| self.holds(node, *when)) {
            return;
        }
        let (Demand::ExactlyOneOf(names)
        | Demand::AtLeastOneOf(names)
        | Demand::AtMostOneOf(names)
        | Demand::Requires(names)
        | Demand::Excludes(names)) = rule.demand;
        let found: Vec<Found<'_>> = names.iter().map(|name| self.look_up(node, name)).collect();
        if found.iter().any(|found| matches!(found, Found::Unknown)) {
            return;
        }
        let given = found.iter().filter(|found| matches!(found, Found::Present(_))).count();
        let kept = match rule.demand {
            Demand::ExactlyOneOf(_) => given == 1,
            Demand::AtLeastOneOf(_) => given >= 1,
            Demand::AtMostOneOf(_) => given <= 1,
            Demand::Requires(names) => given == names.len(),
            Demand::Excludes(_) => given == 0,
        };
        if !kept {
            checker.add(&PARAMETER_RULE, node, rule.message);
        }
    }

    fn holds(&self, node: &Node<'_>, when: When) -> bool {
        match when {
            When::Present(name) => matches!(self.look_up(node, name), Found::Present(_)),
            When::Absent(name) => matches!(self.look_up(node, name), Found::Absent),
            When::Equals(name, value) => {
                matches!(self.look_up(node, name), Found::Present(Some(child)) if child.json().to_string() == value)
            }
        }
    }

    /// Looks for a member; a `.` in the name leads further in.
    fn look_up<'a>(&self, node: &Node<'a>, name: &str) -> Found<'a> {
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let Some((key, child)) = node.members().find(|(key, _)| key.strip_suffix(".$").unwrap_or(key) == first) else {
            return if node.members().any(|(key, _)| is_open(key)) { Found::Unknown } else { Found::Absent };
        };
        let dynamic = self.key(key, &child).1;
        match rest {
            Some(_) if dynamic => Found::Unknown,
            Some(rest) => self.look_up(&child, rest),
            None => Found::Present((!dynamic).then_some(child)),
        }
    }
}

/// What is known of a member.
enum Found<'a> {
    Absent,
    /// It is there; its value, if that is known.
    Present(Option<Node<'a>>),
    /// Whether it is there shows at run time.
    Unknown,
}

fn one_of(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    name: &str,
    text: &str,
    values: &'static [(&'static str, &'static str)],
) {
    let known = values.iter().map(|(value, _)| *value);
    if !known.clone().any(|value| value == text) {
        let help = did_you_mean(text, known.clone()).unwrap_or_else(|| format!("use {}", list(known, "or")));
        checker.add(&PARAMETER_VALUE, node, format!("`{name}` cannot be `{text}`")).help(help);
    }
}

fn string(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, text: &str, bounds: &StringShape) {
    let length = text.chars().count() as u64;
    if let Some(fault) = outside(length, bounds.min_length, bounds.max_length) {
        checker.add(&PARAMETER_VALUE, node, format!("`{name}` has {length} characters; it has {fault}"));
    } else if let Some(pattern) = bounds.pattern {
        if !matches(pattern, text) {
            checker
                .add(&PARAMETER_PATTERN, node, format!("`{name}` can hardly be `{text}`"))
                .help(format!("write something of the form `{pattern}`"));
        }
    }
}

fn within(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, value: f64, bounds: &NumberShape) {
    if let Some(least) = bounds.minimum.filter(|least| value < *least) {
        checker.add(&PARAMETER_VALUE, node, format!("`{name}` is at least {least}, not {value}"));
    } else if let Some(most) = bounds.maximum.filter(|most| value > *most) {
        checker.add(&PARAMETER_VALUE, node, format!("`{name}` is at most {most}, not {value}"));
    }
}

fn count(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, given: usize, least: Option<u64>, most: Option<u64>) {
    if let Some(fault) = outside(given as u64, least, most) {
        checker.add(&PARAMETER_VALUE, node, format!("`{name}` has {given} elements; it has {fault}"));
    }
}

fn outside(value: u64, least: Option<u64>, most: Option<u64>) -> Option<String> {
    match (least, most) {
        (Some(least), _) if value < least => Some(format!("at least {least}")),
        (_, Some(most)) if value > most => Some(format!("at most {most}")),
        _ => None,
    }
}

/// Whether the whole text matches. A pattern that the library cannot read is taken to match.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: LazyLock<Mutex<HashMap<&'static str, Option<Regex>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let regex = compiled.entry(pattern).or_insert_with(|| Regex::new(&format!(r"\A(?:{pattern})\z")).ok());
    regex.as_ref().is_none_or(|regex| regex.is_match(text))
}
