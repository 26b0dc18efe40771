//! Permissions that an existing policy has and nothing needs, or that are wider than what is needed.

use super::existing::Known;
use super::need::Need;
use super::{Finding, FindingKind, keys};
use crate::iam::arn::Arn;
use crate::iam::glob::{Glob, Open, action_covers};
use crate::iam::policy::Cause;
use crate::template::RoleOrigin;

/// What an existing statement allows in excess of the needs.
pub(super) fn too_much(known: &Known, needs: &[Need<'_>], findings: &mut Vec<Finding>) {
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
pub(super) fn policies_too_much(statements: &[Known], needs: &[Need<'_>], findings: &mut Vec<Finding>) {
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
