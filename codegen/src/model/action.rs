//! One API: its parameters, patterns, errors and handwritten setters.

use std::collections::BTreeMap;

use super::{Example, PREFIX, Pattern, Shape, Structure, Type, call, names, path, rule, shape, support};
use crate::fault::{Report, did_you_mean, step};
use crate::spec;

#[derive(Debug)]
pub(crate) struct Action {
    /// The name in the resource ARN.
    pub(crate) name: String,
    /// The name of the builder.
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
        report.add(&pointer, "the name of an action starts with a lowercase letter and has only letters and digits");
    }
    let type_name = action.name.clone().unwrap_or_else(|| names::type_name(name));
    if !names::is_type_name(&type_name) {
        report.add(
            step(&pointer, "name"),
            "the name of a builder starts with an uppercase letter, has only letters and digits, and is not `Self`: set `name`",
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
                report.add(step(&pointer, key), format!("only an action with `calls` can have `{key}`"));
            }
        }
    }
    if let Some(call) = &action.sdk {
        let fault = match call.split_once(':').filter(|_| support::is_sdk_call(call)) {
            None => Some(format!("`{call}` is not an AWS SDK call: write it like `emr:runJobFlow`")),
            Some((service, operation)) => call::missing(service, operation),
        };
        fault.into_iter().for_each(|fault| report.add(step(&pointer, "sdk"), fault));
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
    if action.calls.is_none() && action.resource_member.is_none() && !service.service.starts_with(PREFIX) {
        report.remark(
            &pointer,
            format!(
                "only AWS can add an integration such as `{}:{name}`: for your own function or API, set `calls` to the integration that calls it",
                service.service
            ),
        );
    }
    check_errors(service, action, &pointer, report);
    check_retry(action, &pointer, report);
    let mut written = action.patterns.clone();
    if written.0.is_empty() && action.calls.is_some() {
        written.0.push(("requestResponse".to_owned(), spec::Pattern::default()));
    }
    if written.0.is_empty() {
        report.add(step(&pointer, "patterns"), "an action must support at least one pattern");
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

/// Reports retriers that ASL does not allow, or that name an error that the call does not have.
fn check_retry(action: &spec::Action, pointer: &str, report: &Report<'_>) {
    const ALL: &str = "States.ALL";
    for (at, retry) in action.retry.iter().enumerate() {
        let pointer = step(&step(&step(pointer, "retry"), at), "errorEquals");
        let is_last = at + 1 == action.retry.len();
        for (place, name) in retry.error_equals.iter().enumerate() {
            let known = action.errors.names();
            let told = match name.as_str() {
                ALL if retry.error_equals.len() > 1 => {
                    format!("`{ALL}` must be the only name in its list: remove the others")
                }
                ALL if !is_last => format!("`{ALL}` matches every error, so its retrier must be the last"),
                name if name.starts_with("States.") || known.clone().any(|error| error == name) => continue,
                name => {
                    let hint = did_you_mean(name, known);
                    format!("`{name}` is not one of the `errors`: add it there{hint}")
                }
            };
            report.add(step(&pointer, place), told);
        }
    }
}

/// The errors of Step Functions with which a task can fail.
const OF_TASKS: [&str; 7] = [
    "States.DataLimitExceeded",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.Permissions",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

/// A state handles an error by its exact name, so a wrong prefix would never match.
fn check_errors(service: &spec::Service, action: &spec::Action, pointer: &str, report: &Report<'_>) {
    for name in action.errors.names() {
        let at = step(&step(pointer, "errors"), name);
        let plain = |text: &str, more: &str| {
            !text.is_empty() && text.chars().all(|sign| sign.is_ascii_alphanumeric() || more.contains(sign))
        };
        // The code behind a company's own integration gives any names to its errors.
        let is_right = match action.calls {
            Some(_) => name.split('.').all(|part| plain(part, "_")),
            None => name.contains('.') && name.split('.').all(|part| plain(part, "")),
        };
        if !is_right {
            let told = match (action.calls.is_some(), name.contains('.')) {
                (true, _) => {
                    "is not the name of an error, which has letters, digits, `_` and dots: write it like `OutOfStock`"
                }
                (_, true) => {
                    "is not the name of an error, which has letters, digits and dots: write it like `DynamoDB.InternalServerError`"
                }
                _ => "has no prefix: write it like `DynamoDB.InternalServerError`",
            };
            report.add(at, format!("`{name}` {told}"));
            continue;
        }
        let prefix = name.split_once('.').map_or("", |(prefix, _)| prefix);
        if prefix == "States" && !OF_TASKS.contains(&name) && !name.starts_with("States.Http.StatusCode.") {
            let told = match did_you_mean(name, OF_TASKS) {
                none if none.is_empty() => ": names that begin with `States.` belong to Step Functions".to_owned(),
                hint => hint,
            };
            report.add(at, format!("no task fails with the error `{name}`{told}"));
            continue;
        }
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
    if let Some(member) = action.resource_member.as_ref().and_then(|member| structure.member(member)) {
        if !matches!(member.shape, Shape::String { .. }) {
            let at = step(&step(pointer, "parameters"), &member.name);
            report.add(at, "it is the `Resource` of the state, so its type must be `string`");
        }
    }
    if action.body_member.is_some() && action.body_member == action.resource_member {
        let told = "one parameter cannot be both the `resourceMember` and the `bodyMember`";
        report.add(step(pointer, "bodyMember"), told);
    }
    if let Some(body) = &action.body_member {
        for extra in
            structure.members.iter().filter(|it| it.name != *body && Some(&it.name) != action.resource_member.as_ref())
        {
            report.add(
                step(&step(pointer, "parameters"), &extra.name),
                format!("`{body}` is the whole of `Parameters`, so there cannot be another parameter `{}`", extra.name),
            );
        }
    }
}

fn custom_setters(action: &spec::Action, structure: &Structure, pointer: &str, report: &Report<'_>) -> Vec<Custom> {
    let mut owned: Vec<&str> = Vec::new();
    for (at, custom) in action.custom.iter().enumerate() {
        let pointer = step(&step(pointer, "custom"), at);
        names::check_custom_path(&custom.path, &step(&pointer, "type"), report);
        if !names::is_setter_name(&custom.method) {
            report.add(step(&pointer, "method"), "the name of a method has lowercase letters, digits and `_`");
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
