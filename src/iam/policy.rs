//! The needs of all states, merged into statements.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use super::arn::{Arn, Condition};
use super::glob::{Glob, Open};
use super::precision::{Precision, PrecisionReason};
use super::render::Target;
use crate::catalog::{Pattern, Reason};
use crate::value::{Json, Object, printable};

/// A permission that one call of one state needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant {
    /// The name of the state; empty for needs of the machine itself.
    pub state: String,
    /// The position of the state, as a JSON Pointer.
    pub pointer: String,
    /// What it calls: `dynamodb:getItem`.
    pub api: String,
    /// The pattern of the call.
    pub pattern: Option<Pattern>,
    /// What the permission is for.
    pub reason: Reason,
    /// Why it is needed, in a sentence.
    pub why: String,
    /// The page that confirms it.
    pub url: String,
    /// IAM actions.
    pub actions: Vec<String>,
    /// The resources.
    pub resources: Vec<Arn>,
    /// Operator, key and value.
    pub conditions: Vec<(String, String, Arn)>,
    /// What decides whether it is needed, if the definition does not show it: `whether the query changes tables`.
    pub depends_on: Option<String>,
    /// How precisely the resources identify what the call uses.
    pub precision: Precision,
    /// Why they are not exact; none if they are, and the author of the state did not name them.
    pub precision_reason: Option<PrecisionReason>,
}

/// A statement of a policy. All statements allow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// IAM actions, in the order of their names.
    pub actions: Vec<String>,
    /// The resources, sorted by text.
    pub resources: Vec<Arn>,
    /// Operator, key and value.
    pub conditions: Vec<(String, String, Arn)>,
    /// The reasons for it.
    pub reasons: Vec<Cause>,
}

/// The reason for a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The names of the states that need it; none if the machine itself does.
    pub states: Vec<String>,
    /// What they call: `dynamodb:getItem`.
    pub api: String,
    /// The pattern of the calls.
    pub pattern: Option<Pattern>,
    /// The actions of the statement that this reason is for.
    pub actions: Vec<String>,
    /// What the permission is for.
    pub reason: Reason,
    /// Why it is needed, in a sentence.
    pub why: String,
    /// The page that confirms it.
    pub url: String,
    /// What decides whether it is needed, if the definition does not show it.
    pub depends_on: Option<String>,
    /// How precisely the resources identify what the call uses.
    pub precision: Precision,
    /// Why they are not exact; none if they are, and the author of the state did not name them.
    pub precision_reason: Option<PrecisionReason>,
}

/// A policy: what the role of a state machine may do, and why.
///
/// The same definition always has the same policy, byte by byte. `{}` writes it as JSON in the plain form, `{:#}` on
/// several lines; [`to_json`](Self::to_json) writes it for templates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    statements: Vec<Statement>,
    grants: Vec<Grant>,
}

impl Policy {
    pub(super) fn new(grants: Vec<Grant>) -> Self {
        Self { statements: merge(&grants), grants }
    }

    pub(super) fn of_statements(statements: Vec<Statement>) -> Self {
        Self { statements, grants: Vec::new() }
    }

    /// The statements, in the order of their actions.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The needs of each state, before they were merged.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// The permissions for every resource, or for every resource of a type, although the action supports resources:
    /// each with the state that needs it, and [why](Grant::precision_reason) the definition does not name them. A task
    /// narrows it by [`resources`](crate::task::Task::resources) or [`grant_only`](crate::task::Task::grant_only).
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::lambda;
    ///
    /// let call = |name: &str| Task::new(name, lambda::Invoke::new().function_name(path("$.function")));
    /// let policy = StateMachine::new(call("A"))?.policy(&Scope::default())?;
    /// assert_eq!(policy.wide().next().map(|grant| grant.state.as_str()), Some("A"));
    ///
    /// let function = "arn:aws:lambda:eu-west-1:111122223333:function:price-*";
    /// let policy = StateMachine::new(call("A").resources([function]))?.policy(&Scope::default())?;
    /// assert_eq!(policy.wide().count(), 0);
    /// assert_eq!(policy.statements()[0].resources[0].to_string(), function);
    /// # Ok::<(), Problems>(())
    /// ```
    pub fn wide(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(|it| {
            it.precision >= Precision::Type && it.precision_reason != Some(PrecisionReason::NoResourceTypes)
        })
    }

    /// Whether nothing is allowed.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The names of the deploy-time references in it.
    pub fn references(&self) -> BTreeSet<&str> {
        self.statements
            .iter()
            .flat_map(|it| it.resources.iter().chain(it.conditions.iter().map(|(_, _, value)| value)))
            .flat_map(Arn::references)
            .collect()
    }

    /// The same with every resource and every value of a condition changed.
    pub(crate) fn map(mut self, change: impl Fn(&Arn) -> Arn) -> Self {
        for grant in &mut self.grants {
            grant.resources.iter_mut().for_each(|resource| *resource = change(resource));
            grant.conditions.iter_mut().for_each(|(_, _, value)| *value = change(value));
        }
        Self::new(self.grants)
    }

    /// The policy document, in the form of the target.
    pub fn to_json(&self, target: &Target<'_>) -> Json {
        let mut document = Object::new();
        document.insert("Version", "2012-10-17");
        let statements = self.statements.iter().map(|statement| statement.to_json(target));
        document.insert("Statement", Json::Array(statements.collect()));
        Json::Object(document)
    }

    /// The number of characters that IAM counts: those of the document without white space. Placeholders count as they
    /// are, so the deployed policy can be larger or smaller.
    pub fn size(&self) -> usize {
        self.to_string().chars().count()
    }
}

/// JSON in the plain form; `{:#}` on many lines.
/// In a line: `dynamodb:GetItem on arn:…: the call itself`.
impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources = self.resources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let line = format!("{} on {resources}: {}", self.actions.join(", "), self.why);
        f.write_str(&printable(&line))
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json(&Target::Plain).fmt(f)
    }
}

impl Statement {
    /// The statement, in the form of the target.
    pub fn to_json(&self, target: &Target<'_>) -> Json {
        let mut object = Object::new();
        object.insert("Effect", "Allow");
        object.insert("Action", one_or_many(self.actions.iter().map(|action| Json::from(action.clone())).collect()));
        let mut resources: Vec<Json> = Vec::with_capacity(self.resources.len());
        let mut known = HashSet::new();
        for resource in self.resources.iter().map(|resource| target.value(resource)) {
            // Two texts can become equal in a target that has no function to distinguish them.
            if known.insert(resource.to_string()) {
                resources.push(resource);
            }
        }
        object.insert("Resource", one_or_many(resources));
        if !self.conditions.is_empty() {
            let mut conditions = Object::new();
            for (operator, key, value) in &self.conditions {
                if !conditions.contains(operator) {
                    conditions.insert(operator.clone(), Object::new());
                }
                if let Some(Json::Object(keys)) = conditions.get_mut(operator) {
                    keys.insert(key.clone(), target.value(value));
                }
            }
            object.insert("Condition", conditions);
        }
        Json::Object(object)
    }
}

fn one_or_many(mut values: Vec<Json>) -> Json {
    match values.len() {
        1 => values.remove(0),
        _ => Json::from(values),
    }
}

/// The conditions, the resources and the service of a statement.
type Group<'a> = (&'a [Condition], Vec<&'a Arn>, &'a str);

/// Merges without allowing more: first the resources of each action, then the actions of a service with the same
/// resources.
fn merge(grants: &[Grant]) -> Vec<Statement> {
    let mut by_action: BTreeMap<(&[Condition], &str), BTreeSet<&Arn>> = BTreeMap::new();
    for grant in grants {
        for action in &grant.actions {
            by_action.entry((&grant.conditions, action)).or_default().extend(&grant.resources);
        }
    }
    let mut by_resources: BTreeMap<Group<'_>, Vec<&str>> = BTreeMap::new();
    for ((conditions, action), resources) in &by_action {
        let unconditional = by_action.get(&(&[][..], *action)).filter(|_| !conditions.is_empty());
        // Only a pattern covers anything other than itself.
        let patterns: Vec<(&Arn, Glob)> =
            resources.iter().filter(|arn| !arn.is_exact()).map(|arn| (*arn, Glob::of(arn))).collect();
        let wider = |arn: &&Arn| {
            let glob = Glob::of(arn);
            let covered = |other: &Glob| other.covers(&glob, Open::Strict);
            patterns.iter().any(|(other, pattern)| other != arn && covered(pattern))
                || unconditional.into_iter().flatten().any(|other| covered(&Glob::of(other)))
        };
        let mut kept: Vec<&Arn> = resources.iter().copied().filter(|arn| !wider(arn)).collect();
        kept.sort_by_cached_key(|arn| arn.to_string());
        if !kept.is_empty() {
            let service = action.split(':').next().unwrap_or_default();
            by_resources.entry((conditions, kept, service)).or_default().push(action);
        }
    }
    let mut statements: Vec<Statement> = by_resources
        .into_iter()
        .map(|((conditions, resources, _), actions)| Statement {
            reasons: causes(grants, conditions, &actions),
            actions: actions.into_iter().map(str::to_owned).collect(),
            resources: resources.into_iter().cloned().collect(),
            conditions: conditions.to_vec(),
        })
        .collect();
    statements.sort_by_cached_key(|it| {
        let resources: Vec<String> = it.resources.iter().map(Arn::to_string).collect();
        (it.actions.clone(), resources, format!("{:?}", it.conditions))
    });
    statements
}

fn causes(grants: &[Grant], conditions: &[Condition], actions: &[&str]) -> Vec<Cause> {
    causes_of(grants.iter().filter(|grant| grant.conditions == conditions), actions)
}

/// The reasons why grants allow the actions.
pub(super) fn causes_of<'g>(grants: impl Iterator<Item = &'g Grant>, actions: &[&str]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut known: HashSet<(usize, &str)> = HashSet::new();
    for grant in grants {
        let meant: Vec<String> =
            grant.actions.iter().filter(|action| actions.contains(&action.as_str())).cloned().collect();
        if meant.is_empty() {
            continue;
        }
        let same = |cause: &Cause| {
            (&cause.api, cause.pattern, cause.reason, &cause.why, &cause.url, &cause.actions, cause.precision_reason)
                == (&grant.api, grant.pattern, grant.reason, &grant.why, &grant.url, &meant, grant.precision_reason)
                && cause.depends_on == grant.depends_on
        };
        let at = causes.iter().position(same).unwrap_or_else(|| {
            causes.push(Cause {
                states: Vec::new(),
                api: grant.api.clone(),
                pattern: grant.pattern,
                actions: meant.clone(),
                reason: grant.reason,
                why: grant.why.clone(),
                url: grant.url.clone(),
                depends_on: grant.depends_on.clone(),
                precision: grant.precision,
                precision_reason: grant.precision_reason,
            });
            causes.len() - 1
        });
        if !grant.state.is_empty() && known.insert((at, &grant.state)) {
            causes[at].states.push(grant.state.clone());
        }
    }
    causes
}
