//! Existing policies.

use std::collections::BTreeMap;

use crate::iam::arn::Arn;
use crate::iam::glob::{Glob, Open, action_covers};
use crate::template::{Role, RoleOrigin, RoleStatement};
use crate::value::Json;

/// The maximum depth at which a document is searched for statements.
const MAX_DEPTH: usize = 32;

/// The statements of existing policies.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    pub(super) statements: Vec<Known>,
    /// Policies that could not be read, in words.
    pub(super) unread: Vec<String>,
    /// Whether it is the role of a template, which shows the targets of references.
    pub(super) is_role: bool,
    /// Other users of the role. If there are any, nothing in it is reported as excess.
    pub(super) users: Vec<String>,
    /// The maximum that the role allows.
    pub(super) boundary: Option<Boundary>,
    /// The values of each `Fn::If` of the template: the condition, the text if it is true, and the text if it is
    /// false.
    pub(super) alternatives: BTreeMap<String, (String, [String; 2])>,
    /// The defaults of parameters.
    pub(super) defaults: BTreeMap<String, String>,
}

/// A permissions boundary that was read.
#[derive(Debug, Clone)]
pub(super) struct Boundary {
    pub(super) arn: String,
    pub(super) statements: Vec<Known>,
}

/// A statement of an existing policy.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Its `Sid`, or its position.
    pub(super) name: String,
    pub(super) allows: bool,
    pub(super) actions: Vec<String>,
    /// Whether it applies to all actions except these.
    pub(super) other_actions: bool,
    pub(super) resources: Vec<(String, Glob)>,
    /// Whether it applies to all resources except these.
    pub(super) other_resources: bool,
    /// Operator, key and values.
    pub(super) conditions: Vec<(String, String, Vec<String>)>,
    /// The condition of a template under which it exists, and whether the condition must be true or false.
    pub(super) when: Option<(String, bool)>,
    /// Its origin, if it is not in a policy of the role.
    pub(super) origin: Option<RoleOrigin>,
}

impl Existing {
    /// All statements in a document: a policy, a list of policies, or a role of a template with its policies.
    ///
    /// In a template, `Fn::Sub`, `Ref`, `Fn::GetAtt` and `Fn::Join` are read as the text that they return.
    pub fn new(document: &Json) -> Self {
        let mut existing = Self::default();
        existing.search(document, MAX_DEPTH);
        existing
    }

    /// Reads such a document from JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::new(&serde_json::from_str(text)?))
    }

    /// The policies of a role, from a template. `place` returns the position of the value at a JSON Pointer, for
    /// people.
    ///
    /// Derive the needs from a definition in which references have the form of
    /// [`Template::physical`](crate::template::Template::physical): see
    /// [`Options::physical`](crate::iam::Options::physical).
    pub fn role(role: &Role, place: impl Fn(&str) -> String) -> Self {
        let mut existing = Self {
            unread: role.unread.clone(),
            is_role: true,
            users: role.others.clone(),
            alternatives: role.alternatives.clone(),
            defaults: role.defaults.clone(),
            ..Self::default()
        };
        existing.add_all(&role.statements, &place);
        existing.split();
        if let Some((boundary, statements)) = role.boundary.as_ref().and_then(|it| Some((it, it.statements.as_ref()?)))
        {
            let mut read = Self::default();
            read.add_all(statements, &place);
            let (allowing, denying): (Vec<Known>, Vec<Known>) =
                read.statements.into_iter().partition(|known| known.allows);
            existing.boundary = Some(Boundary { arn: boundary.arn.clone(), statements: allowing });
            // A denial applies wherever it is written.
            existing.statements.extend(denying);
        }
        existing
    }

    fn add_all(&mut self, statements: &[RoleStatement], place: &dyn Fn(&str) -> String) {
        for RoleStatement { statement, pointer, origin, condition } in statements {
            let before = self.statements.len();
            self.add(statement);
            if let Some(known) = self.statements.get_mut(before) {
                let place = place(pointer);
                known.name = match (origin, statement.get("Sid").and_then(Json::as_str)) {
                    (Some(origin), _) => format!("{origin} at {place}"),
                    (None, Some(sid)) => format!("`{sid}` at {place}"),
                    (None, None) => place,
                };
                known.when.clone_from(condition);
                known.origin.clone_from(origin);
            }
        }
    }

    /// Splits each statement whose resource depends on `Fn::If`: one statement with each value.
    fn split(&mut self) {
        for known in std::mem::take(&mut self.statements) {
            // A statement that exists only under another condition stays as it is.
            if known.other_resources || known.when.is_some() {
                self.statements.push(known);
                continue;
            }
            let mut rest = Vec::new();
            for (text, glob) in &known.resources {
                let arn = Arn::parse(text);
                let Some((name, (condition, values))) =
                    arn.references().find_map(|name| self.alternatives.get_key_value(name))
                else {
                    rest.push((text.clone(), glob.clone()));
                    continue;
                };
                for (value, holds) in values.iter().zip([true, false]) {
                    let arn = arn.with_reference(name, value);
                    let resources = vec![(arn.to_string(), Glob::pattern_of(&arn))];
                    let when = Some((condition.clone(), holds));
                    self.statements.push(Known { resources, when, ..known.clone() });
                }
            }
            if !rest.is_empty() || known.resources.is_empty() {
                self.statements.push(Known { resources: rest, ..known });
            }
        }
    }

    /// Both together, as if they were attached to the same role.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.statements.extend(other.statements);
        self.unread.extend(other.unread);
        self.users.extend(other.users);
        self.is_role |= other.is_role;
        self.boundary = self.boundary.or(other.boundary);
        self.alternatives.extend(other.alternatives);
        self.defaults.extend(other.defaults);
        self
    }

    /// The number of statements.
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
                // The trust policy, which says who may assume the role, does not describe what the role may do.
                None => object
                    .iter()
                    .filter(|(name, _)| *name != "AssumeRolePolicyDocument")
                    .for_each(|(_, value)| self.search(value, depth)),
            },
            _ => {}
        }
    }

    fn add(&mut self, json: &Json) {
        // A statement with principals is in the policy of a resource, not of a role.
        if json.get("Principal").is_some() || json.get("NotPrincipal").is_some() {
            return;
        }
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
            when: None,
            origin: None,
        });
    }
}

impl Known {
    /// Whether it applies to the action.
    pub(super) fn names_action(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| action_covers(pattern, action)) != self.other_actions
    }

    /// Whether it applies to everything that the pattern matches.
    pub(super) fn names_all(&self, wanted: &Glob, open: Open) -> bool {
        match self.other_resources {
            false => self.resources.iter().any(|(_, glob)| glob.covers(wanted, open)),
            true => !self.resources.iter().any(|(_, glob)| glob.meets(wanted)),
        }
    }

    /// Whether it applies to anything that the pattern matches.
    pub(super) fn names_some(&self, wanted: &Glob) -> bool {
        match self.other_resources {
            false => self.resources.iter().any(|(_, glob)| glob.meets(wanted)),
            true => !self.resources.iter().any(|(_, glob)| glob.covers(wanted, Open::Fitting)),
        }
    }

    /// Whether its conditions are true whenever the given conditions are.
    pub(super) fn holds_under(&self, conditions: &[(String, String, Arn)]) -> bool {
        self.conditions.iter().all(|(operator, key, values)| {
            let positive = !operator.contains("Not") && !operator.contains("Null");
            positive
                && conditions.iter().any(|(_, known, value)| {
                    let glob = Glob::of(value);
                    let fits = |text: &String| Glob::pattern(text).covers(&glob, Open::Fitting);
                    known.eq_ignore_ascii_case(key) && values.iter().any(fits)
                })
        })
    }

    /// Whether it can apply to a call of Step Functions at all: such calls are encrypted in transit.
    pub(super) fn can_hold(&self) -> bool {
        !self.conditions.iter().any(|(operator, key, values)| {
            operator.starts_with("Bool") && key.eq_ignore_ascii_case("aws:SecureTransport") && values == &["false"]
        })
    }

    /// Whether it has the condition too, or a narrower one.
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

/// The text of a value in a template, with `${Name}` for unknown parts.
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
            // The branch is known only at deployment.
            Some(("Fn::ImportValue", Json::String(name))) => format!("${{ImportValue.{name}}}"),
            Some((name, _)) => format!("${{{}}}", name.replace("::", ".")),
            None => String::new(),
        },
        Json::Null | Json::Array(_) => String::new(),
    }
}
