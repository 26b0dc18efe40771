//! One API: its parameters, patterns, errors and handwritten setters.

use std::collections::BTreeMap;

use super::{Example, Pattern, Shape, Structure, Type, call, names, path, rule, shape, support};
use crate::fault::{Report, step};
use crate::spec;

#[derive(Debug)]
pub(crate) struct Action {
    /// As the resource ARN has it
    pub(crate) name: String,
    /// As Rust has it
    pub(crate) type_name: String,
    pub(crate) docs: String,
    pub(crate) url: String,
    pub(crate) sdk: Option<String>,
    pub(crate) error_prefix: Option<String>,
    pub(crate) calls: Option<String>,
    pub(crate) output: Option<Shape>,
    pub(crate) structure: Structure,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) resource_member: Option<String>,
    pub(crate) body_member: Option<String>,
    pub(crate) retry: Vec<spec::Retry>,
    pub(crate) errors: Vec<(String, String)>,
    pub(crate) custom: Vec<Custom>,
    pub(crate) examples: Vec<Example>,
}

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

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) when: Vec<When>,
    pub(crate) demand: &'static str,
    pub(crate) members: Vec<String>,
    pub(crate) message: String,
    pub(crate) warning: bool,
}

#[derive(Debug)]
pub(crate) enum When {
    Present(String),
    Absent(String),
    Equals(String, String),
    Matches(String, String),
    Differs(String, String),
}

#[derive(Debug)]
pub(crate) struct Custom {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) sets: Vec<String>,
    pub(crate) docs: String,
}

pub(crate) fn resolve(
    service: &spec::Service,
    name: &str,
    action: &spec::Action,
    types: &BTreeMap<&str, &Type>,
    report: &Report<'_>,
) -> Action {
    let pointer = step("/actions", name);
    if !names::is_action_name(name) {
        report.add(&pointer, "an action's name starts with a lowercase letter and has only letters and digits");
    }
    let type_name = action.name.clone().unwrap_or_else(|| names::type_name(name));
    if !names::is_type_name(&type_name) {
        report.add(
            step(&pointer, "name"),
            "a builder's name starts with an uppercase letter, has only letters and digits, and is not `Self`: set `name`",
        );
    }
    let mut structure = shape::structure(
        service,
        &type_name,
        &action.parameters,
        &action.required,
        &pointer,
        "parameters",
        report,
        action.docs.clone(),
        Some(action.url.clone()),
    );
    let base = action.calls.as_ref().and_then(|call| {
        let base = call::Base::find(call, &pointer, report)?;
        base.check(action, &structure, &pointer, report);
        structure.members.extend(call::fixed(action, &pointer, report));
        Some(base)
    });
    if action.calls.is_none() {
        for (key, present) in [("fixed", !action.fixed.0.is_empty()), ("output", action.output.is_some())] {
            if present {
                report.add(
                    step(&pointer, key),
                    format!("`{key}` belongs to an action that says with `calls` what it calls"),
                );
            }
        }
    }
    if let Some(call) = action.sdk.as_ref().filter(|call| !support::is_sdk_call(call)) {
        report.add(step(&pointer, "sdk"), format!("`{call}` is not a call of the SDK: write it like `emr:runJobFlow`"));
    }
    structure.rules = rule::rules(&action.rules, &structure, &pointer, report);
    for (at, rule) in action.rules.iter().enumerate() {
        for reason in rule.when.iter().filter_map(|when| path::check(&when.member, &structure, types).err()) {
            report.add(step(&step(&pointer, "rules"), at), reason);
        }
    }
    if action.calls.is_none() {
        check_special_members(action, &structure, &pointer, report);
    }
    check_errors(service, action, &pointer, report);
    let mut written = action.patterns.clone();
    if written.0.is_empty() && action.calls.is_some() {
        written.0.push(("requestResponse".to_owned(), spec::Pattern::default()));
    }
    if written.0.is_empty() {
        report.add(step(&pointer, "patterns"), "an action supports at least one pattern");
    }
    let patterns = written.0.iter().map(|(key, it)| {
        support::pattern(service, name, action, base.as_ref(), key, it, &structure, types, &pointer, report)
    });
    Action {
        name: name.to_owned(),
        type_name,
        docs: action.docs.clone(),
        url: action.url.clone(),
        sdk: action.sdk.clone(),
        error_prefix: service.error_prefix.clone(),
        patterns: patterns.collect(),
        calls: action.calls.clone(),
        output: action.output.as_ref().and_then(|it| shape::shape(service, it, &step(&pointer, "output"), report)),
        resource_member: base
            .as_ref()
            .map_or(action.resource_member.clone(), |base| base.resource_member.map(str::to_owned)),
        body_member: base.as_ref().map_or(action.body_member.clone(), |base| base.body_member.map(str::to_owned)),
        retry: action.retry.clone(),
        errors: action.errors.0.clone(),
        custom: custom_setters(action, &structure, &pointer, report),
        examples: Vec::new(),
        structure,
    }
}

/// An error is caught by its exact name, so a prefix in other letters is an error that never comes.
fn check_errors(service: &spec::Service, action: &spec::Action, pointer: &str, report: &Report<'_>) {
    for name in action.errors.names() {
        let at = step(&step(pointer, "errors"), name);
        let Some((prefix, _)) = name.split_once('.').filter(|(prefix, rest)| {
            let plain = |text: &str| !text.is_empty() && text.chars().all(|sign| sign.is_ascii_alphanumeric());
            plain(prefix) && rest.split('.').all(plain)
        }) else {
            report.add(at, format!("`{name}` has no prefix: an error is called like `DynamoDB.InternalServerError`"));
            continue;
        };
        if let Some(wanted) =
            service.error_prefix.as_deref().filter(|it| it.eq_ignore_ascii_case(prefix) && *it != prefix)
        {
            report.add(at, format!("errors of this service begin with `{wanted}.`, not with `{prefix}.`"));
        }
    }
}

fn check_special_members(action: &spec::Action, structure: &Structure, pointer: &str, report: &Report<'_>) {
    for (key, member) in [("resourceMember", &action.resource_member), ("bodyMember", &action.body_member)] {
        if let Some(member) = member.as_ref().filter(|member| structure.member(member).is_none()) {
            report.add(step(pointer, key), format!("`{member}` is not one of the parameters"));
        }
    }
    if let Some(body) = &action.body_member {
        for extra in
            structure.members.iter().filter(|it| it.name != *body && Some(&it.name) != action.resource_member.as_ref())
        {
            report.add(
                step(&step(pointer, "parameters"), &extra.name),
                format!("`{body}` is the whole of the parameters, so there is no place for `{}`", extra.name),
            );
        }
    }
}

#[allow(clippy::too_many_arguments, reason = "the pattern and what surrounds it, given once")]
fn pattern(
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
    if base.is_none() {
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
                format!("the resource is the whole value of `{member}`: write `{wanted}`, not `{resource}`"),
            );
        }
    }
    let iam = pattern.iam.as_deref().unwrap_or_default();
    match PATTERNS.iter().find(|(known, _)| *known == key) {
        None => {
            let known = PATTERNS.map(|(known, _)| known).join("`, `");
            let hint = did_you_mean(key, PATTERNS.map(|(known, _)| known));
            report.add(&pointer, format!("the pattern `{key}` is unknown; known are `{known}`{hint}"));
        }
        Some((_, suffix)) if base.is_some() => {
            resource = base.map(|base| base.resource(suffix)).unwrap_or_default();
            if let Some(written) = pattern.resource.as_ref().filter(|written| **written != resource) {
                report.add(
                    step(&pointer, "resource"),
                    format!("`{written}` is not what this calls: leave `resource` out, or write `{resource}`"),
                );
            }
        }
        Some((_, suffix)) if action.resource_member.is_none() => {
            let wanted = format!("arn:${{Partition}}:states:::{}:{name}{suffix}", service.service);
            if resource != wanted && !service.service.is_empty() && !resource.is_empty() {
                report.add(
                    step(&pointer, "resource"),
                    format!("`{resource}` is not the resource of this pattern: write `{wanted}`"),
                );
            }
        }
        Some(_) => check_template(&resource, structure, types, &step(&pointer, "resource"), report),
    }
    if let Some(call) = &pattern.result_of {
        let mut parts = call.split('.');
        let place = |part: &str| is_plain(part.strip_suffix("[]").unwrap_or(part));
        if !(parts.next().is_some_and(is_sdk_call) && parts.all(place)) {
            report.add(
                step(&pointer, "resultOf"),
                format!("`{call}` is no place in an answer of the SDK: write it like `glue:getJobRun.JobRun`"),
            );
        }
    }
    for (at, path) in pattern.token_in.iter().enumerate() {
        let at = step(&step(&pointer, "tokenIn"), at);
        if key != "waitForTaskToken" {
            report.add(&at, "only `waitForTaskToken` has a task token");
        }
        match path::shape(path, structure, types) {
            _ if path::check(path, structure, types).is_err() => {
                path::check(path, structure, types).err().into_iter().for_each(|reason| report.add(&at, reason));
            }
            Some(Shape::String { .. } | Shape::Json | Shape::Structure(_) | Shape::List { .. } | Shape::Map { .. })
            | None => {}
            Some(_) => report.add(at, format!("`{path}` cannot hold the task token: it is not text")),
        }
    }
    let shared = action.iam.as_deref().unwrap_or_default();
    let reasons = || shared.iter().chain(iam).map(|statement| statement.reason.as_str());
    let is_sdk = service.service.starts_with("aws-sdk:");
    if key.starts_with("sync")
        && base.is_none()
        && reasons().next().is_some()
        && !reasons().any(|reason| ["poll", "eventRule"].contains(&reason))
    {
        report.add(
            step(&pointer, "iam"),
            "nothing lets Step Functions learn of the end of the job: add a statement with the reason `poll` or `eventRule`",
        );
    }
    if key == "waitForTaskToken" && pattern.token_in.is_empty() && !is_sdk && base.is_none() {
        report.add(&pointer, "the key `tokenIn` is missing: say in which parameters the task token can stand");
    }
    let all = |statements: &[spec::Statement], before: &[spec::Statement], pointer: &str| -> Vec<Statement> {
        let one = |(at, it): (usize, &spec::Statement)| {
            let pointer = step(&step(pointer, "iam"), at);
            if before.contains(it) || statements[..at].contains(it) {
                report.add(&pointer, "the same statement stands before: leave one of them out");
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

fn statement(
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
                && !name.is_empty()
                && name.chars().all(|sign| sign.is_ascii_alphanumeric())
        });
        if !right {
            report.add(
                step(&step(pointer, "actions"), at),
                format!("`{action}` is no IAM action: write it like `dynamodb:GetItem`"),
            );
        }
    }
    if statement.actions.is_empty() {
        report.add(step(pointer, "actions"), "a statement allows at least one action");
    }
    if statement.resources.is_empty() {
        report
            .add(step(pointer, "resources"), "a statement names at least one resource; `*` if nothing narrower works");
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
                format!("`{resource}` is no ARN: write `arn:${{Partition}}:service:${{Region}}:${{Account}}:resource`"),
            );
        }
        check_template(resource, structure, types, &at, report);
    }
    for (operator, _) in &statement.conditions.0 {
        if !is_operator(operator) {
            let hint = did_you_mean(operator, OPERATORS);
            report.add(
                step(&step(pointer, "conditions"), operator),
                format!("`{operator}` is no operator of an IAM condition, such as `StringEquals`{hint}"),
            );
        }
    }
    for value in statement.conditions.0.iter().flat_map(|(_, keys)| keys.0.iter().map(|(_, value)| value)) {
        check_template(value, structure, types, &step(pointer, "conditions"), report);
    }
    for (key, condition, word) in [("when", &statement.when, " and "), ("unless", &statement.unless, " or ")] {
        for part in condition.iter().flat_map(|condition| condition.split(word)) {
            let path = part.split_once('=').map_or(part, |(path, _)| path);
            if let Err(reason) = path::check(path, structure, types) {
                report.add(step(pointer, key), reason);
            }
        }
    }
    if !REASONS.contains(&statement.reason.as_str()) && !statement.reason.is_empty() {
        let known = REASONS.join("`, `");
        report
            .add(step(pointer, "reason"), format!("the reason `{}` is unknown; known are `{known}`", statement.reason));
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

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|sign| sign.is_ascii_alphanumeric())
}

/// Whether it has the form `service:operation`.
fn is_sdk_call(call: &str) -> bool {
    let small = |service: &str| !service.chars().any(|sign| sign.is_ascii_uppercase());
    call.split_once(':').is_some_and(|(service, name)| is_plain(service) && small(service) && is_plain(name))
}

/// The operators of IAM conditions, without `IfExists` and the prefixes for keys of many values.
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

/// Whether a template has the six parts of an ARN. The value of a parameter may be an ARN, in the place of them all.
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

/// Reports placeholders that nothing fills.
fn check_template(
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
            report.add(pointer, format!("nothing fills the placeholder `${{{placeholder}}}`: {reason}"));
        }
        if let Some(unknown) = transform.filter(|transform| !path::TRANSFORMS.contains(transform)) {
            let known = path::TRANSFORMS.join("`, `");
            report.add(pointer, format!("the transform `{unknown}` is unknown; known are `{known}`"));
        }
    }
}

/// Decides the rules of a structure; each names its members.
pub(crate) fn rules(rules: &[spec::Rule], structure: &Structure, pointer: &str, report: &Report<'_>) -> Vec<Rule> {
    let mut resolved = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let pointer = step(&step(pointer, "rules"), at);
        let Some((demand, members)) = rule.demand.clone() else { continue };
        if ["exactlyOneOf", "atMostOneOf", "atLeastOneOf"].contains(&demand) && members.len() < 2 {
            let instead = if demand == "atMostOneOf" {
                "leave the rule out"
            } else {
                "write it into `required`, or use `requires`"
            };
            report.add(step(&pointer, demand), format!("there is nothing to choose from with one member: {instead}"));
        }
        // What a rule depends on may lie deeper; its path is checked where all types are known.
        let shallow = rule.when.iter().map(|when| &when.member).filter(|path| !path.contains('.'));
        for unknown in members.iter().chain(shallow).filter(|name| structure.member(name).is_none()) {
            let known = structure.members.iter().map(|member| member.name.as_str());
            report.add(&pointer, format!("`{unknown}` is no member of this structure{}", did_you_mean(unknown, known)));
        }
        if demand == "excludes" {
            for required in structure.required().filter(|member| members.contains(&member.name)) {
                let message = format!(
                    "`{}` is required, so nobody can leave it out: no call could keep this rule",
                    required.name
                );
                report.add(step(&pointer, "excludes"), message);
            }
        }
        let when = rule.when.iter().map(|condition| {
            let member = condition.member.clone();
            for (key, pattern) in [("matches", &condition.matches), ("differs", &condition.differs)] {
                if let Some(pattern) = pattern {
                    shape::check_pattern(pattern, key, &step(&pointer, "when"), report);
                }
            }
            match (&condition.equals, &condition.matches, &condition.differs) {
                (Some(json), ..) => When::Equals(member, json.to_value().to_string()),
                (_, Some(pattern), _) => When::Matches(member, pattern.clone()),
                (_, _, Some(pattern)) => When::Differs(member, pattern.clone()),
                _ if condition.absent => When::Absent(member),
                _ => When::Present(member),
            }
        });
        let when: Vec<When> = when.collect();
        resolved.push(Rule { when, demand, members, message: rule.message.clone(), warning: rule.warning });
    }
    resolved
}

fn custom_setters(action: &spec::Action, structure: &Structure, pointer: &str, report: &Report<'_>) -> Vec<Custom> {
    let mut owned: Vec<&str> = Vec::new();
    for (at, custom) in action.custom.iter().enumerate() {
        let pointer = step(&step(pointer, "custom"), at);
        names::check_custom_path(&custom.path, &step(&pointer, "type"), report);
        if !names::is_setter_name(&custom.method) {
            report.add(step(&pointer, "method"), "a method's name has lowercase letters, digits and `_`");
        }
        if structure.members.iter().any(|member| member.setter == custom.method && !custom.sets.contains(&member.name))
        {
            report
                .add(step(&pointer, "method"), format!("another parameter already has the setter `{}`", custom.method));
        }
        for name in &custom.sets {
            if structure.member(name).is_none() {
                report.add(step(&pointer, "sets"), format!("`{name}` is not one of the parameters"));
            }
            if owned.contains(&name.as_str()) {
                report.add(step(&pointer, "sets"), format!("another setter of this kind already sets `{name}`"));
            }
            owned.push(name);
        }
    }
    let copy = |custom: &spec::Custom| Custom {
        method: custom.method.clone(),
        path: custom.path.clone(),
        sets: custom.sets.clone(),
        docs: custom.docs.clone(),
    };
    action.custom.iter().map(copy).collect()
}
