//! Checks the values in a spec (defaults, presets, values of rules, parts of examples): the service must accept them.

use std::collections::BTreeMap;

use super::pattern::matches;
use super::{Action, Bounds, Rule, Shape, Structure, Type, When, expression, path};
use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;
use crate::spec;

/// Checks the values of a whole spec.
pub(super) fn check(spec: &spec::Service, actions: &[Action], types: &BTreeMap<&str, &Type>, report: &Report<'_>) {
    let judge = Judge { types, report };
    for action in actions {
        let Some(written) = spec.actions.get(&action.name) else { continue };
        let pointer = step("/actions", &action.name);
        judge.members(&action.structure, &written.parameters, &step(&pointer, "parameters"));
        judge.rules(&action.structure, &written.rules, &pointer);
        for (at, example) in written.examples.iter().enumerate() {
            if let Some(parameters) = &example.parameters {
                let pointer = step(&step(&step(&pointer, "examples"), at), "parameters");
                judge.structure(&action.structure, parameters, &pointer);
            }
        }
    }
    for (name, written) in &spec.types.0 {
        let Some(Type::Structure(structure)) = types.get(name.as_str()) else { continue };
        let pointer = step("/types", name);
        for (key, members) in [("members", &written.members), ("union", &written.union)] {
            if let Some(members) = members {
                judge.members(structure, members, &step(&pointer, key));
            }
        }
        judge.rules(structure, &written.rules, &pointer);
    }
}

/// The value of an example at a path.
enum Found<'j> {
    Absent,
    /// Set, with the value unless it is a path.
    Present(Option<&'j Json>),
    Unknown,
}

struct Judge<'a> {
    types: &'a BTreeMap<&'a str, &'a Type>,
    report: &'a Report<'a>,
}

impl Judge<'_> {
    fn members(&self, structure: &Structure, written: &spec::Map<spec::Member>, pointer: &str) {
        for (name, member) in &written.0 {
            let Some(shape) = structure.member(name).map(|member| &member.shape) else { continue };
            let pointer = step(pointer, name);
            if let Some(default) = &member.default {
                self.value(shape, default, &step(&pointer, "default"));
            }
            if let Some(preset) = &member.preset {
                if let Some(value) = &preset.value {
                    self.value(shape, value, &step(&step(&pointer, "preset"), "value"));
                }
                if let Some(path) = &preset.json_path {
                    let fault = match path.starts_with('$') {
                        true => expression::fault(path),
                        false => Some("a JSONPath begins with `$`".to_owned()),
                    };
                    fault.into_iter().for_each(|it| self.report.add(step(&step(&pointer, "preset"), "jsonPath"), it));
                }
                if let Some(fault) = preset.jsonata.as_deref().and_then(expression::bare_jsonata_fault) {
                    self.report.add(step(&step(&pointer, "preset"), "jsonata"), fault);
                }
            }
        }
    }

    fn rules(&self, structure: &Structure, rules: &[spec::Rule], pointer: &str) {
        for (at, rule) in rules.iter().enumerate() {
            let pointer = step(&step(pointer, "rules"), at);
            for condition in &rule.when {
                let shape = path::shape(&condition.member, structure, self.types);
                if let (Some(shape), Some(value)) = (shape, &condition.equals) {
                    self.value(shape, value, &step(&step(&pointer, "when"), "equals"));
                }
                let is_text = shape.is_none_or(|shape| matches!(shape, Shape::String { .. } | Shape::Enumeration(_)));
                if (condition.matches.is_some() || condition.differs.is_some()) && !is_text {
                    self.report.add(
                        step(&pointer, "when"),
                        format!("`{}` is not a string, so it cannot match a pattern", condition.member),
                    );
                }
            }
        }
    }

    fn structure(&self, structure: &Structure, json: &Json, pointer: &str) {
        let Json::Object(members) = json else { return };
        for (key, value) in members {
            // A value that is known only at run time fits. An unknown member is reported elsewhere.
            if let Some(member) = structure.member(key) {
                self.value(&member.shape, value, &step(pointer, key));
            }
        }
        let broken = |rule: &&Rule| !rule.message.is_empty() && self.breaks(structure, members, rule);
        for rule in structure.rules.iter().filter(broken) {
            self.report.add(pointer, format!("the example breaks a rule: {}", rule.message));
        }
    }

    /// Whether these members certainly break a rule.
    fn breaks(&self, structure: &Structure, members: &[(String, Json)], rule: &Rule) -> bool {
        let look_up = |path: &str| self.look_up(structure, members, path);
        let holds = |when: &When| match when {
            When::Present(path) => matches!(look_up(path), Found::Present(_)),
            When::Absent(path) => matches!(look_up(path), Found::Absent),
            When::Equals(path, value) => {
                matches!(look_up(path), Found::Present(Some(json)) if json.to_value() == serde_json::from_str::<serde_json::Value>(value).unwrap_or_default())
            }
            When::Matches(path, pattern) => {
                matches!(look_up(path), Found::Present(Some(Json::String(text))) if matches(pattern, text))
            }
            When::Differs(path, pattern) => {
                matches!(look_up(path), Found::Present(Some(Json::String(text))) if !matches(pattern, text))
            }
        };
        let found: Vec<Found<'_>> = rule.members.iter().map(|name| look_up(name)).collect();
        if found.iter().any(|found| matches!(found, Found::Unknown)) || !rule.when.iter().all(holds) {
            return false;
        }
        let given = found.iter().filter(|found| matches!(found, Found::Present(_))).count();
        !match rule.demand {
            "exactlyOneOf" => given == 1,
            "atLeastOneOf" => given >= 1,
            "atMostOneOf" => given <= 1,
            "requires" => given == found.len(),
            _ => given == 0,
        }
    }

    fn look_up<'j>(&self, structure: &Structure, members: &'j [(String, Json)], path: &str) -> Found<'j> {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let json = members.iter().find(|(key, _)| key.strip_suffix(".$").unwrap_or(key) == name);
        let inner = structure.member(name);
        match (json, rest) {
            (None, _) if inner.is_some_and(|member| member.preset.is_some()) => Found::Unknown,
            (None, _) => Found::Absent,
            (Some((key, json)), None) => Found::Present((key == name).then_some(json)),
            (Some((_, Json::Object(members))), Some(rest)) => match inner.map(|member| &member.shape) {
                Some(Shape::Structure(kind)) => match self.types.get(kind.as_str()) {
                    Some(Type::Structure(structure)) => self.look_up(structure, members, rest),
                    _ => Found::Unknown,
                },
                _ => Found::Unknown,
            },
            (Some(_), Some(_)) => Found::Unknown,
        }
    }

    fn value(&self, shape: &Shape, json: &Json, pointer: &str) {
        let tell = |message: String| self.report.add(pointer, message);
        match (shape, json) {
            (Shape::Json, _) => {}
            (Shape::String { length, pattern, refuses, format }, Json::String(text)) => {
                let signs = text.chars().count() as u64;
                if let Some(fault) = outside(signs, length) {
                    return tell(format!("`{text}` has {signs} characters; it must have {fault}"));
                }
                if let Some(pattern) = pattern.as_ref().filter(|pattern| !matches(pattern, text)) {
                    return tell(format!("`{text}` does not match the pattern `{pattern}`"));
                }
                if let Some(refusal) = refuses.iter().find(|refusal| matches(&refusal.pattern, text)) {
                    return tell(format!("`{text}` is not allowed. {}", refusal.why));
                }
                if format.as_deref() == Some("number") && !matches(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) {
                    tell(format!("`{text}` is not a number"));
                }
            }
            (Shape::Integer { unit: Some(unit), .. }, Json::Number(number)) if !is_amount(number) => {
                tell(format!("{number} is not a valid number of {unit}: write a whole number of 0 or more"));
            }
            (Shape::Integer { range, .. }, Json::Number(number)) if number.is_i64() => {
                if let Some(fault) = outside(number.as_f64().unwrap_or_default(), range) {
                    tell(format!("{number} is out of bounds: {fault}"));
                }
            }
            (Shape::Number { range }, Json::Number(number)) => {
                if let Some(fault) = outside(number.as_f64().unwrap_or_default(), range) {
                    tell(format!("{number} is out of bounds: {fault}"));
                }
            }
            (Shape::Boolean, Json::Bool(_)) => {}
            (Shape::Timestamp, Json::Number(_)) => {}
            (Shape::Timestamp, Json::String(text)) => {
                if !matches(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", text) {
                    tell(format!("`{text}` is not a date and time: write it like `2026-01-31T12:00:00Z`"));
                }
            }
            (Shape::Blob, Json::String(text)) => {
                if text.len() % 4 != 0 || !matches("[A-Za-z0-9+/]*={0,2}", text) {
                    tell(format!("`{text}` is not Base64"));
                }
            }
            (Shape::Enumeration(kind), Json::String(text)) => {
                if let Some(Type::Enumeration(it)) = self.types.get(kind.as_str()) {
                    let known = it.values.iter().map(|(value, _)| value.as_str());
                    if !it.values.is_empty() && !known.clone().any(|value| value == text) {
                        tell(format!("`{text}` is not one of the values of `{kind}`{}", did_you_mean(text, known)));
                    }
                }
            }
            (Shape::List { items, count }, Json::Array(elements)) => {
                if let Some(fault) = outside(elements.len() as u64, count) {
                    tell(format!("{} elements are out of bounds: {fault}", elements.len()));
                }
                for (at, element) in elements.iter().enumerate() {
                    self.value(items, element, &step(pointer, at));
                }
            }
            (Shape::Map { values, count, refuses }, Json::Object(members)) => {
                if let Some(fault) = outside(members.len() as u64, count) {
                    tell(format!("{} members are out of bounds: {fault}", members.len()));
                }
                for (key, value) in members {
                    let bare = key.strip_suffix(".$").unwrap_or(key);
                    if let Some(refusal) = refuses.iter().find(|refusal| matches(&refusal.pattern, bare)) {
                        tell(format!("the key `{bare}` is not allowed. {}", refusal.why));
                    }
                    if bare == key {
                        self.value(values, value, &step(pointer, key));
                    }
                }
            }
            (Shape::Structure(kind), Json::Object(_)) => {
                if let Some(Type::Structure(structure)) = self.types.get(kind.as_str()) {
                    self.structure(structure, json, pointer);
                }
            }
            _ if super::shape::fits(shape, json) => {}
            _ => tell(format!("expected {}, not {}", name(shape), json.kind())),
        }
    }
}

/// The description of a value of the shape.
fn name(shape: &Shape) -> String {
    match shape {
        Shape::String { .. } => "a string".to_owned(),
        Shape::Integer { .. } => "a whole number".to_owned(),
        Shape::Number { .. } => "a number".to_owned(),
        Shape::Boolean => "`true` or `false`".to_owned(),
        Shape::Timestamp => "a date and time".to_owned(),
        Shape::Blob => "Base64 text".to_owned(),
        Shape::Json => "any JSON".to_owned(),
        Shape::List { .. } => "an array".to_owned(),
        Shape::Map { .. } => "an object".to_owned(),
        Shape::Enumeration(kind) => format!("a string of the enum `{kind}`"),
        Shape::Structure(kind) => format!("an object of the type `{kind}`"),
    }
}

fn outside<T: PartialOrd + std::fmt::Display>(value: T, bounds: &Bounds<T>) -> Option<String> {
    match (&bounds.min, &bounds.max) {
        (Some(min), _) if value < *min => Some(format!("at least {min}")),
        (_, Some(max)) if value > *max => Some(format!("at most {max}")),
        _ => None,
    }
}

/// Whether it can be an amount of time or memory, in any unit.
fn is_amount(number: &serde_json::Number) -> bool {
    const DAY_IN_MILLISECONDS: u64 = 24 * 60 * 60 * 1000;
    number.as_u64().is_some_and(|amount| amount.checked_mul(DAY_IN_MILLISECONDS).is_some())
}
