//! Policies as others wrote them.

use crate::iam::arn::Arn;
use crate::iam::glob::{Glob, action_covers};
use crate::value::Json;

/// How deep a document is searched for statements.
const MAX_DEPTH: usize = 32;

/// The statements of existing policies.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    pub(super) statements: Vec<Known>,
}

/// A statement of an existing policy.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Its `Sid`, or its place.
    pub(super) name: String,
    pub(super) allows: bool,
    pub(super) actions: Vec<String>,
    /// Whether it means all actions but these.
    pub(super) other_actions: bool,
    pub(super) resources: Vec<(String, Glob)>,
    /// Whether it means all resources but these.
    pub(super) other_resources: bool,
    /// Operator, key and values.
    pub(super) conditions: Vec<(String, String, Vec<String>)>,
}

impl Existing {
    /// All statements in a document: a policy, a list of policies, a role of a template with its policies.
    ///
    /// In a template, `Fn::Sub`, `Ref`, `Fn::GetAtt` and `Fn::Join` are read as the text that they make.
    pub fn new(document: &Json) -> Self {
        let mut existing = Self::default();
        existing.search(document, MAX_DEPTH);
        existing
    }

    /// Reads such a document from JSON.
    ///
    /// # Errors
    ///
    /// The text is no JSON.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::new(&serde_json::from_str(text)?))
    }

    /// Both together, as if they were attached to one role.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.statements.extend(other.statements);
        self
    }

    /// How many statements there are.
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    /// Whether there is no statement.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    fn search(&mut self, json: &Json, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match json {
            Json::Array(elements) => elements.iter().for_each(|element| self.search(element, depth)),
            Json::Object(object) => match object.get("Statement") {
                Some(Json::Array(statements)) => statements.iter().for_each(|statement| self.add(statement)),
                Some(statement) => self.add(statement),
                // Who may assume a role says nothing of what the role may do.
                None => object
                    .iter()
                    .filter(|(name, _)| *name != "AssumeRolePolicyDocument")
                    .for_each(|(_, value)| self.search(value, depth)),
            },
            _ => {}
        }
    }

    fn add(&mut self, json: &Json) {
        let either = |one: &str, other: &str| match (json.get(one), json.get(other)) {
            (Some(values), _) => (texts(values), false),
            (None, Some(values)) => (texts(values), true),
            (None, None) => (Vec::new(), false),
        };
        let (actions, other_actions) = either("Action", "NotAction");
        let (resources, other_resources) = either("Resource", "NotResource");
        let mut conditions = Vec::new();
        for (operator, keys) in json.get("Condition").and_then(Json::as_object).into_iter().flat_map(|it| it.iter()) {
            for (key, values) in keys.as_object().into_iter().flat_map(|keys| keys.iter()) {
                conditions.push((operator.to_owned(), key.to_owned(), texts(values)));
            }
        }
        let place = self.statements.len() + 1;
        self.statements.push(Known {
            name: json.get("Sid").and_then(Json::as_str).map_or_else(|| format!("statement {place}"), str::to_owned),
            allows: json.get("Effect").and_then(Json::as_str) != Some("Deny"),
            actions,
            other_actions,
            resources: resources.into_iter().map(|text| (text.clone(), Glob::pattern(&text))).collect(),
            other_resources,
            conditions,
        });
    }
}

impl Known {
    /// Whether it speaks of the action.
    pub(super) fn names_action(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| action_covers(pattern, action)) != self.other_actions
    }

    /// Whether it speaks of everything that the pattern stands for.
    pub(super) fn names_all(&self, wanted: &Glob) -> bool {
        use crate::iam::glob::Open::Fitting;
        match self.other_resources {
            false => self.resources.iter().any(|(_, glob)| glob.covers(wanted, Fitting)),
            true => !self.resources.iter().any(|(_, glob)| glob.meets(wanted)),
        }
    }

    /// Whether it speaks of anything that the pattern stands for.
    pub(super) fn names_some(&self, wanted: &Glob) -> bool {
        use crate::iam::glob::Open::Fitting;
        match self.other_resources {
            false => self.resources.iter().any(|(_, glob)| glob.meets(wanted)),
            true => !self.resources.iter().any(|(_, glob)| glob.covers(wanted, Fitting)),
        }
    }

    /// Whether its conditions hold wherever the given ones do.
    pub(super) fn holds_under(&self, conditions: &[(String, String, Arn)]) -> bool {
        self.conditions.iter().all(|(operator, key, values)| {
            let positive = !operator.contains("Not") && !operator.contains("Null");
            positive
                && conditions.iter().any(|(_, known, value)| {
                    let glob = Glob::of(value);
                    let fits = |text: &String| Glob::pattern(text).covers(&glob, crate::iam::glob::Open::Fitting);
                    known.eq_ignore_ascii_case(key) && values.iter().any(fits)
                })
        })
    }

    /// Whether it asks for the condition too, or for a narrower one.
    pub(super) fn asks_for(&self, key: &str) -> bool {
        self.conditions.iter().any(|(_, known, _)| known.eq_ignore_ascii_case(key))
    }
}

fn texts(json: &Json) -> Vec<String> {
    match json {
        Json::Array(elements) => elements.iter().map(|element| text(element, MAX_DEPTH)).collect(),
        one => vec![text(one, MAX_DEPTH)],
    }
}

/// The text of a value in a template, with `${Name}` for what is not known.
fn text(json: &Json, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return "*".to_owned() };
    match json {
        Json::String(text) => text.to_string(),
        Json::Number(number) => number.to_string(),
        Json::Bool(truth) => truth.to_string(),
        Json::Placeholder(name) => format!("${{{name}}}"),
        Json::Object(object) => match object.iter().next() {
            Some(("Ref", name)) => format!("${{{}}}", text(name, depth)),
            Some(("Fn::GetAtt", Json::Array(parts))) => {
                format!("${{{}}}", parts.iter().map(|part| text(part, depth)).collect::<Vec<_>>().join("."))
            }
            Some(("Fn::GetAtt", name)) => format!("${{{}}}", text(name, depth)),
            Some(("Fn::Sub", Json::Array(parts))) => parts.first().map_or_else(String::new, |part| text(part, depth)),
            Some(("Fn::Sub", template)) => text(template, depth),
            Some(("Fn::Join", Json::Array(parts))) => match parts.as_slice() {
                [separator, Json::Array(parts)] => {
                    let parts: Vec<String> = parts.iter().map(|part| text(part, depth)).collect();
                    parts.join(&text(separator, depth))
                }
                _ => "${Join}".to_owned(),
            },
            Some((name, _)) => format!("${{{}}}", name.replace("::", ".")),
            None => String::new(),
        },
        Json::Null | Json::Array(_) => String::new(),
    }
}
