//! What an existing policy lacks, and what it allows that nothing needs.

mod existing;

use std::fmt;

pub use existing::Existing;
use existing::Known;

use super::arn::Arn;
use super::glob::{Glob, Open, action_covers};
use super::policy::{Cause, Policy, Statement};
use super::{Options, Scope, derive};
use crate::asl::StateMachine;
use crate::catalog::Reason;
use crate::check::Diagnostic;
use crate::value::{Json, Object};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// What is missing first, then what is too much.
    pub findings: Vec<Finding>,
    /// States of which nobody knows what they need. What looks like too much may be for them.
    pub unknown: Vec<Diagnostic>,
}

/// A difference between what a definition needs and what a policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of difference it is.
    pub kind: FindingKind,
    /// The action, or the pattern of actions of the existing policy.
    pub action: String,
    /// The resource, or the pattern of the existing policy.
    pub resource: String,
    /// Which statements of the existing policy are meant: their `Sid`s, or `statement 1` for the first.
    pub statements: Vec<String>,
    /// Why the definition needs it.
    pub causes: Vec<Cause>,
    /// The whole in a sentence.
    pub message: String,
}

/// A kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Not allowed, or denied: the state fails, or the machine cannot be made.
    Missing,
    /// Not allowed, and nothing fails: a job is not looked after, and runs on when the execution is aborted.
    MissingSilently,
    /// Allowed for a part of what can come up at run time, or under a condition.
    MaybeMissing,
    /// Allows more than is needed.
    Wider,
    /// Nothing needs it.
    Excess,
}

impl FindingKind {
    /// The key in JSON output.
    pub const fn key(self) -> &'static str {
        match self {
            FindingKind::Missing => "missing",
            FindingKind::MissingSilently => "missingSilently",
            FindingKind::MaybeMissing => "maybeMissing",
            FindingKind::Wider => "wider",
            FindingKind::Excess => "excess",
        }
    }
}

/// Holds existing policies against what a definition needs.
///
/// Where the scope is open, or a value is a deploy-time reference, what stands in the existing policy is taken to be
/// meant.
///
/// ```
/// use sfn_tasks::{asl, iam};
///
/// let machine: asl::StateMachine = r#"{"StartAt": "Query", "States": {"Query": {
///     "Type": "Task",
///     "Resource": "arn:aws:states:::dynamodb:getItem",
///     "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}},
///     "End": true
/// }}}"#.parse()?;
/// let existing = iam::Existing::from_json(r#"{"Statement": {
///     "Effect": "Allow",
///     "Action": "dynamodb:*",
///     "Resource": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
/// }}"#)?;
/// let audit = iam::audit(&machine, &iam::Scope::default(), &iam::Options::default(), &existing);
/// assert_eq!(audit.findings.len(), 1);
/// assert_eq!(audit.findings[0].kind, iam::FindingKind::Wider);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit(machine: &StateMachine, scope: &Scope, options: &Options, existing: &Existing) -> Audit {
    let (policy, unknown) = derive(machine, scope, options);
    Audit { unknown, ..policy.audit(existing) }
}

/// An action on a resource that is needed.
struct Need<'a> {
    action: &'a str,
    arn: &'a Arn,
    glob: Glob,
    statement: &'a Statement,
}

impl Need<'_> {
    fn causes(&self) -> Vec<Cause> {
        let of_action = |cause: &&Cause| cause.actions.iter().any(|action| action == self.action);
        self.statement.reasons.iter().filter(of_action).cloned().collect()
    }
}

impl Policy {
    /// Holds existing policies against this one.
    pub fn audit(&self, existing: &Existing) -> Audit {
        let needs: Vec<Need<'_>> = self
            .statements()
            .iter()
            .flat_map(|statement| {
                statement.actions.iter().flat_map(move |action| {
                    statement.resources.iter().map(move |arn| Need { action, arn, glob: Glob::of(arn), statement })
                })
            })
            .collect();
        let mut findings: Vec<Finding> = needs.iter().filter_map(|need| missing(need, existing)).collect();
        for known in existing.statements.iter().filter(|known| known.allows) {
            too_much(known, &needs, &mut findings);
        }
        findings.sort_by(|a, b| (a.kind, &a.action, &a.resource).cmp(&(b.kind, &b.action, &b.resource)));
        Audit { findings, unknown: Vec::new() }
    }
}

fn missing(need: &Need<'_>, existing: &Existing) -> Option<Finding> {
    let conditions = &need.statement.conditions;
    let speaking = || existing.statements.iter().filter(|known| known.names_action(need.action));
    let names = |found: &[&Known]| found.iter().map(|known| known.name.clone()).collect::<Vec<_>>();
    let denying: Vec<&Known> = speaking().filter(|known| !known.allows && known.names_some(&need.glob)).collect();
    let (denied, maybe_denied): (Vec<&Known>, Vec<&Known>) =
        denying.into_iter().partition(|known| known.names_all(&need.glob) && known.holds_under(conditions));
    let covering: Vec<&Known> = speaking().filter(|known| known.allows && known.names_all(&need.glob)).collect();
    let allowed = covering.iter().any(|known| known.holds_under(conditions));
    let causes = need.causes();
    let silent = causes.iter().all(|cause| matches!(cause.reason, Reason::Poll | Reason::Cancel));
    let states = states(&causes);
    let why = causes.first().map_or("", |cause| &cause.why);
    let (action, arn) = (need.action, need.arn);
    let gone = if silent { FindingKind::MissingSilently } else { FindingKind::Missing };
    let (kind, statements, message) = if !denied.is_empty() {
        (gone, names(&denied), format!("`{action}` on `{arn}` is denied, which {states} needs: {why}"))
    } else if allowed {
        if maybe_denied.is_empty() {
            return None;
        }
        let message = format!("`{action}` on `{arn}` is denied in part or under a condition, which {states} needs");
        (FindingKind::MaybeMissing, names(&maybe_denied), message)
    } else if !covering.is_empty() {
        let message = format!("`{action}` on `{arn}` is allowed only under a condition, which {states} needs: {why}");
        (FindingKind::MaybeMissing, names(&covering), message)
    } else {
        let partly: Vec<&Known> = speaking().filter(|known| known.allows && known.names_some(&need.glob)).collect();
        match partly.is_empty() || arn.is_exact() {
            true => {
                let result = match silent {
                    true => {
                        " Nothing fails without it: the job is not looked after, and runs on if the state is aborted."
                    }
                    false => "",
                };
                (gone, Vec::new(), format!("`{action}` on `{arn}` is missing, which {states} needs: {why}{result}"))
            }
            false => {
                let message = format!(
                    "`{action}` is allowed for a part of `{arn}` only, and which resource it is {states} tells at run time"
                );
                (FindingKind::MaybeMissing, names(&partly), message)
            }
        }
    };
    Some(Finding { kind, action: action.to_owned(), resource: arn.to_string(), statements, causes, message })
}

fn states(causes: &[Cause]) -> String {
    let mut names: Vec<String> =
        causes.iter().flat_map(|cause| &cause.states).map(|state| format!("`{state}`")).collect();
    names.dedup();
    match names.is_empty() {
        true => "the machine".to_owned(),
        false => names.join(", "),
    }
}

/// What an existing statement allows beyond what is needed.
fn too_much(known: &Known, needs: &[Need<'_>], findings: &mut Vec<Finding>) {
    let mut add = |kind, action: &str, resource: &str, causes: Vec<Cause>, message: String| {
        let statements = vec![known.name.clone()];
        findings.push(Finding {
            kind,
            action: action.to_owned(),
            resource: resource.to_owned(),
            statements,
            causes,
            message,
        });
    };
    if known.other_actions || known.other_resources {
        let what = if known.other_actions { "NotAction" } else { "NotResource" };
        let named = if known.other_actions { known.actions.clone() } else { texts(known) };
        let message = format!("`{what}` allows everything else; name what is needed");
        return add(FindingKind::Wider, &known.actions.join(", "), &named.join(", "), Vec::new(), message);
    }
    for pattern in &known.actions {
        let of_action: Vec<&Need<'_>> = needs.iter().filter(|need| action_covers(pattern, need.action)).collect();
        if of_action.is_empty() {
            let message = format!("nothing needs `{pattern}`");
            add(FindingKind::Excess, pattern, &texts(known).join(", "), Vec::new(), message);
            continue;
        }
        let mut names: Vec<&str> = of_action.iter().map(|need| need.action).collect();
        names.dedup();
        if pattern.contains(['*', '?']) {
            let causes = of_action.iter().flat_map(|need| need.causes()).collect();
            let message = format!("`{pattern}` allows more than what is needed: {}", names.join(", "));
            add(FindingKind::Wider, pattern, &texts(known).join(", "), causes, message);
        }
        for (text, glob) in &known.resources {
            let touched: Vec<&&Need<'_>> = of_action.iter().filter(|need| glob.meets(&need.glob)).collect();
            if touched.is_empty() {
                add(FindingKind::Excess, pattern, text, Vec::new(), format!("nothing needs `{pattern}` on `{text}`"));
                continue;
            }
            let causes: Vec<Cause> = touched.iter().flat_map(|need| need.causes()).collect();
            if !touched.iter().any(|need| need.glob.covers(glob, Open::Fitting)) {
                let mut wanted: Vec<String> = touched.iter().map(|need| format!("`{}`", need.arn)).collect();
                wanted.dedup();
                let message = format!("`{pattern}` on `{text}` is wider than what is needed: {}", wanted.join(", "));
                add(FindingKind::Wider, pattern, text, causes, message);
                continue;
            }
            let lacking = touched.iter().find_map(|need| {
                let unconditional = touched.iter().any(|need| need.statement.conditions.is_empty());
                let lacks = |(_, key, _): &&(String, String, Arn)| !unconditional && !known.asks_for(key);
                need.statement.conditions.iter().find(lacks)
            });
            if let Some((operator, key, value)) = lacking {
                let message =
                    format!("`{pattern}` on `{text}` can have the condition that `{key}` is `{value}` ({operator})");
                add(FindingKind::Wider, pattern, text, causes, message);
            }
        }
    }
}

fn texts(known: &Known) -> Vec<String> {
    known.resources.iter().map(|(text, _)| text.clone()).collect()
}

impl Audit {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.unknown.is_empty()
    }

    /// The findings of that kind.
    pub fn of_kind(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.kind == kind)
    }

    /// As JSON.
    pub fn to_json(&self) -> Json {
        let findings = self.findings.iter().map(|finding| {
            let mut object = Object::new();
            object.insert("kind", finding.kind.key());
            object.insert("action", finding.action.clone());
            object.insert("resource", finding.resource.clone());
            let list = |texts: Vec<String>| Json::Array(texts.into_iter().map(Json::from).collect());
            object.insert("statements", list(finding.statements.clone()));
            let states = finding.causes.iter().flat_map(|cause| cause.states.clone()).collect();
            object.insert("states", list(states));
            object.insert("message", finding.message.clone());
            Json::Object(object)
        });
        Json::Array(findings.collect())
    }
}

/// A line for each finding.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { kind, message, statements, .. } in &self.findings {
            write!(f, "{}: {message}", kind.key())?;
            match statements.is_empty() {
                true => writeln!(f)?,
                false => writeln!(f, " ({})", statements.join(", "))?,
            }
        }
        self.unknown.iter().try_for_each(|problem| writeln!(f, "unknown: {problem}"))
    }
}
