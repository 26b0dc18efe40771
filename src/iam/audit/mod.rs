//! What an existing policy lacks, and what it allows that nothing needs.

mod existing;

use std::collections::BTreeMap;
use std::fmt;

pub use existing::Existing;
use existing::Known;

use super::arn::{Arn, Condition};
use super::glob::{Glob, Open, action_covers};
use super::policy::{Cause, Grant, Policy, causes_of};

use super::{Options, Scope, derive};
use crate::asl::StateMachine;
use crate::catalog::Reason;
use crate::check::Diagnostic;
use crate::template::RoleOrigin;
use crate::value::{Json, Object, printable};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Audit {
    /// What is missing first, then what is too much.
    pub findings: Vec<Finding>,
    /// States whose permissions are unknown. What looks like too much may be for them.
    pub unknown: Vec<Diagnostic>,
}

/// A difference between what a definition needs and what a policy allows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of difference it is.
    pub kind: FindingKind,
    /// The action, the pattern of actions of the existing policy, or the name of a managed policy or policy template.
    pub action: String,
    /// The resource, or the pattern of the existing policy.
    pub resource: String,
    /// Which statements of the existing policy are meant: their `Sid`s, or `statement 1` for the first.
    pub statements: Vec<String>,
    /// Why the definition needs it.
    pub causes: Vec<Cause>,
    /// The place in the definition of the first state that needs it, as a JSON Pointer; empty if none does.
    pub pointer: String,
    /// The whole in a sentence.
    pub message: String,
}

/// A kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// Not allowed, or denied: the state fails, or the machine cannot be made.
    Missing,
    /// Not allowed, and nothing fails: a job is not looked after, and runs on when the execution is aborted.
    MissingSilently,
    /// Not allowed, and only a redrive of a failed execution needs it.
    MissingForRedrive,
    /// Allowed for a part of what can come up at run time, under a condition, or by what cannot be read from here.
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

/// Holds existing policies against what a definition needs.
///
/// Where the scope is open, or a value is a deploy-time reference, what is in the existing policy is taken to be
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
    conditions: &'a [Condition],
    causes: Vec<Cause>,
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
    /// Holds existing policies against this one.
    pub fn audit(&self, existing: &Existing) -> Audit {
        self.audit_with(existing, &[])
    }

    /// The same for a role that other state machines have too, which need those policies: what they need is not too much.
    pub fn audit_with(&self, existing: &Existing, others: &[Policy]) -> Audit {
        let needs = self.needs();
        let found: Vec<(&Need<'_>, Finding)> =
            needs.iter().filter_map(|need| Some((need, missing(need, existing)?))).collect();
        // Of what one need takes in, the rest is not told again.
        let is_told = |need: &Need<'_>, finding: &Finding| {
            found.iter().any(|(wider, told)| {
                told.kind == finding.kind
                    && told.action == finding.action
                    && told.kind == FindingKind::Missing
                    && wider.conditions.is_empty()
                    && (wider.arn, wider.conditions) != (need.arn, need.conditions)
                    && wider.glob.covers(&need.glob, Open::Strict)
            })
        };
        let mut findings: Vec<Finding> =
            found.iter().filter(|(need, it)| !is_told(need, it)).map(|(_, it)| it.clone()).collect();
        self.either_form(&mut findings);
        // What else has the role may need the rest of it.
        if existing.users.is_empty() {
            let all: Vec<Need<'_>> = needs.into_iter().chain(others.iter().flat_map(Policy::needs)).collect();
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

    /// The ARNs of child executions have two forms, of which the guide shows one: a role that allows either lacks
    /// nothing, and one that allows none lacks one thing.
    fn either_form(&self, findings: &mut Vec<Finding>) {
        let is_one = |it: &Finding, action: &str, forms: &[String]| {
            it.kind == FindingKind::MissingSilently && it.action == action && forms.contains(&it.resource)
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

    /// What each state needs by itself: in the statements, what is certain can be after what is not.
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
                needs.push(Need { action, arn, glob: Glob::of(arn), conditions, causes });
            }
            return needs;
        }
        // A policy that was read has nothing else.
        let statements = self.statements().iter();
        statements
            .flat_map(|statement| {
                statement.actions.iter().flat_map(move |action| {
                    statement.resources.iter().map(move |arn| Need {
                        action,
                        arn,
                        glob: Glob::of(arn),
                        conditions: &statement.conditions,
                        causes: Vec::new(),
                    })
                })
            })
            .collect()
    }
}

/// The text without the signs that mark what AWS makes up.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (made_up, after))) =
        rest.split_once('#').and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        shown.push_str(before);
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
    // In a template a reference tells what it is; elsewhere it is what the policy says.
    let sure = if existing.is_role { Open::Scope } else { Open::Fitting };
    let conditions = need.conditions;
    let speaking = || existing.statements.iter().filter(|known| known.names_action(need.action));
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
    // A pattern may fit the name that AWS makes up.
    let made_up = need.glob.with_made_up_names().filter(|_| loosely.is_empty());
    for glob in made_up.iter().flatten() {
        let fits = |known: &&Known| known.allows && known.names_all(glob, Open::Fitting);
        loosely.extend(speaking().filter(fits));
    }
    let holding: Vec<&&Known> = surely.iter().filter(|known| known.holds_under(conditions)).collect();
    let allowed = holding.iter().any(|known| match &known.when {
        None => true,
        // One or the other is there.
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
    let (action, arn) = (need.action, need.arn);
    let (kind, statements, message) = if !denied.is_empty() {
        (gone, names(&denied), format!("{states} needs `{action}` on `{arn}`, which is denied: {why}"))
    } else if allowed {
        if maybe_denied.is_empty() {
            return None;
        }
        let message = format!("`{action}` on `{arn}` is denied in part or under a condition, which {states} needs");
        (FindingKind::Uncertain, names(&maybe_denied), message)
    } else if let Some((condition, holds)) = holding.iter().find_map(|known| known.when.clone()) {
        let holds = if holds { "holds" } else { "does not hold" };
        let message = format!(
            "`{action}` on `{arn}` is allowed only if the condition `{condition}` {holds}, which {states} needs"
        );
        (FindingKind::Uncertain, names(&surely), message)
    } else if !surely.is_empty() {
        let message = format!("`{action}` on `{arn}` is allowed only under a condition, which {states} needs: {why}");
        (FindingKind::Uncertain, names(&surely), message)
    } else if !loosely.is_empty() {
        let message = match made_up {
            None => format!(
                "`{action}` is allowed if the deployment makes the two the same: {} and `{arn}`, which {states} needs",
                covered_by(&loosely, need)
            ),
            Some(_) => format!(
                "`{action}` on `{arn}` is allowed only if the name that AWS makes up fits, which {states} needs; name it \
                 by a reference"
            ),
        };
        (FindingKind::Uncertain, names(&loosely), message)
    } else {
        let partly: Vec<&Known> = speaking().filter(|known| known.allows && known.names_some(&need.glob)).collect();
        let is_exact = arn.is_exact();
        match () {
            () if !partly.is_empty() && !is_exact => {
                // The machine by itself leaves nothing to a run.
                let (kind, what) = match causes.iter().all(|cause| cause.states.is_empty()) {
                    true if gone == FindingKind::MissingSilently => (gone, format!("which {states} needs: {why}")),
                    true => (FindingKind::Uncertain, format!("which {states} needs: {why}")),
                    false => (FindingKind::Uncertain, format!("and which resource it is {states} tells at run time")),
                };
                (kind, names(&partly), format!("`{action}` is allowed for a part of `{arn}` only, {what}"))
            }
            () if !existing.unread.is_empty() => {
                let message = format!(
                    "`{action}` on `{arn}`, which {states} needs, is not allowed by what can be read; what cannot be read: {}",
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
                        " Logs arrive without it: the policy of the log group lets CloudWatch Logs write them."
                    }
                    FindingKind::MissingSilently => {
                        " Nothing fails without it, but the job continues to run if the state is aborted."
                    }
                    FindingKind::MissingForRedrive => " Nothing fails without it until an execution is redriven.",
                    _ => "",
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

/// The resources of the statements that may be the one that is needed.
fn covered_by(statements: &[&Known], need: &Need<'_>) -> String {
    let resources = statements.iter().flat_map(|known| &known.resources);
    let fitting = resources.filter(|(_, glob)| glob.covers(&need.glob, Open::Loose));
    fitting.map(|(text, _)| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}

/// Actions without which logs arrive all the same. AWS's guide lists them since 2023; but by the page
/// [Logs sent to CloudWatch Logs](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html)
/// it is `delivery.logs.amazonaws.com` that makes streams and writes, by the policy of the log group.
const NOT_NEEDED_FOR_LOGS: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// What happens without a permission.
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
            pointer: String::new(),
            message,
        });
    };
    if known.other_actions || known.other_resources {
        let what = if known.other_actions { "NotAction" } else { "NotResource" };
        let named = if known.other_actions { known.actions.clone() } else { texts(known) };
        let message = format!("`{what}` allows everything except that; name what is needed instead");
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
            let causes = of_action.iter().flat_map(|need| need.causes.clone()).collect();
            let message = format!("`{pattern}` allows more than what is needed: {}", names.join(", "));
            add(FindingKind::Wider, pattern, &texts(known).join(", "), causes, message);
        }
        for (text, glob) in &known.resources {
            let touched: Vec<&&Need<'_>> = of_action.iter().filter(|need| glob.meets(&need.glob)).collect();
            if touched.is_empty() {
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
                let message =
                    format!("`{pattern}` on `{text}` can have the condition that `{key}` is `{value}` ({operator})");
                add(FindingKind::Wider, pattern, text, causes, message);
            }
        }
    }
}

/// What policies allow beyond what is needed that everybody can use by their names: all of one, or a part of a managed
/// policy. A policy template of SAM has more actions than a call, which no one can choose.
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

/// Its kind, its message and the statements that are meant.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.key(), self.message)?;
        match self.statements.is_empty() {
            true => Ok(()),
            false => write!(f, " ({})", self.statements.join(", ")),
        }
    }
}

/// A line for each finding.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.findings.iter().map(ToString::to_string);
        let unknown = self.unknown.iter().map(|problem| format!("unknown: {problem}"));
        all.chain(unknown).try_for_each(|line| writeln!(f, "{}", printable(&line)))
    }
}
