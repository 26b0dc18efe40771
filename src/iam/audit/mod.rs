//! Permissions that an existing policy lacks, and permissions that it allows but nothing needs.

mod excess;
mod existing;
mod forms;
mod keys;
mod lacking;
mod need;

use std::fmt;

pub use existing::Existing;

use excess::{policies_too_much, too_much};
use existing::Known;
use lacking::missing;
use need::{Need, by_condition};

use super::glob::Open;
use super::policy::{Cause, Policy};
use super::{Options, Scope, derive};
use crate::asl::StateMachine;
use crate::check::Diagnostic;
use crate::value::{Json, Object, printable};

/// The result of an audit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Audit {
    /// Missing permissions first, then excess permissions.
    pub findings: Vec<Finding>,
    /// States whose permissions are unknown. Permissions that look like excess may be for them.
    pub unknown: Vec<Diagnostic>,
}

/// A difference between what a definition needs and what a policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of the difference.
    pub kind: FindingKind,
    /// The action, the pattern of actions of the existing policy, or the name of a managed policy or policy template.
    pub action: String,
    /// The resource, or the pattern of the existing policy.
    pub resource: String,
    /// The statements of the existing policy: their `Sid`s, or `statement 1` for the first.
    pub statements: Vec<String>,
    /// Why the definition needs it.
    pub causes: Vec<Cause>,
    /// The position in the definition of the first state that needs it, as a JSON Pointer; empty if none does.
    pub pointer: String,
    /// The difference in one sentence.
    pub message: String,
}

/// A kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// Not allowed, or denied: the state fails, or the machine cannot be created.
    Missing,
    /// Not allowed, and nothing fails: Step Functions cannot follow or cancel a job, which continues when the execution
    /// is aborted; or there are no traces; or AWS's guide lists the action for logs, which arrive without it.
    MissingSilently,
    /// Not allowed, and only needed to redrive a failed execution.
    MissingForRedrive,
    /// Allowed only for a part of the values that are possible at run time, under a condition, or by a policy that
    /// cannot be read here.
    Uncertain,
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
            FindingKind::MissingForRedrive => "missingForRedrive",
            FindingKind::Uncertain => "uncertain",
            FindingKind::Wider => "wider",
            FindingKind::Excess => "excess",
        }
    }
}

/// Compares existing policies with what a definition needs.
///
/// An open part of the scope, or a deploy-time reference, matches any text in the existing policy.
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

impl Policy {
    /// Compares existing policies with this one.
    pub fn audit(&self, existing: &Existing) -> Audit {
        self.audit_with(existing, &[])
    }

    /// The same for a role that other state machines use too, which need those policies: what they need is not excess.
    pub fn audit_with(&self, existing: &Existing, others: &[Policy]) -> Audit {
        let needs = by_condition(self.needs(), existing);
        let found: Vec<(&Need<'_>, Finding)> =
            needs.iter().filter_map(|need| Some((need, missing(need, existing)?))).collect();
        // If one need includes others, the others are not reported again.
        let is_told = |need: &Need<'_>, finding: &Finding| {
            found.iter().any(|(wider, told)| {
                told.kind == finding.kind
                    && told.action == finding.action
                    && told.kind == FindingKind::Missing
                    && wider.conditions.is_empty()
                    && wider.when.is_empty()
                    && (&wider.arn, wider.conditions) != (&need.arn, need.conditions)
                    && wider.glob.covers(&need.glob, Open::Strict)
            })
        };
        let mut findings: Vec<Finding> =
            found.iter().filter(|(need, it)| !is_told(need, it)).map(|(_, it)| it.clone()).collect();
        self.either_form(&mut findings);
        self.small_letters(&mut findings);
        self.with_or_without_letters(&mut findings);
        // The other users of the role may need the rest of it.
        if existing.users.is_empty() {
            let theirs = by_condition(others.iter().flat_map(Policy::needs).collect(), existing);
            let all: Vec<Need<'_>> = needs.into_iter().chain(theirs).collect();
            let own = |known: &&Known| known.allows && known.origin.is_none();
            for known in existing.statements.iter().filter(own) {
                too_much(known, &all, &mut findings);
            }
            policies_too_much(&existing.statements, &all, &mut findings);
        }
        for finding in &mut findings {
            let state = finding.causes.iter().flat_map(|cause| &cause.states).next();
            let grant = self.grants().iter().find(|grant| Some(&grant.state) == state);
            finding.pointer = grant.map(|grant| grant.pointer.clone()).unwrap_or_default();
            finding.message = shown(&finding.message);
            finding.resource = shown(&finding.resource);
        }
        findings.sort_by(|a, b| (a.kind, &a.action, &a.resource).cmp(&(b.kind, &b.action, &b.resource)));
        findings.dedup();
        Audit { findings, unknown: Vec::new() }
    }
}

/// The text without the characters that mark generated names.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (made_up, after))) =
        rest.split_once('#').and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        // The beginning of a generated name may be known: `Flow-${Flow#name}`.
        let id = before.rsplit_once("${").map_or("", |(_, id)| id);
        let known = before.len() - id.len() - 2;
        match before.get(..known).and_then(|text| text.strip_suffix('-')?.strip_suffix(id)) {
            Some(start) if !id.is_empty() => shown.push_str(&format!("{start}${{{id}")),
            _ => shown.push_str(before),
        }
        if !made_up.chars().all(char::is_alphanumeric) {
            shown.push('#');
            shown.push_str(made_up);
        }
        shown.push('}');
        rest = after;
    }
    shown + rest
}

impl Audit {
    /// Whether there are no findings.
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

/// Its kind, its message and the statements.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.key(), self.message)?;
        match self.statements.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", self.statements.join(", ")),
        }
    }
}

/// One line for each finding.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.findings.iter().map(ToString::to_string);
        let unknown = self.unknown.iter().map(|problem| format!("unknown: {problem}"));
        all.chain(unknown).try_for_each(|line| writeln!(f, "{}", printable(&line)))
    }
}
