//! One pattern of an API: its resource, the parameters for the task token, and its permissions.

use std::collections::BTreeMap;

use super::statement::{Statement, check_template, statement};
use super::{Shape, Structure, Type, answer, call, names, path};
use crate::fault::{Report, did_you_mean, step};
use crate::spec;

#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) key: String,
    pub(crate) resource: String,
    pub(crate) url: String,
    pub(crate) token_in: Vec<String>,
    pub(crate) result: Vec<String>,
    pub(crate) result_of: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

/// The keys of the patterns, with their suffixes in resource ARNs.
pub(crate) const PATTERNS: [(&str, &str); 4] =
    [("requestResponse", ""), ("sync", ".sync"), ("sync:2", ".sync:2"), ("waitForTaskToken", ".waitForTaskToken")];

#[allow(clippy::too_many_arguments, reason = "the pattern and its prefix and suffix, given once")]
pub(super) fn pattern(
    service: &spec::Service,
    name: &str,
    action: &spec::Action,
    base: Option<&call::Base>,
    key: &str,
    pattern: &spec::Pattern,
    structure: &Structure,
    types: &BTreeMap<&str, &Type>,
    pointer: &str,
    report: &Report<'_>,
) -> Pattern {
    let action_pointer = pointer;
    let pointer = step(&step(pointer, "patterns"), key);
    let mut resource = pattern.resource.clone().unwrap_or_default();
    if action.calls.is_none() {
        let no_iam = pattern.iam.is_none() && action.iam.is_none();
        for (name, missing) in [("resource", pattern.resource.is_none()), ("iam", no_iam)] {
            if missing {
                report.add(&pointer, format!("the key `{name}` is missing"));
            }
        }
    }
    if let Some(member) = action.resource_member.as_ref().filter(|_| base.is_none() && !resource.is_empty()) {
        let wanted = format!("${{{member}}}");
        if resource != wanted {
            report.add(
                step(&pointer, "resource"),
                format!("`Resource` is the value of `{member}`: write `{wanted}`, not `{resource}`"),
            );
        }
    }
    let iam = pattern.iam.as_deref().unwrap_or_default();
    // An unknown call is already reported, so its consequences are not.
    let is_lost = base.is_none() && action.calls.is_some();
    match PATTERNS.iter().find(|(known, _)| *known == key) {
        None => {
            let known = PATTERNS.map(|(known, _)| known).join("`, `");
            let hint = did_you_mean(key, PATTERNS.map(|(known, _)| known));
            report.add(&pointer, format!("the pattern `{key}` is unknown; the known patterns are `{known}`{hint}"));
        }
        Some((_, suffix)) if base.is_some() => {
            resource = base.map(|base| base.resource(suffix)).unwrap_or_default();
            if let Some(written) = pattern.resource.as_ref().filter(|written| **written != resource) {
                report.add(
                    step(&pointer, "resource"),
                    format!("`{written}` is not the resource of this call: remove `resource`, or write `{resource}`"),
                );
            }
        }
        Some((_, suffix)) if action.resource_member.is_none() => {
            let wanted = format!("arn:${{Partition}}:states:::{}:{name}{suffix}", service.service);
            // A wrong name is already reported, so the resource that follows from it is not.
            let is_named = names::is_service_name(&service.service) && names::is_action_name(name);
            if resource != wanted && is_named && !resource.is_empty() {
                report.add(
                    step(&pointer, "resource"),
                    format!("`{resource}` is not the resource of this pattern: write `{wanted}`"),
                );
            }
        }
        Some(_) if is_lost => {}
        Some(_) => check_template(&resource, structure, types, &step(&pointer, "resource"), report),
    }
    if let Some(fault) = pattern.result_of.as_deref().and_then(result_fault) {
        report.add(step(&pointer, "resultOf"), fault);
    }
    for (at, name) in pattern.result.iter().enumerate().filter(|(_, name)| !is_plain(name)) {
        let told = format!("`{name}` is not a member of the result, which has only letters and digits");
        report.add(step(&step(&pointer, "result"), at), told);
    }
    for (at, path) in pattern.token_in.iter().enumerate() {
        let at = step(&step(&pointer, "tokenIn"), at);
        if key != "waitForTaskToken" {
            report.add(&at, "only the pattern `waitForTaskToken` has a task token");
        }
        match path::shape(path, structure, types) {
            _ if path::check(path, structure, types).is_err() => {
                path::check(path, structure, types).err().into_iter().for_each(|reason| report.add(&at, reason));
            }
            Some(Shape::String { .. } | Shape::Json | Shape::Structure(_) | Shape::List { .. } | Shape::Map { .. })
            | None => {}
            Some(_) => report.add(at, format!("`{path}` cannot contain the task token: it is not a string")),
        }
    }
    let shared = action.iam.as_deref().unwrap_or_default();
    let reasons = || shared.iter().chain(iam).map(|statement| statement.reason.as_str());
    let is_sdk = service.service.starts_with("aws-sdk:");
    if matches!(key, "sync" | "sync:2")
        && base.is_none()
        && reasons().next().is_some()
        && !reasons().any(|reason| ["poll", "eventRule"].contains(&reason))
    {
        report.add(
            step(&pointer, "iam"),
            "Step Functions has no permission to detect the end of the job: add a statement with the reason `poll` or `eventRule`",
        );
    }
    if !is_sdk
        && base.is_none()
        && reasons().next().is_some()
        && !reasons().any(|reason| ["call", "onBehalf"].contains(&reason))
    {
        let told = "no statement allows the call itself: add one with the reason `call`, or with `onBehalf` if the service only acts for the state";
        report.add(step(&pointer, "iam"), told);
    }
    if key == "waitForTaskToken" && pattern.token_in.is_empty() && !is_sdk && base.is_none() {
        report.add(&pointer, "the key `tokenIn` is missing: list the parameters that can contain the task token");
    }
    let all = |statements: &[spec::Statement], before: &[spec::Statement], pointer: &str| -> Vec<Statement> {
        let one = |(at, it): (usize, &spec::Statement)| {
            let pointer = step(&step(pointer, "iam"), at);
            if before.iter().chain(&statements[..at]).any(|earlier| earlier.allows_same(it)) {
                report.add(&pointer, "the same statement is given twice: remove one of them");
            }
            if base.is_none() {
                check_accounts(it, &pointer, report);
            }
            statement(it, structure, types, &service.url, &pointer, report)
        };
        statements.iter().enumerate().map(one).collect()
    };
    let mut statements = all(shared, &[], action_pointer);
    statements.extend(all(iam, shared, &pointer));
    Pattern {
        key: key.to_owned(),
        resource,
        url: pattern.url.clone().unwrap_or_else(|| service.url.clone()),
        token_in: pattern.token_in.clone(),
        result: pattern.result.clone(),
        result_of: pattern.result_of.clone(),
        statements,
    }
}

/// An error if the path is not a part of the response of an AWS SDK call.
fn result_fault(path: &str) -> Option<String> {
    let mut parts = path.split('.');
    let place = |part: &str| is_plain(part.strip_suffix("[]").unwrap_or(part));
    if !(parts.next().is_some_and(is_sdk_call) && parts.all(place)) {
        return Some(format!(
            "`{path}` is not a part of the response of an AWS SDK call: write it like `glue:getJobRun.JobRun`"
        ));
    }
    answer::follow(path).err()
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_ascii_alphanumeric())
}

/// Whether it has the form `service:operation`.
pub(super) fn is_sdk_call(call: &str) -> bool {
    let small = |service: &str| !service.chars().any(|sign| sign.is_ascii_uppercase());
    call.split_once(':').is_some_and(|(service, name)| is_plain(service) && small(service) && is_plain(name))
}

/// Reports an account in an ARN: an integration of AWS is called in the accounts of all users.
fn check_accounts(statement: &spec::Statement, pointer: &str, report: &Report<'_>) {
    for (at, resource) in statement.resources.iter().enumerate() {
        let is_account = |part: &&str| part.len() == 12 && part.bytes().all(|sign| sign.is_ascii_digit());
        if let Some(account) = resource.split(':').find(is_account) {
            let told = format!(
                "`{account}` is the account of one user: write `${{Account}}`, or `aws` for what belongs to AWS"
            );
            report.add(step(&step(pointer, "resources"), at), told);
        }
    }
}
