//! Checks the parameters of a call with the catalog.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use regex::Regex;

use super::rules::{
    DEPRECATED, MISSING_PARAMETER, PARAMETER_PATTERN, PARAMETER_RULE, PARAMETER_TYPE, PARAMETER_VALUE,
    UNKNOWN_PARAMETER,
};
use super::{is_open, literals};
use crate::asl::{Node, QueryLanguage, State};
use crate::catalog::{
    Action, Demand, Deprecated, Enumeration, Member, NumberShape, Refusal, Rule, Shape, StringShape, Structure, When,
};
use crate::check::suggest::{did_you_mean, list, nearest};
use crate::check::{Checker, Severity};
use crate::expression::{jsonata, placeholder};
use crate::value::Json;

/// The maximum depth of parameters that are checked.
const MAX_DEPTH: usize = 64;

/// A list with at least this many strings probably has more in AWS by now.
const MANY_VALUES: usize = 60;

/// Checks the parameters of a call.
pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>, resource: &Node<'_>, action: &'static Action) {
    let elsewhere = action.resource_member;
    let structure = action.parameters;
    let model = action.counterpart().map(|counterpart| counterpart.parameters);
    let check = Check { language: state.query_language(), elsewhere, model, is_sdk: action.is_sdk() };
    if let Some(body) = action.body_member {
        let Some(member) = action.parameters.member(body) else { return };
        match state.payload() {
            Some(payload) => check.shape(checker, &payload, body, &member.shape, 0),
            None if member.required => missing(checker, resource, body, action.name),
            None => {}
        }
        return;
    }
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

fn unknown<'n>(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    name: &str,
    owner: &str,
    known: impl Iterator<Item = &'n str> + Clone,
    depth: usize,
) {
    let help = did_you_mean(name, known.clone()).or_else(|| {
        let known: Vec<&str> = known.clone().collect();
        (!known.is_empty() && known.len() <= 20).then(|| format!("its parameters are {}", list(known, "and")))
    });
    let message = format!("{} has no parameter `{name}`", quoted(owner));
    // An example in the guide has a lowercase name below the first level.
    let is_small = name.starts_with(char::is_lowercase) && known.clone().any(|known| known.eq_ignore_ascii_case(name));
    let finding = match is_small && depth > 0 {
        true => checker.warn(&UNKNOWN_PARAMETER, node, message),
        false => checker.add(&UNKNOWN_PARAMETER, node, message),
    };
    finding.help = help;
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

/// Whether a member is present, as a value or as a path.
fn present(node: &Node<'_>, name: &str) -> bool {
    node.members().any(|(key, _)| key.strip_suffix(".$").unwrap_or(key) == name || is_open(key))
}

#[derive(Clone, Copy)]
struct Check {
    language: QueryLanguage,
    /// A parameter that is in the resource and not here
    elsewhere: Option<&'static str>,
    /// The parameters in AWS's model of the API, for everything that the spec does not define
    model: Option<&'static Structure>,
    /// Whether the parameters are checked with AWS's model of the API, which can be older than the API
    is_sdk: bool,
}

impl Check {
    /// The member for a key, and whether its value is only known later.
    fn key<'k>(&self, key: &'k str, node: &Node<'_>) -> (&'k str, bool) {
        match key.strip_suffix(".$") {
            Some(bare) => (bare, true),
            None => (key, self.is_dynamic(node)),
        }
    }

    /// The type in AWS's model of a parameter that can be any JSON in the spec.
    fn model_of(&self, member: &Member) -> Option<&'static Shape> {
        let shape = &self.model.filter(|_| matches!(member.shape, Shape::Json))?.member(member.name)?.shape;
        matches!(shape, Shape::Structure(_) | Shape::List(_) | Shape::Map(_)).then_some(shape)
    }

    fn is_dynamic(&self, node: &Node<'_>) -> bool {
        let json = node.json();
        placeholder::is_value(json)
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
            if let Some(member) = structure.member(name) {
                deprecated(checker, &child, member);
            }
            match structure.member(name) {
                Some(member) if !dynamic => match self.model_of(member) {
                    Some(shape) => {
                        Check { is_sdk: true, model: None, ..*self }.shape(checker, &child, name, shape, depth + 1);
                    }
                    None => Check { model: None, ..*self }.shape(checker, &child, name, &member.shape, depth + 1),
                },
                Some(_) => {}
                None if is_open(key) => {}
                None => {
                    unknown(checker, &child, name, owner, structure.members.iter().map(|member| member.name), depth)
                }
            }
        }
        for member in structure.members.iter().filter(|member| member.required && Some(member.name) != self.elsewhere) {
            if !present(node, member.name) {
                missing(checker, node, member.name, owner);
            }
        }
        // A misspelt member is reported as unknown.
        let is_known = |key: &str| structure.member(key.strip_suffix(".$").unwrap_or(key)).is_some();
        if structure.union && node.members().all(|(key, _)| is_known(key) || is_open(key)) {
            let names: Vec<&str> = structure.members.iter().map(|member| member.name).collect();
            let given = names.iter().filter(|name| present(node, name)).count();
            if given != 1 {
                checker
                    .add(&PARAMETER_RULE, node, format!("{} must have exactly one member, not {given}", quoted(owner)))
                    .help(format!("write one of {}", list(names, "or")));
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
            // Step Functions accepts `null` for an absent member, and converts a string to a boolean.
            _ if *json == Json::Null => {}
            Shape::Boolean if matches!(json.as_str(), Some("true" | "false")) => {}
            // A string is accepted as the whole value of a union: `{"id": "1"}` for `{"id": {"S": "1"}}`.
            Shape::Structure(structure) if structure.union && json.as_str().is_some() => {}
            // An AWS SDK integration sends JSON as text if the API needs text or bytes.
            Shape::Blob if self.is_sdk => {}
            Shape::String(_) if self.is_sdk && matches!(json, Json::Object(_) | Json::Array(_)) => {}
            Shape::String(StringShape { format: Some("json"), .. }) if json.as_object().is_some() => {}
            Shape::String(bounds) => match json {
                Json::String(text) => self.string(checker, node, name, text, bounds),
                _ => wrong_type(checker, node, name, "a string"),
            },
            Shape::Enum(values) => match json.as_str() {
                Some(text) if self.is_sdk => listed(checker, node, name, text, values),
                Some(text) => one_of(checker, node, name, text, values),
                None => wrong_type(checker, node, name, "a string"),
            },
            Shape::Integer(bounds) => match json.as_number() {
                Some(number) if number.is_whole() => self.within(checker, node, name, number.as_f64(), bounds),
                _ => wrong_type(checker, node, name, "an integer"),
            },
            Shape::Number(bounds) => match json.as_number() {
                Some(number) => self.within(checker, node, name, number.as_f64(), bounds),
                None => wrong_type(checker, node, name, "a number"),
            },
            Shape::Boolean if json.as_bool().is_none() => wrong_type(checker, node, name, "a boolean"),
            Shape::Timestamp
                if json.as_number().is_none() && !json.as_str().is_some_and(|text| text.contains(digit)) =>
            {
                wrong_type(checker, node, name, "a timestamp");
            }
            Shape::Blob if json.as_str().is_none() => wrong_type(checker, node, name, "Base64 text"),
            Shape::Boolean | Shape::Timestamp | Shape::Blob | Shape::Json => {}
            Shape::List(shape) => match json.as_array() {
                Some(elements) => {
                    self.count(checker, node, name, elements.len(), shape.min_items, shape.max_items);
                    node.elements().for_each(|child| self.shape(checker, &child, name, &shape.items, depth + 1));
                }
                None => wrong_type(checker, node, name, "an array"),
            },
            Shape::Map(shape) => match json.as_object() {
                Some(object) => {
                    self.count(checker, node, name, object.len(), shape.min_items, shape.max_items);
                    for (key, child) in node.members() {
                        let bare = key.strip_suffix(".$").unwrap_or(key);
                        refused(checker, &child, bare, bare, shape.refuses);
                    }
                    for (key, child) in node.members().filter(|(key, _)| !key.ends_with(".$")) {
                        self.shape(checker, &child, key, &shape.values, depth + 1);
                    }
                }
                None => wrong_type(checker, node, name, "an object"),
            },
            Shape::Structure(structure) => self.structure(checker, node, structure, &format!("`{name}`"), depth + 1),
        }
    }

    /// The rule for a value above its maximum. If the limit comes from AWS's model, AWS may have raised it.
    fn limit(&self) -> &'static crate::check::rule::Rule {
        if self.is_sdk { &PARAMETER_PATTERN } else { &PARAMETER_VALUE }
    }

    fn string(&self, checker: &mut Checker<'_>, node: &Node<'_>, name: &str, text: &str, bounds: &StringShape) {
        let length = text.chars().count() as u64;
        if refused(checker, node, name, text, bounds.refuses) {
            return;
        }
        if bounds.format == Some("json") && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            checker.add(
                &PARAMETER_VALUE,
                node,
                format!("`{name}` must be a string that contains JSON, and `{text}` is not JSON"),
            );
            return;
        }
        if let Some((is_short, fault)) = outside(length, bounds.min_length, bounds.max_length) {
            let rule = if is_short { &PARAMETER_VALUE } else { self.limit() };
            let unit = if length == 1 { "character" } else { "characters" };
            checker.add(rule, node, format!("`{name}` has {length} {unit}, but must have {fault}"));
        } else if let Some(pattern) = bounds.pattern.filter(|pattern| !matches(pattern, text)) {
            checker
                .add(&PARAMETER_PATTERN, node, format!("`{text}` is probably not a valid `{name}`"))
                .help(format!("write a value that matches `{pattern}`"));
        } else {
            literals::parameter(checker, node, name, text);
        }
    }

    fn within(&self, checker: &mut Checker<'_>, node: &Node<'_>, name: &str, value: f64, bounds: &NumberShape) {
        if let Some(least) = bounds.minimum.filter(|least| value < *least) {
            checker.add(&PARAMETER_VALUE, node, format!("`{name}` must be at least {least}, not {value}"));
        } else if let Some(most) = bounds.maximum.filter(|most| value > *most) {
            checker.add(self.limit(), node, format!("`{name}` must be at most {most}, not {value}"));
        }
    }

    fn count(
        &self,
        checker: &mut Checker<'_>,
        node: &Node<'_>,
        name: &str,
        given: usize,
        least: Option<u64>,
        most: Option<u64>,
    ) {
        if let Some((is_short, fault)) = outside(given as u64, least, most) {
            let rule = if is_short { &PARAMETER_VALUE } else { self.limit() };
            let unit = if given == 1 { "element" } else { "elements" };
            checker.add(rule, node, format!("`{name}` has {given} {unit}, but must have {fault}"));
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
        if !kept && rule.warning {
            checker.warn(&PARAMETER_RULE, node, rule.message);
        } else if !kept {
            checker.add(&PARAMETER_RULE, node, rule.message);
        }
    }

    fn holds(&self, node: &Node<'_>, when: When) -> bool {
        match when {
            When::Present(name) => matches!(self.look_up(node, name), Found::Present(_)),
            When::Absent(name) => matches!(self.look_up(node, name), Found::Absent),
            When::Equals(name, value) => {
                // The value is written as JSON text.
                matches!(self.look_up(node, name), Found::Present(Some(child)) if format!("{}", child.json()) == value)
            }
            When::Matches(name, pattern) => self.matches(node, name, pattern) == Some(true),
            When::Differs(name, pattern) => self.matches(node, name, pattern) == Some(false),
        }
    }

    /// Whether the text of a member matches, if the text is known.
    fn matches(&self, node: &Node<'_>, name: &str, pattern: &'static str) -> Option<bool> {
        match self.look_up(node, name) {
            Found::Present(Some(child)) => child.json().as_str().map(|text| matches(pattern, text)),
            _ => None,
        }
    }

    /// Finds a member. A `.` in the name separates the names of nested members.
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

/// Warns about a deprecated member.
fn deprecated(checker: &mut Checker<'_>, node: &Node<'_>, member: &Member) {
    let Some(Deprecated { instead, why }) = member.deprecated else { return };
    let finding = checker.add(&DEPRECATED, node, format!("`{}` is deprecated: {why}", member.name));
    finding.help = instead.map(|instead| format!("use `{instead}`"));
}

/// Reports a text that the API rejects.
fn refused(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, text: &str, refusals: &'static [Refusal]) -> bool {
    let Some(refusal) = refusals.iter().find(|refusal| !is_open(text) && matches(refusal.pattern, text)) else {
        return false;
    };
    let what = if name == text { format!("`{text}`") } else { format!("`{name}`: `{text}`") };
    checker.add(&PARAMETER_VALUE, node, format!("{what} is not allowed")).help(refusal.why);
    true
}

/// The result of a search for a member.
enum Found<'a> {
    Absent,
    /// It is present, with its value if that is known
    Present(Option<Node<'a>>),
    /// It is only known at run time whether it is present
    Unknown,
}

fn one_of(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, text: &str, list_of: &'static Enumeration) {
    let known = list_of.values.iter().map(|(value, _)| *value);
    if !known.clone().any(|value| value == text) {
        let help = did_you_mean(text, known.clone()).unwrap_or_else(|| format!("use {}", list(known, "or")));
        checker.add(&PARAMETER_VALUE, node, format!("`{name}` cannot be `{text}`")).help(help);
    }
}

/// Checks a string with a list that may be older than the API: only a probable typing error is an error.
fn listed(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, text: &str, list_of: &'static Enumeration) {
    let known = list_of.values.iter().map(|(value, _)| *value);
    // A value that differs from a known one only in its digits is a later version of it.
    let letters = |text: &str| text.chars().filter(|sign| !digit(*sign)).collect::<String>();
    let bare = letters(text);
    if known.clone().any(|value| value == text || bare != text && letters(value) == bare) {
        return;
    }
    let (rule, help) = match nearest(text, known.clone()) {
        Some(near) if list_of.values.len() > MANY_VALUES => (&PARAMETER_PATTERN, format!("did you mean `{near}`?")),
        Some(near) => (&PARAMETER_VALUE, format!("did you mean `{near}`?")),
        None if list_of.values.len() > MANY_VALUES => {
            (&PARAMETER_PATTERN, format!("AWS lists {} values, and this is not one of them", list_of.values.len()))
        }
        None => (&PARAMETER_PATTERN, format!("AWS lists {}", list(known, "and"))),
    };
    let message = match rule.severity {
        Severity::Error => format!("`{name}` cannot be `{text}`"),
        _ => format!("`{text}` is not a known value of `{name}`"),
    };
    checker.add(rule, node, message).help(help);
}

fn digit(sign: char) -> bool {
    sign.is_ascii_digit()
}

/// Whether the value is too small, and the limit. `None` if the value is in the range.
fn outside(value: u64, least: Option<u64>, most: Option<u64>) -> Option<(bool, String)> {
    match (least, most) {
        (Some(least), _) if value < least => Some((true, format!("at least {least}"))),
        (_, Some(most)) if value > most => Some((false, format!("at most {most}"))),
        _ => None,
    }
}

/// Whether the whole text matches. A pattern that the library cannot parse matches every text.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: LazyLock<Mutex<HashMap<&'static str, Option<Regex>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let regex = compiled.entry(pattern).or_insert_with(|| Regex::new(&format!(r"\A(?:{pattern})\z")).ok());
    regex.as_ref().is_none_or(|regex| regex.is_match(text))
}
