//! Permissions that the role of a state machine needs, and their resources.

use std::collections::BTreeMap;

use super::{Shape, Structure, Type, path};
use crate::fault::{Report, did_you_mean, step};
use crate::spec;

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) conditions: Vec<(String, String, String)>,
    pub(crate) when: Option<String>,
    pub(crate) unless: Option<String>,
    pub(crate) depends_on: Option<String>,
    pub(crate) reason: String,
    pub(crate) why: String,
    pub(crate) url: String,
}

const REASONS: [&str; 8] = ["call", "onBehalf", "poll", "cancel", "eventRule", "passRole", "encryption", "logging"];

pub(super) fn statement(
    statement: &spec::Statement,
    structure: &Structure,
    types: &BTreeMap<&str, &Type>,
    service_url: &str,
    pointer: &str,
    report: &Report<'_>,
) -> Statement {
    for (at, action) in statement.actions.iter().enumerate() {
        let sign = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
        let right = action.split_once(':').is_some_and(|(service, name)| {
            !service.is_empty()
                && service.chars().all(sign)
                && name.starts_with(|first: char| first.is_ascii_uppercase())
                && name.chars().all(|sign| sign.is_ascii_alphanumeric())
        });
        if !right {
            report.add(
                step(&step(pointer, "actions"), at),
                format!("`{action}` is not an IAM action: write it like `dynamodb:GetItem`"),
            );
        }
    }
    if statement.resources.len() > 1 && statement.resources.iter().any(|resource| resource == "*") {
        report.add(step(pointer, "resources"), "`*` already includes every resource: remove it, or remove the others");
    }
    let passes_role = statement.actions.iter().any(|action| action.eq_ignore_ascii_case("iam:PassRole"));
    if passes_role != (statement.reason == "passRole") && REASONS.contains(&statement.reason.as_str()) {
        report.add(
            step(pointer, "reason"),
            "the reason `passRole` and the action `iam:PassRole` go together: use both, or neither",
        );
    }
    for (at, resource) in statement.resources.iter().enumerate() {
        let at = step(&step(pointer, "resources"), at);
        if resource != "*" && !resource.starts_with("arn:") && !(resource.starts_with("${") && resource.ends_with('}'))
        {
            report.add(&at, format!("`{resource}` is neither an ARN template, nor a placeholder, nor `*`"));
        }
        if resource.starts_with("arn:") && !is_arn(resource) {
            report.add(
                &at,
                format!(
                    "`{resource}` is not an ARN: write `arn:${{Partition}}:service:${{Region}}:${{Account}}:resource`"
                ),
            );
        }
        if resource.contains(|sign: char| sign.is_whitespace() || sign.is_control() || "\"'`<>\\".contains(sign)) {
            report.add(
                &at,
                format!("`{resource}` has a character that an ARN cannot have: remove spaces and quotation marks"),
            );
        }
        check_template(resource, structure, types, &at, report);
    }
    for (operator, keys) in &statement.conditions.0 {
        let at = step(&step(pointer, "conditions"), operator);
        if !is_operator(operator) {
            let hint = did_you_mean(operator, OPERATORS);
            report
                .add(&at, format!("`{operator}` is not an operator of an IAM condition, such as `StringEquals`{hint}"));
        }
        if keys.0.is_empty() {
            report.add(&at, "a condition needs at least one key: add it, or remove the operator");
        }
        for (key, value) in &keys.0 {
            let at = step(&at, key);
            if !key.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty()) {
                report.add(&at, format!("`{key}` is not a key of a condition: write it like `iam:PassedToService`"));
            }
            check_template(value, structure, types, &at, report);
        }
    }
    if statement.when.is_some() && statement.when == statement.unless {
        report.add(step(pointer, "unless"), "`unless` equals `when`, so the statement is never needed");
    }
    for (key, condition, word) in [("when", &statement.when, " and "), ("unless", &statement.unless, " or ")] {
        for part in condition.iter().flat_map(|condition| condition.split(word)) {
            let (path, value) = part.split_once('=').map_or((part, None), |(path, value)| (path, Some(value)));
            if let Err(reason) = path::check(path, structure, types) {
                report.add(step(pointer, key), reason);
            }
            if value.is_none() && structure.member(path).is_some_and(|member| member.required) {
                let told = match key {
                    "when" => format!("`{path}` is required, so it is always set: remove `when`"),
                    _ => format!("`{path}` is required, so it is always set: the statement is never needed"),
                };
                report.add(step(pointer, key), told);
            }
            let known: Vec<&str> = match path::shape(path, structure, types) {
                Some(Shape::Enumeration(kind)) => match types.get(kind.as_str()) {
                    Some(Type::Enumeration(it)) => it.values.iter().map(|(value, _)| value.as_str()).collect(),
                    _ => continue,
                },
                Some(Shape::Boolean) => vec!["true", "false"],
                _ => continue,
            };
            if let Some(value) = value.filter(|value| !known.contains(value)) {
                let hint = did_you_mean(value, known);
                report.add(step(pointer, key), format!("`{value}` is not one of the values of `{path}`{hint}"));
            }
        }
    }
    if !REASONS.contains(&statement.reason.as_str()) && !statement.reason.is_empty() {
        let known = REASONS.join("`, `");
        report.add(
            step(pointer, "reason"),
            format!("the reason `{}` is unknown; the known reasons are `{known}`", statement.reason),
        );
    }
    let conditions =
        statement.conditions.0.iter().flat_map(|(operator, keys)| {
            keys.0.iter().map(|(key, value)| (operator.clone(), key.clone(), value.clone()))
        });
    Statement {
        actions: statement.actions.clone(),
        resources: statement.resources.clone(),
        conditions: conditions.collect(),
        when: statement.when.clone(),
        unless: statement.unless.clone(),
        depends_on: statement.depends_on.clone(),
        reason: statement.reason.clone(),
        why: statement.why.clone(),
        url: statement.url.clone().unwrap_or_else(|| service_url.to_owned()),
    }
}

/// The operators of IAM conditions, without `IfExists` and without the prefixes for multivalued keys.
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

fn is_operator(operator: &str) -> bool {
    let bare = ["ForAllValues:", "ForAnyValue:"].into_iter().find_map(|prefix| operator.strip_prefix(prefix));
    let bare = bare.unwrap_or(operator);
    OPERATORS.contains(&bare.strip_suffix("IfExists").filter(|bare| *bare != "Null").unwrap_or(bare))
}

/// Whether a template has the six parts of an ARN, or a placeholder of a parameter, whose value can be a whole ARN.
fn is_arn(template: &str) -> bool {
    let of_machine = ["Partition", "Region", "Account", "StateMachineName"];
    if path::placeholders(template).is_ok_and(|found| found.iter().any(|name| !of_machine.contains(name))) {
        return true;
    }
    let (mut colons, mut depth) = (0, 0_usize);
    for sign in template.chars() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => colons += 1,
            _ => {}
        }
    }
    colons >= 5
}

/// Reports placeholders without a parameter.
pub(super) fn check_template(
    template: &str,
    structure: &Structure,
    types: &BTreeMap<&str, &Type>,
    pointer: &str,
    report: &Report<'_>,
) {
    let placeholders = match path::placeholders(template) {
        Ok(placeholders) => placeholders,
        Err(reason) => return report.add(pointer, reason),
    };
    for placeholder in placeholders {
        if ["Partition", "Region", "Account", "StateMachineName"].contains(&placeholder) {
            continue;
        }
        let (path, transform) = match placeholder.split_once('|') {
            Some((path, transform)) => (path, Some(transform)),
            None => (placeholder, None),
        };
        let path = path.split_once('=').map_or(path, |(path, _)| path);
        if let Err(reason) = path::check(path, structure, types) {
            report.add(pointer, format!("the placeholder `${{{placeholder}}}` is not a parameter: {reason}"));
        }
        if let Some(unknown) = transform.filter(|transform| !path::TRANSFORMS.contains(transform)) {
            let known = path::TRANSFORMS.join("`, `");
            report.add(pointer, format!("the transform `{unknown}` is unknown; the known transforms are `{known}`"));
        }
    }
}
