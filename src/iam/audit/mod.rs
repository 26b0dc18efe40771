//! Permissions that an existing policy lacks, and permissions that it allows but nothing needs.

mod existing;
mod keys;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

pub use existing::Existing;
use existing::Known;

use super::arn::{Arn, Condition};
use super::glob::{Glob, Open, action_covers};
use super::policy::{Cause, Grant, Policy, causes_of};
use super::precision::PrecisionReason;
use super::transform::LETTERS;

use super::{Options, Scope, derive};
use crate::asl::StateMachine;
use crate::catalog::Reason;
use crate::check::Diagnostic;
use crate::template::RoleOrigin;
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

/// A needed action on a resource.
#[derive(Clone)]
struct Need<'a> {
    action: &'a str,
    arn: Cow<'a, Arn>,
    glob: Glob,
    conditions: &'a [Condition],
    causes: Vec<Cause>,
    /// Conditions of the template, and whether they must be true or false, for the resource to be this one.
    when: Vec<(String, bool)>,
}

impl Need<'_> {
    /// What decides whether it is needed at all, if the definition does not show it.
    fn depends_on(&self) -> Option<String> {
        let mut all: Vec<&str> = Vec::new();
        for cause in &self.causes {
            let what = cause.depends_on.as_deref()?;
            if !all.contains(&what) {
                all.push(what);
            }
        }
        (!all.is_empty()).then(|| all.join(", and on "))
    }
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

    /// The ARNs of child executions have two forms, and the guide shows only one. A role that allows one of them lacks
    /// nothing, and a role that allows neither lacks one permission.
    fn either_form(&self, findings: &mut Vec<Finding>) {
        let is_one = |it: &Finding, action: &str, forms: &[String]| {
            matches!(it.kind, FindingKind::MissingSilently | FindingKind::Uncertain)
                && it.action == action
                && forms.contains(&it.resource)
        };
        let looks_after =
            |grant: &&Grant| grant.api == "distributed Map" && matches!(grant.reason, Reason::Poll | Reason::Cancel);
        // Two Map states can share a form: what one lacks is reported even if the other lacks nothing.
        let mut lacking = Vec::new();
        let found = findings.clone();
        for grant in self.grants().iter().filter(looks_after) {
            let forms: Vec<String> = grant.resources.iter().map(Arn::to_string).collect();
            for action in &grant.actions {
                if found.iter().filter(|it| is_one(it, action, &forms)).count() == forms.len() {
                    lacking.push((action, forms.clone()));
                } else {
                    findings.retain(|it| !is_one(it, action, &forms));
                }
            }
        }
        for (action, forms) in lacking {
            let mut kept = false;
            findings.retain(|it| !is_one(it, action, &forms) || !std::mem::replace(&mut kept, true));
        }
    }

    /// Services that convert names to lowercase check the lowercase name. The policy also contains the original name,
    /// but a role that allows the lowercase name lacks nothing.
    fn small_letters(&self, findings: &mut Vec<Finding>) {
        let found = findings.clone();
        findings.retain(|finding| {
            let grants = self.grants().iter().filter(|grant| grant.actions.contains(&finding.action));
            let mut forms = grants.map(|grant| grant.resources.iter().map(Arn::to_string).collect::<Vec<_>>());
            !forms.any(|forms| {
                let small =
                    forms.iter().find(|it| **it != finding.resource && it.eq_ignore_ascii_case(&finding.resource));
                forms.contains(&finding.resource)
                    && small.is_some_and(|small| {
                        let capitals = |text: &str| text.chars().filter(|sign| sign.is_uppercase()).count();
                        capitals(small) < capitals(&finding.resource)
                    })
                    && !found.iter().any(|it| it.action == finding.action && Some(&it.resource) == small)
            })
        });
    }

    /// The ARN of a secret in a call can omit the random letters at its end. A role that allows the ARN with or without
    /// them lacks nothing, and a role that allows neither lacks one permission.
    fn with_or_without_letters(&self, findings: &mut Vec<Finding>) {
        let found = findings.clone();
        findings.retain(|finding| {
            let mut grants = self.grants().iter().filter(|grant| grant.actions.contains(&finding.action));
            let has = |grant: &Grant, form: &str| grant.resources.iter().any(|it| it.to_string() == form);
            let lacks = |form: &str| found.iter().any(|it| it.action == finding.action && it.resource == form);
            let with = format!("{}{LETTERS}", finding.resource);
            match finding.resource.strip_suffix(LETTERS) {
                Some(without) => !grants.any(|grant| has(grant, without)) || lacks(without),
                None => !grants.any(|grant| has(grant, &with)),
            }
        });
    }

    /// The needs of each state separately: merged statements would mix certain and uncertain needs.
    fn needs(&self) -> Vec<Need<'_>> {
        let mut of_states: BTreeMap<(&str, &Arn, &[Condition]), Vec<&Grant>> = BTreeMap::new();
        for grant in self.grants() {
            for action in &grant.actions {
                for arn in &grant.resources {
                    of_states.entry((action, arn, &grant.conditions)).or_default().push(grant);
                }
            }
        }
        if !of_states.is_empty() {
            let mut needs = Vec::with_capacity(of_states.len());
            for ((action, arn, conditions), grants) in of_states {
                let causes = causes_of(grants.into_iter(), &[action]);
                let (arn, glob, when) = (Cow::Borrowed(arn), Glob::of(arn), Vec::new());
                needs.push(Need { action, arn, glob, conditions, causes, when });
            }
            return needs;
        }
        // A policy that was read completely has no other statements.
        let statements = self.statements().iter();
        statements
            .flat_map(|statement| {
                statement.actions.iter().flat_map(move |action| {
                    statement.resources.iter().map(move |arn| Need {
                        action,
                        arn: Cow::Borrowed(arn),
                        glob: Glob::of(arn),
                        conditions: &statement.conditions,
                        causes: Vec::new(),
                        when: Vec::new(),
                    })
                })
            })
            .collect()
    }
}

/// The maximum number of resources into which the conditions of a template can split one need.
const MAX_ALTERNATIVES: usize = 64;

/// Each need with each value of `Fn::If` in its resource.
fn by_condition<'a>(needs: Vec<Need<'a>>, existing: &Existing) -> Vec<Need<'a>> {
    let mut all = Vec::with_capacity(needs.len());
    for need in needs {
        let (mut open, mut split) = (vec![need], 0);
        while let Some(need) = open.pop() {
            let found = need.arn.references().find_map(|name| existing.alternatives.get_key_value(name));
            match found.filter(|_| split < MAX_ALTERNATIVES) {
                Some((name, (condition, values))) => {
                    split += 1;
                    for (value, holds) in values.iter().zip([true, false]) {
                        // A condition that occurs again has the same value.
                        if need.when.iter().any(|(known, is)| known == condition && *is != holds) {
                            continue;
                        }
                        let mut one = need.clone();
                        one.arn = Cow::Owned(need.arn.with_reference(name, value));
                        one.glob = Glob::of(&one.arn);
                        one.when.push((condition.clone(), holds));
                        open.push(one);
                    }
                }
                None => all.push(need),
            }
        }
    }
    all
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

fn missing(need: &Need<'_>, existing: &Existing) -> Option<Finding> {
    let finding = not_allowed(need, existing)?;
    // The role can name the ARN, and the definition a part of it.
    let whole =
        need.arn.with_whole_arn().map(|arn| Need { glob: Glob::of(&arn), arn: Cow::Owned(arn), ..need.clone() });
    match whole {
        Some(whole) if existing.is_role && not_allowed(&whole, existing).is_none() => None,
        _ => Some(finding),
    }
}

fn not_allowed(need: &Need<'_>, existing: &Existing) -> Option<Finding> {
    // In a template, a reference has a target; elsewhere, it matches any value in the policy.
    let sure = if existing.is_role { Open::Scope } else { Open::Fitting };
    let conditions = need.conditions;
    // A statement that exists only in the other case does not matter.
    let may_be_there = |known: &Known| match &known.when {
        Some((condition, holds)) => !need.when.iter().any(|(name, is)| name == condition && is != holds),
        None => true,
    };
    let speaking = || existing.statements.iter().filter(|it| it.names_action(need.action) && may_be_there(it));
    let names = |found: &[&Known]| {
        let mut names: Vec<String> = found.iter().map(|known| known.name.clone()).collect();
        names.dedup();
        names
    };
    let denying: Vec<&Known> =
        speaking().filter(|known| !known.allows && known.can_hold() && known.names_some(&need.glob)).collect();
    let (denied, maybe_denied): (Vec<&Known>, Vec<&Known>) = denying
        .into_iter()
        .partition(|known| known.names_all(&need.glob, sure) && known.holds_under(conditions) && known.when.is_none());
    let covering =
        |open| speaking().filter(|known| known.allows && known.names_all(&need.glob, open)).collect::<Vec<&Known>>();
    let (surely, mut loosely) = (covering(sure), covering(Open::Loose));
    // A pattern can match the name that AWS generates.
    let made_up = need.glob.with_made_up_names().filter(|_| loosely.is_empty());
    for glob in made_up.iter().flatten() {
        let fits = |known: &&Known| known.allows && known.names_all(glob, Open::Fitting);
        loosely.extend(speaking().filter(fits));
    }
    let holding: Vec<&&Known> = surely.iter().filter(|known| known.holds_under(conditions)).collect();
    let allowed = holding.iter().any(|known| match &known.when {
        None => true,
        Some(when) if need.when.contains(when) => true,
        // One of the two exists.
        Some((condition, holds)) => {
            holding.iter().any(|other| other.when.as_ref().is_some_and(|(name, too)| name == condition && too != holds))
        }
    });
    let causes = need.causes.clone();
    let depends_on = need.depends_on();
    let gone = match depends_on {
        Some(_) => FindingKind::Uncertain,
        None => gone(need.action, &causes),
    };
    let states = states(&causes);
    let why = causes.first().map_or("", |cause| &cause.why);
    let (action, arn) = (need.action, &*need.arn);
    let (kind, statements, message) = if !denied.is_empty() {
        (gone, names(&denied), format!("{states} needs `{action}` on `{arn}`, which is denied: {why}"))
    } else if allowed {
        if maybe_denied.is_empty() {
            return beyond_boundary(need, existing, gone);
        }
        let message =
            format!("{states} needs `{action}` on `{arn}`, which is denied for some resources or under a condition");
        (FindingKind::Uncertain, names(&maybe_denied), message)
    } else if let Some((condition, holds)) = holding.iter().find_map(|known| known.when.clone()) {
        let holds = if holds { "is true" } else { "is false" };
        let message = format!(
            "{states} needs `{action}` on `{arn}`, which is allowed only if the condition `{condition}` {holds}"
        );
        (FindingKind::Uncertain, names(&surely), message)
    } else if !surely.is_empty() {
        let message = format!("{states} needs `{action}` on `{arn}`, which is allowed only under a condition: {why}");
        (FindingKind::Uncertain, names(&surely), message)
    } else if !loosely.is_empty() {
        // The defaults of parameters decide.
        if denied.is_empty() && maybe_denied.is_empty() && is_default(need, existing) {
            return beyond_boundary(need, existing, gone);
        }
        let message = match made_up {
            None => format!(
                "{states} needs `{action}` on `{arn}`, which is allowed only if it is the same as {} after the deployment",
                covered_by(&loosely, need)
            ),
            Some(_) => format!(
                "{states} needs `{action}` on `{arn}`, which is allowed only if the name that AWS generates matches; \
                 use a reference to the resource"
            ),
        };
        (FindingKind::Uncertain, names(&loosely), message)
    } else {
        let partly: Vec<&Known> = speaking().filter(|known| known.allows && known.names_some(&need.glob)).collect();
        let is_exact = arn.is_exact();
        match () {
            () if !partly.is_empty() && !is_exact => {
                // The needs of the machine itself do not depend on a run.
                let (kind, what) = match causes.iter().all(|cause| cause.states.is_empty()) {
                    true if gone == FindingKind::MissingSilently => (gone, format!("which {states} needs: {why}")),
                    true => (FindingKind::Uncertain, format!("which {states} needs: {why}")),
                    false => {
                        let mut reasons = causes.iter().filter_map(|cause| cause.precision_reason);
                        let what = match reasons.any(PrecisionReason::is_open_until_run) {
                            true => format!("and {states} chooses the resource at run time"),
                            false => format!("and the definition does not show which resource {states} needs"),
                        };
                        (FindingKind::Uncertain, what)
                    }
                };
                (kind, names(&partly), format!("`{action}` is allowed only for a part of `{arn}`, {what}"))
            }
            () if !existing.unread.is_empty() => {
                let message = format!(
                    "{states} needs `{action}` on `{arn}`, which the readable policies do not allow; not readable: {}",
                    existing.unread.join(", ")
                );
                (FindingKind::Uncertain, Vec::new(), message)
            }
            () => {
                let is_trace = causes.iter().all(|cause| cause.reason == Reason::Tracing);
                let is_log = causes.iter().all(|cause| cause.reason == Reason::Logging);
                let result = match gone {
                    FindingKind::MissingSilently if is_trace => " Nothing fails without it, but there are no traces.",
                    FindingKind::MissingSilently if is_log => {
                        " Logs are written without it: the policy of the log group allows CloudWatch Logs to write them."
                    }
                    FindingKind::MissingSilently => {
                        " Nothing fails without it, but the job continues to run if the state is aborted."
                    }
                    FindingKind::MissingForRedrive => " Nothing fails without it until an execution is redriven.",
                    _ => "",
                };
                let result = match need.when.as_slice() {
                    [] => result.to_owned(),
                    conditions => {
                        let words = conditions.iter().map(|(name, holds)| {
                            format!("the condition `{name}` {}", if *holds { "is true" } else { "is false" })
                        });
                        format!("{result} The resource is this one if {}.", words.collect::<Vec<_>>().join(" and "))
                    }
                };
                let message = match depends_on {
                    Some(what) => {
                        format!("`{action}` on `{arn}` is missing; whether {states} needs it depends on {what}: {why}")
                    }
                    None => format!("`{action}` on `{arn}` is missing; {states} needs it: {why}{result}"),
                };
                (gone, Vec::new(), message)
            }
        }
    };
    let pointer = String::new();
    Some(Finding { kind, action: action.to_owned(), resource: arn.to_string(), statements, causes, pointer, message })
}

/// Whether the role allows it if each parameter has its default.
fn is_default(need: &Need<'_>, existing: &Existing) -> bool {
    let with_defaults = |arn: &Arn| {
        let names: Vec<String> = arn.references().map(str::to_owned).collect();
        let known = names.iter().filter_map(|name| Some((name, existing.defaults.get(name)?)));
        known.fold(arn.clone(), |arn, (name, value)| arn.with_reference(name, value))
    };
    let wanted = Glob::of(&with_defaults(&need.arn));
    existing.statements.iter().any(|known| {
        let is_there = known.when.as_ref().is_none_or(|when| need.when.contains(when));
        known.allows
            && is_there
            && known.names_action(need.action)
            && !known.other_resources
            && known.holds_under(need.conditions)
            && known.resources.iter().any(|(text, _)| {
                let pattern = Glob::pattern_of(&with_defaults(&Arn::parse(text)));
                pattern.covers(&wanted, Open::Scope)
            })
    })
}

/// What the role's policies allow but its permissions boundary does not.
fn beyond_boundary(need: &Need<'_>, existing: &Existing, gone: FindingKind) -> Option<Finding> {
    let boundary = existing.boundary.as_ref()?;
    let speaking = || boundary.statements.iter().filter(|known| known.names_action(need.action));
    let covers = |known: &Known| known.names_all(&need.glob, Open::Scope);
    let holds = |known: &Known| known.holds_under(need.conditions) && known.when.is_none();
    if speaking().any(|known| covers(known) && holds(known)) {
        return None;
    }
    let partly: Vec<String> =
        speaking().filter(|known| known.names_some(&need.glob)).map(|known| known.name.clone()).collect();
    let (action, arn, name, states) = (need.action, &*need.arn, &boundary.arn, states(&need.causes));
    let why = need.causes.first().map_or("", |cause| &cause.why);
    let (kind, message) = match partly.is_empty() {
        true => (
            gone,
            format!("the permissions boundary `{name}` does not allow `{action}` on `{arn}`; {states} needs it: {why}"),
        ),
        false => {
            let message = format!(
                "the permissions boundary `{name}` allows `{action}` on `{arn}` only for some resources or under a \
                 condition, but {states} needs it"
            );
            (FindingKind::Uncertain, message)
        }
    };
    Some(Finding {
        kind,
        action: action.to_owned(),
        resource: arn.to_string(),
        statements: partly,
        causes: need.causes.clone(),
        pointer: String::new(),
        message,
    })
}

/// The resources of the statements that can be the needed resource.
fn covered_by(statements: &[&Known], need: &Need<'_>) -> String {
    let resources = statements.iter().flat_map(|known| &known.resources);
    let fitting = resources.filter(|(_, glob)| glob.covers(&need.glob, Open::Loose));
    fitting.map(|(text, _)| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}

/// Logs arrive without these actions too. AWS's guide lists them since 2023; but according to the page [Logs sent to
/// CloudWatch Logs](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html),
/// `delivery.logs.amazonaws.com` creates the streams and writes the logs, with the policy of the log group.
const NOT_NEEDED_FOR_LOGS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// The consequence of a missing permission.
fn gone(action: &str, causes: &[Cause]) -> FindingKind {
    let silent = |cause: &Cause| {
        matches!(cause.reason, Reason::Poll | Reason::Cancel | Reason::Tracing)
            || (cause.reason == Reason::Logging && NOT_NEEDED_FOR_LOGS.contains(&action))
    };
    match () {
        () if action == "states:RedriveExecution" && causes.iter().all(|cause| cause.api == "distributed Map") => {
            FindingKind::MissingForRedrive
        }
        () if causes.iter().all(silent) => FindingKind::MissingSilently,
        () => FindingKind::Missing,
    }
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

/// What an existing statement allows in excess of the needs.
fn too_much(known: &Known, needs: &[Need<'_>], findings: &mut Vec<Finding>) {
    let mut add = |kind, action: &str, resource: &str, causes: Vec<Cause>, message: String| {
        let statements = vec![known.name.clone()];
        findings.push(Finding {
            kind,
            action: action.to_owned(),
            resource: resource.to_owned(),
            statements,
            causes,
            pointer: String::new(),
            message,
        });
    };
    if known.other_actions || known.other_resources {
        let what = if known.other_actions { "NotAction" } else { "NotResource" };
        let named = if known.other_actions { known.actions.clone() } else { texts(known) };
        let message = format!("`{what}` allows everything except this; list what is needed instead");
        return add(FindingKind::Wider, &known.actions.join(", "), &named.join(", "), Vec::new(), message);
    }
    for pattern in &known.actions {
        let of_action: Vec<&Need<'_>> = needs.iter().filter(|need| action_covers(pattern, need.action)).collect();
        if is_for_absent_objects(pattern, known, needs) {
            continue;
        }
        if of_action.is_empty() {
            let uses = keys::uses(pattern, needs);
            if !uses.is_empty() {
                if pattern.ends_with(":*") {
                    let message = format!("`{pattern}` allows more than encrypted data can need: {}", uses.join(", "));
                    add(FindingKind::Wider, pattern, &texts(known).join(", "), Vec::new(), message);
                }
                continue;
            }
            let message = format!("nothing needs `{pattern}`");
            add(FindingKind::Excess, pattern, &texts(known).join(", "), Vec::new(), message);
            continue;
        }
        let mut names: Vec<&str> = of_action.iter().map(|need| need.action).collect();
        names.sort_unstable();
        names.dedup();
        if pattern.contains(['*', '?']) {
            let causes = of_action.iter().flat_map(|need| need.causes.clone()).collect();
            let message = format!("`{pattern}` allows more than what is needed: {}", names.join(", "));
            add(FindingKind::Wider, pattern, &texts(known).join(", "), causes, message);
        }
        for (text, glob) in &known.resources {
            let touched: Vec<&&Need<'_>> = of_action.iter().filter(|need| glob.meets(&need.glob)).collect();
            if touched.is_empty() {
                // A statement for several actions names resources, and each action supports only some of them.
                let is_for_another = |need: &Need<'_>| {
                    glob.meets(&need.glob) && known.names_action(need.action) && !action_covers(pattern, need.action)
                };
                let is_used =
                    known.resources.iter().any(|(_, other)| of_action.iter().any(|need| other.meets(&need.glob)));
                let is_same_type = of_action.iter().any(|need| type_of(&need.arn.to_string()) == type_of(text));
                if is_used && !is_same_type && needs.iter().any(is_for_another) {
                    continue;
                }
                // If the CDK allows a function, it also allows every version and alias of it.
                let function = text.strip_suffix(":*").map(Glob::pattern);
                let function = function.and_then(|glob| {
                    of_action.iter().find(|need| need.action == "lambda:InvokeFunction" && glob.meets(&need.glob))
                });
                if let Some(need) = function {
                    let message = format!("`{pattern}` on `{text}` is wider than what is needed: `{}`", need.arn);
                    add(FindingKind::Wider, pattern, text, need.causes.clone(), message);
                    continue;
                }
                add(FindingKind::Excess, pattern, text, Vec::new(), format!("nothing needs `{pattern}` on `{text}`"));
                continue;
            }
            let causes: Vec<Cause> = touched.iter().flat_map(|need| need.causes.clone()).collect();
            if !touched.iter().any(|need| need.glob.covers(glob, Open::Loose)) {
                let mut wanted: Vec<String> = touched.iter().map(|need| format!("`{}`", need.arn)).collect();
                wanted.dedup();
                let message = format!("`{pattern}` on `{text}` is wider than what is needed: {}", wanted.join(", "));
                add(FindingKind::Wider, pattern, text, causes, message);
                continue;
            }
            let lacking = touched.iter().find_map(|need| {
                let unconditional = touched.iter().any(|need| need.conditions.is_empty());
                let lacks = |(_, key, _): &&(String, String, Arn)| !unconditional && !known.asks_for(key);
                need.conditions.iter().find(lacks)
            });
            if let Some((operator, key, value)) = lacking {
                let message = format!(
                    "`{pattern}` on `{text}` can be limited by the condition that `{key}` is `{value}` ({operator})"
                );
                add(FindingKind::Wider, pattern, text, causes, message);
            }
        }
    }
}

/// Whether it allows a state that reads objects to list their bucket. Without this permission, Amazon S3 responds
/// "access denied" for an object that does not exist, so that a state cannot distinguish the two cases:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>.
fn is_for_absent_objects(pattern: &str, known: &Known, needs: &[Need<'_>]) -> bool {
    if !pattern.eq_ignore_ascii_case("s3:ListBucket") || needs.iter().any(|need| need.action == "s3:ListBucket") {
        return false;
    }
    let mut reads = needs.iter().filter(|need| ["s3:GetObject", "s3:GetObjectVersion"].contains(&need.action));
    reads.any(|need| {
        known
            .resources
            .iter()
            .any(|(text, _)| Glob::pattern(&format!("{}/*", text.trim_end_matches("/*"))).meets(&need.glob))
    })
}

/// The service of a resource, and the type that its ARN shows.
fn type_of(arn: &str) -> (&str, &str) {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, resource) = (parts.next().unwrap_or_default(), parts.nth(2).unwrap_or_default());
    let kind = resource.split([':', '/']).next().unwrap_or_default();
    match service {
        // A bucket or its objects.
        "s3" if resource.contains('/') => (service, "object"),
        "s3" => (service, "bucket"),
        _ => (service, kind),
    }
}

/// The excess of policies that have a public name: a whole policy, or a part of a managed policy. A policy template of
/// SAM often has more actions than a call needs, but its user cannot choose a part.
fn policies_too_much(statements: &[Known], needs: &[Need<'_>], findings: &mut Vec<Finding>) {
    let (mut told, mut at) = (Vec::new(), 0);
    while let Some(first) = statements.get(at) {
        let same = |known: &&Known| (&known.name, &known.origin) == (&first.name, &first.origin);
        let policy: Vec<&Known> = statements[at..].iter().take_while(same).filter(|known| known.allows).collect();
        at += statements[at..].iter().take_while(same).count();
        let (name, is_managed) = match &first.origin {
            Some(RoleOrigin::PolicyTemplate(name)) => (name.as_str(), false),
            Some(RoleOrigin::Connector) => ("connector", false),
            Some(RoleOrigin::Managed(name)) => (name.as_str(), true),
            _ => continue,
        };
        if policy.is_empty() || told.contains(&&first.name) {
            continue;
        }
        told.push(&first.name);
        let touches =
            |need: &&Need<'_>| policy.iter().any(|it| it.names_action(need.action) && it.names_some(&need.glob));
        let touched: Vec<&Need<'_>> = needs.iter().filter(touches).collect();
        let mut beyond = Vec::new();
        if is_managed {
            policy.iter().for_each(|known| too_much(known, needs, &mut beyond));
        }
        let (kind, message) = match touched.is_empty() {
            true => (FindingKind::Excess, format!("nothing needs `{name}`")),
            false if !beyond.is_empty() => {
                let mut names: Vec<&str> = touched.iter().map(|need| need.action).collect();
                names.sort_unstable();
                names.dedup();
                let names = names.join(", ");
                (FindingKind::Wider, format!("`{name}` allows more than what is needed: {names}"))
            }
            false => continue,
        };
        let mut resources: Vec<String> = policy.iter().flat_map(|known| texts(known)).collect();
        resources.dedup();
        findings.push(Finding {
            kind,
            action: name.to_owned(),
            resource: resources.join(", "),
            statements: vec![first.name.clone()],
            causes: touched.iter().flat_map(|need| need.causes.clone()).collect(),
            pointer: String::new(),
            message,
        });
    }
}

fn texts(known: &Known) -> Vec<String> {
    known.resources.iter().map(|(text, _)| text.clone()).collect()
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
