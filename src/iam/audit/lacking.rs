//! Permissions that an existing policy lacks.

use std::borrow::Cow;

use super::existing::Known;
use super::need::Need;
use super::{Existing, Finding, FindingKind};
use crate::catalog::Reason;
use crate::expression::placeholder;
use crate::iam::arn::Arn;
use crate::iam::glob::{Glob, Open};
use crate::iam::policy::Cause;
use crate::iam::precision::PrecisionReason;

pub(super) fn missing(need: &Need<'_>, existing: &Existing) -> Option<Finding> {
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
    let (they_need, they_choose) = (states(&causes, "need"), states(&causes, "choose"));
    let why = causes.first().map_or("", |cause| &cause.why);
    let (action, arn) = (need.action, &*need.arn);
    let (kind, statements, message) = if !denied.is_empty() {
        (gone, names(&denied), format!("{they_need} `{action}` on `{arn}`, which is denied: {why}"))
    } else if allowed {
        if maybe_denied.is_empty() {
            return beyond_boundary(need, existing, gone);
        }
        let message =
            format!("{they_need} `{action}` on `{arn}`, which is denied for some resources or under a condition");
        (FindingKind::Uncertain, names(&maybe_denied), message)
    } else if let Some((condition, holds)) = holding.iter().find_map(|known| known.when.clone()) {
        let holds = if holds { "is true" } else { "is false" };
        let message =
            format!("{they_need} `{action}` on `{arn}`, which is allowed only if the condition `{condition}` {holds}");
        (FindingKind::Uncertain, names(&surely), message)
    } else if !surely.is_empty() {
        let message = format!("{they_need} `{action}` on `{arn}`, which is allowed only under a condition: {why}");
        (FindingKind::Uncertain, names(&surely), message)
    } else if !loosely.is_empty() {
        // The defaults of parameters decide.
        if denied.is_empty() && maybe_denied.is_empty() && is_default(need, existing) {
            return beyond_boundary(need, existing, gone);
        }
        let message = match made_up {
            None => format!(
                "{they_need} `{action}` on `{arn}`, which is allowed only if it is the same as {} after the deployment",
                covered_by(&loosely, need)
            ),
            Some(_) => format!(
                "{they_need} `{action}` on `{arn}`, which is allowed only if the name that AWS generates matches; \
                 use a reference to the resource"
            ),
        };
        (FindingKind::Uncertain, names(&loosely), message)
    } else {
        let partly: Vec<&Known> = speaking().filter(|known| known.allows && known.names_some(&need.glob)).collect();
        let is_exact = arn.is_exact() && placeholder::find_hashed(&arn.to_string()).next().is_none();
        match () {
            () if !partly.is_empty() && !is_exact => {
                // The needs of the machine itself do not depend on a run.
                let (kind, what) = match causes.iter().all(|cause| cause.states.is_empty()) {
                    true if gone == FindingKind::MissingSilently => (gone, format!("which {they_need}: {why}")),
                    true => (FindingKind::Uncertain, format!("which {they_need}: {why}")),
                    false => {
                        let mut reasons = causes.iter().filter_map(|cause| cause.precision_reason);
                        let what = match reasons.any(PrecisionReason::is_open_until_run) {
                            true => format!("and {they_choose} the resource at run time"),
                            false => format!("and the definition does not show which resource {they_need}"),
                        };
                        (FindingKind::Uncertain, what)
                    }
                };
                (kind, names(&partly), format!("`{action}` is allowed only for a part of `{arn}`, {what}"))
            }
            () if !existing.unread.is_empty() => {
                let message = format!(
                    "{they_need} `{action}` on `{arn}`, which the readable policies do not allow; not readable: {}",
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
                        format!("`{action}` on `{arn}` is missing; whether {they_need} it depends on {what}: {why}")
                    }
                    None => format!("`{action}` on `{arn}` is missing; {they_need} it: {why}{result}"),
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
    let (action, arn, name, they_need) = (need.action, &*need.arn, &boundary.arn, states(&need.causes, "need"));
    let why = need.causes.first().map_or("", |cause| &cause.why);
    let (kind, message) = match partly.is_empty() {
        true => (
            gone,
            format!("the permissions boundary `{name}` does not allow `{action}` on `{arn}`; {they_need} it: {why}"),
        ),
        false => {
            let message = format!(
                "the permissions boundary `{name}` allows `{action}` on `{arn}` only for some resources or under a \
                 condition, but {they_need} it"
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

/// The states with a verb: `` `A` and `B` need ``.
fn states(causes: &[Cause], verb: &str) -> String {
    let mut names: Vec<String> =
        causes.iter().flat_map(|cause| &cause.states).map(|state| format!("`{state}`")).collect();
    names.dedup();
    match names.as_slice() {
        [] => format!("the machine {verb}s"),
        [one] => format!("{one} {verb}s"),
        [all @ .., last] => format!("{} and {last} {verb}", all.join(", ")),
    }
}
