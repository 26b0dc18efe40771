//! The user's own integrations: known integrations with fixed parameters.

use sfn_tasks_facts::{Service, Type, service};

use super::pattern::matches;
use super::support::PATTERNS;
use super::{Member, Preset, Shape, Structure, names, path};
use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;
use crate::spec;

/// The methods of `http:invoke`.
const HTTP_METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"];

/// The integration that an action calls.
pub(super) struct Base {
    call: String,
    pub(super) resource_member: Option<&'static str>,
    pub(super) body_member: Option<&'static str>,
    patterns: Vec<&'static str>,
    members: Vec<&'static str>,
    required: Vec<&'static str>,
}

/// An integration that can call the user's own functions, activities, state machines and APIs.
pub struct OwnCall {
    /// The call: `lambda:invoke`.
    pub call: &'static str,
    /// The parameter that is the value of `Resource`.
    pub resource_member: Option<&'static str>,
    /// The parameter that is the whole of `Parameters`.
    pub body_member: Option<&'static str>,
    /// The keys of its patterns.
    pub patterns: &'static [&'static str],
    /// Its parameters, the required ones first.
    pub members: &'static [&'static str],
    /// How many of them are required.
    pub required: usize,
    /// Parameters with a pattern for the whole value.
    pub forms: &'static [(&'static str, &'static str)],
}

/// The facts about these from the library's specs, which are not available to other libraries. A test of the library
/// compares them.
#[doc(hidden)]
pub static OWN_CALLS: &[OwnCall] = &[
    OwnCall {
        call: "lambda:invoke",
        resource_member: None,
        body_member: None,
        patterns: &["requestResponse", "waitForTaskToken"],
        members: &["FunctionName", "ClientContext", "InvocationType", "LogType", "Payload", "Qualifier"],
        required: 1,
        forms: &[
            (
                "FunctionName",
                r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?",
            ),
            ("Qualifier", r"\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"),
        ],
    },
    OwnCall {
        call: "lambda:function",
        resource_member: Some("FunctionArn"),
        body_member: Some("Payload"),
        patterns: &["requestResponse"],
        members: &["FunctionArn", "Payload"],
        required: 1,
        forms: &[(
            "FunctionArn",
            r"arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:function:[a-zA-Z0-9-_]+(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?",
        )],
    },
    OwnCall {
        call: "activity:invoke",
        resource_member: Some("ActivityArn"),
        body_member: Some("Input"),
        patterns: &["requestResponse"],
        members: &["ActivityArn", "Input"],
        required: 1,
        forms: &[("ActivityArn", r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:activity:[^:]+")],
    },
    OwnCall {
        call: "states:startExecution",
        resource_member: None,
        body_member: None,
        patterns: &["requestResponse", "sync", "sync:2", "waitForTaskToken"],
        members: &["StateMachineArn", "Input", "Name", "TraceHeader"],
        required: 1,
        forms: &[("StateMachineArn", r"arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:]+(:[^:]+)?")],
    },
    OwnCall {
        call: "http:invoke",
        resource_member: None,
        body_member: None,
        patterns: &["requestResponse"],
        members: &[
            "ApiEndpoint",
            "Method",
            "Authentication",
            "Headers",
            "InvocationConfig",
            "QueryParameters",
            "RequestBody",
            "Transform",
        ],
        required: 2,
        forms: &[],
    },
];

impl Base {
    /// The integration with this name, or `None` after a report.
    pub(super) fn find(call: &str, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let at = step(pointer, "calls");
        if let Some(known) = OWN_CALLS.iter().find(|known| known.call == call) {
            return Some(Self {
                call: call.to_owned(),
                resource_member: known.resource_member,
                body_member: known.body_member,
                patterns: known.patterns.to_vec(),
                members: known.members.to_vec(),
                required: known.members[..known.required].to_vec(),
            });
        }
        let Some((name, operation)) = call.strip_prefix("aws-sdk:").and_then(|call| call.split_once(':')) else {
            let known = OWN_CALLS.iter().map(|known| known.call);
            let names = known.clone().collect::<Vec<_>>().join("`, `");
            report.add(
                at,
                format!(
                    "`calls` must be one of `{names}`, or `aws-sdk:service:operation`, not `{call}`{}",
                    did_you_mean(call, known)
                ),
            );
            return None;
        };
        if let Some(fault) = missing(name, operation) {
            report.add(at, fault);
        }
        let found = service(name)?.operation(operation)?;
        let input = found.input().map(|input| input.members()).unwrap_or_default();
        Some(Self {
            call: call.to_owned(),
            resource_member: None,
            body_member: None,
            patterns: vec!["requestResponse", "waitForTaskToken"],
            members: input.iter().map(|member| member.name).collect(),
            required: input.iter().filter(|member| member.required).map(|member| member.name).collect(),
        })
    }

    /// The resource of a pattern.
    pub(super) fn resource(&self, suffix: &str) -> String {
        match self.resource_member {
            Some(member) => format!("${{{member}}}"),
            None => format!("arn:${{Partition}}:states:::{}{suffix}", self.call),
        }
    }

    /// Reports parameters and patterns that the integration does not have, and required parameters that are missing.
    pub(super) fn check(&self, action: &spec::Action, structure: &Structure, pointer: &str, report: &Report<'_>) {
        for (key, names) in [
            ("parameters", structure.members.iter().map(|it| it.name.as_str()).collect::<Vec<_>>()),
            ("fixed", action.fixed.names().collect()),
        ] {
            for name in names.into_iter().filter(|name| !self.members.contains(name)) {
                let hint = did_you_mean(name, self.members.iter().copied());
                report.add(step(&step(pointer, key), name), format!("`{}` has no parameter `{name}`{hint}", self.call));
            }
        }
        let is_known = |name: &&str| PATTERNS.iter().any(|(known, _)| known == name);
        for name in action.patterns.names().filter(is_known).filter(|name| !self.patterns.contains(name)) {
            let known = self.patterns.join("`, `");
            report.add(
                step(&step(pointer, "patterns"), name),
                format!("`{}` does not support the pattern `{name}`; it supports `{known}`", self.call),
            );
        }
        for name in self.required.iter().filter(|name| action.fixed.get(name).is_none()) {
            let declared = structure.member(name);
            if !declared.is_some_and(|member| member.required) {
                let message =
                    format!("`{}` requires `{name}`: add it to `fixed`, or to `parameters` and `required`", self.call);
                report.add(pointer, message);
            }
        }
        for (key, present) in [
            ("resourceMember", action.resource_member.is_some()),
            ("bodyMember", action.body_member.is_some()),
            ("sdk", action.sdk.is_some()),
        ] {
            if present {
                report.add(step(pointer, key), format!("`{key}` follows from `calls`: leave it out"));
            }
        }
    }
}

/// An error if there is no AWS SDK call with this name.
pub(super) fn missing(name: &str, operation: &str) -> Option<String> {
    let Some(service) = service(name) else {
        let hint = did_you_mean(name, sfn_tasks_facts::services().iter().map(|service| service.name));
        return Some(format!("there is no AWS SDK integration of a service `{name}`{hint}"));
    };
    let hint = || did_you_mean(operation, service.operations().map(|operation| operation.name));
    let is_missing = service.operation(operation).is_none();
    is_missing.then(|| format!("`{name}` has no operation `{operation}`{}", hint()))
}

/// Reports an invalid value of a fixed parameter.
fn check_value(call: &str, name: &str, value: &Json, pointer: &str, report: &Report<'_>) {
    let (service_name, operation) = match call {
        "states:startExecution" => ("sfn", "startExecution"),
        call => call.strip_prefix("aws-sdk:").unwrap_or(call).split_once(':').unwrap_or_default(),
    };
    let found = service(service_name)
        .and_then(|service| Some((service, service.operation(operation)?.input()?.members())))
        .and_then(|(service, members)| Some((service, members.into_iter().find(|member| member.name == name)?.shape)));
    let is_text = name.ends_with("Arn") || matches!(name, "ApiEndpoint" | "Method");
    let is_text = is_text || matches!(found, Some((_, Type::String(_) | Type::Enum(_))));
    let Json::String(text) = value else {
        let fits = match &found {
            _ if is_text => false,
            Some((_, Type::Integer(_) | Type::Number(_))) => matches!(value, Json::Number(_)),
            Some((_, Type::Boolean)) => matches!(value, Json::Bool(_)),
            Some((_, Type::List(..))) => matches!(value, Json::Array(_)),
            Some((_, Type::Map(..) | Type::Structure(_))) => matches!(value, Json::Object(_)),
            _ => true,
        };
        if !fits {
            report.add(pointer, format!("`{name}` of `{call}` cannot be {}", value.kind()));
        } else if call == "http:invoke" && name == "InvocationConfig" {
            check_connection(value, pointer, report);
        } else if let Some((service, shape)) = &found {
            check_parts(service, shape, value, pointer, report);
        }
        return;
    };
    let placeholders = match path::placeholders(text) {
        Ok(placeholders) => placeholders,
        Err(reason) => return report.add(pointer, reason),
    };
    if let Some(wrong) = placeholders.iter().find(|name| name.trim().is_empty() || name.contains(['{', '"', '\n'])) {
        return report.add(pointer, format!("`${{{wrong}}}` is not a valid placeholder: write it like `${{Name}}`"));
    }
    // The value of a placeholder is known only at deployment.
    let is_open = !placeholders.is_empty();
    let form = OWN_CALLS.iter().filter(|own| own.call == call).flat_map(|own| own.forms);
    let form = form.copied().find(|(member, _)| *member == name);
    let known: Vec<&str> = match (&found, name) {
        (Some((service, Type::Enum(kind))), _) => service.enumeration(kind).collect(),
        (_, "Method") if call == "http:invoke" => HTTP_METHODS.to_vec(),
        _ => Vec::new(),
    };
    if text.is_empty() && is_text {
        report.add(pointer, format!("`{name}` is empty: set the function, activity, state machine or API to call"));
    } else if name.ends_with("Arn") && !is_open && !text.starts_with("arn:") {
        let told =
            format!("`{text}` is not an ARN: write the whole ARN, or `${{Name}}` if it is known only at deployment");
        report.add(pointer, told);
    } else if let Some((_, pattern)) = form.filter(|(_, pattern)| !is_open && !matches(pattern, text)) {
        report.add(pointer, format!("`{text}` is not a valid `{name}` of `{call}`: it must match `{pattern}`"));
    } else if name == "ApiEndpoint" && !is_open && !text.starts_with("https://") {
        report.add(pointer, format!("`{text}` is not the URL of an API: it must begin with `https://`"));
    } else if !is_open && !known.is_empty() && !known.contains(&text.as_str()) {
        let hint = did_you_mean(text, known.iter().copied());
        report.add(
            pointer,
            format!("`{text}` is not a value of this parameter; the values are `{}`{hint}", known.join("`, `")),
        );
    }
}

/// Reports unknown, missing and wrong parts of a fixed object or list.
fn check_parts(service: &'static Service, shape: &Type, value: &Json, pointer: &str, report: &Report<'_>) {
    match (shape, value) {
        (Type::Structure(kind), Json::Object(given)) => {
            let members = service.structure(kind).map(|structure| structure.members()).unwrap_or_default();
            for (key, value) in given {
                // The value of a key that ends in `.$` is known only at run time.
                let name = key.strip_suffix(".$").unwrap_or(key);
                match members.iter().find(|member| member.name == name) {
                    Some(member) if name == key => {
                        check_parts(service, &member.shape, value, &step(pointer, key), report);
                    }
                    Some(_) => {}
                    None => {
                        let hint = did_you_mean(name, members.iter().map(|member| member.name));
                        report.add(step(pointer, key), format!("there is no member `{name}` here{hint}"));
                    }
                }
            }
            let is_given = |name: &str| given.iter().any(|(key, _)| key.strip_suffix(".$").unwrap_or(key) == name);
            for member in members.iter().filter(|member| member.required && !is_given(member.name)) {
                report.add(pointer, format!("the member `{}` is missing", member.name));
            }
        }
        (Type::List(items, _), Json::Array(elements)) => {
            for (at, element) in elements.iter().enumerate() {
                check_parts(service, items, element, &step(pointer, at), report);
            }
        }
        (Type::Map(_, values, _), Json::Object(given)) => {
            given.iter().for_each(|(key, value)| check_parts(service, values, value, &step(pointer, key), report));
        }
        (Type::Enum(kind), Json::String(text)) if !text.contains("${") => {
            let known: Vec<&str> = service.enumeration(kind).collect();
            if !known.contains(&text.as_str()) {
                let hint = did_you_mean(text, known.iter().copied());
                report.add(pointer, format!("`{text}` is not one of the values `{}`{hint}", known.join("`, `")));
            }
        }
        (Type::Structure(_) | Type::List(..) | Type::Map(..), Json::Bool(_) | Json::Number(_)) => {
            report.add(pointer, format!("this cannot be {}", value.kind()));
        }
        _ => {}
    }
}

/// Reports a connection of an HTTP API that is not one.
fn check_connection(value: &Json, pointer: &str, report: &Report<'_>) {
    let Json::Object(members) = value else { return };
    for (key, value) in members {
        match (key.as_str(), value) {
            ("ConnectionArn", Json::String(arn)) if arn.starts_with("arn:") || arn.contains("${") => {}
            ("ConnectionArn.$", _) => {}
            ("ConnectionArn", _) => report.add(
                step(pointer, key),
                "this is not the ARN of a connection: write the whole ARN, or `${Name}` if it is known only at deployment",
            ),
            _ => {
                let hint = did_you_mean(key, ["ConnectionArn"]);
                report.add(step(pointer, key), format!("there is no member `{key}` here{hint}"));
            }
        }
    }
    if members.is_empty() {
        report.add(pointer, "the member `ConnectionArn` is missing");
    }
}

/// Reports an action with the same call as an earlier one. In a definition, the two could not be distinguished.
pub(super) fn check_unlike(spec: &spec::Service, report: &Report<'_>) {
    let calls: Vec<_> = spec.actions.0.iter().filter(|(_, action)| action.calls.is_some()).collect();
    for (at, (name, action)) in calls.iter().enumerate() {
        let is_same = |other: &spec::Action| {
            let (ours, theirs) = (&action.fixed.0, &other.fixed.0);
            action.calls == other.calls && ours.len() == theirs.len() && ours.iter().all(|it| theirs.contains(it))
        };
        if let Some((earlier, _)) = calls[..at].iter().find(|(_, earlier)| is_same(earlier)) {
            report.add(
                step("/actions", name),
                format!(
                    "this action has the same `calls` and `fixed` as `{earlier}`, so they cannot be distinguished: change one, or remove it"
                ),
            );
        }
    }
}

/// The fixed parameters, as members without setters.
pub(super) fn fixed(action: &spec::Action, pointer: &str, report: &Report<'_>) -> Vec<Member> {
    let one = |(name, value): &(String, crate::json::Json)| {
        if action.parameters.get(name).is_some() {
            report.add(
                step(&step(pointer, "fixed"), name),
                format!("`{name}` is in `fixed` and in `parameters`: remove one of them"),
            );
        }
        if let Some(call) = &action.calls {
            check_value(call, name, value, &step(&step(pointer, "fixed"), name), report);
        }
        Member {
            name: name.clone(),
            setter: names::setter(name),
            marker: names::marker(name),
            docs: "Fixed.".to_owned(),
            url: None,
            required: false,
            shape: Shape::Json,
            default: None,
            preset: Some(Preset::Constant {
                json: value.to_value().to_string(),
                why: "The spec fixes this value.".to_owned(),
                url: action.url.clone(),
            }),
            deprecated: None,
            fixed: true,
        }
    };
    action.fixed.0.iter().map(one).collect()
}
