//! A company's own services: known integrations with some of their parameters fixed.

use sfn_tasks_facts::service;

use super::{Member, Preset, Shape, Structure, names};
use crate::fault::{Report, did_you_mean, step};
use crate::spec;

/// An integration that such an action calls.
pub(super) struct Base {
    call: String,
    pub(super) resource_member: Option<&'static str>,
    pub(super) body_member: Option<&'static str>,
    patterns: Vec<&'static str>,
    members: Vec<&'static str>,
    required: Vec<&'static str>,
}

/// An integration by which a company reaches what is its own.
pub struct OwnCall {
    /// The call: `lambda:invoke`.
    pub call: &'static str,
    /// The parameter that is in `Resource`.
    pub resource_member: Option<&'static str>,
    /// The parameter that is the whole of `Parameters`.
    pub body_member: Option<&'static str>,
    /// The keys of its patterns.
    pub patterns: &'static [&'static str],
    /// Its parameters, the required ones first.
    pub members: &'static [&'static str],
    /// How many of them are required.
    pub required: usize,
}

/// What the specs of the library say of these, which a library outside of it has not at hand. A test of the library
/// compares the two.
#[doc(hidden)]
pub static OWN_CALLS: &[OwnCall] = &[
    OwnCall {
        call: "lambda:invoke",
        resource_member: None,
        body_member: None,
        patterns: &["requestResponse", "waitForTaskToken"],
        members: &["FunctionName", "ClientContext", "InvocationType", "LogType", "Payload", "Qualifier"],
        required: 1,
    },
    OwnCall {
        call: "lambda:function",
        resource_member: Some("FunctionArn"),
        body_member: Some("Payload"),
        patterns: &["requestResponse"],
        members: &["FunctionArn", "Payload"],
        required: 1,
    },
    OwnCall {
        call: "activity:invoke",
        resource_member: Some("ActivityArn"),
        body_member: Some("Input"),
        patterns: &["requestResponse"],
        members: &["ActivityArn", "Input"],
        required: 1,
    },
    OwnCall {
        call: "states:startExecution",
        resource_member: None,
        body_member: None,
        patterns: &["requestResponse", "sync", "sync:2", "waitForTaskToken"],
        members: &["StateMachineArn", "Input", "Name", "TraceHeader"],
        required: 1,
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
    },
];

impl Base {
    /// The integration of that name, after a report if there is none.
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
                    "`calls` is one of `{names}`, or `aws-sdk:service:operation`, not `{call}`{}",
                    did_you_mean(call, known)
                ),
            );
            return None;
        };
        let Some(service) = service(name) else {
            let hint = did_you_mean(name, sfn_tasks_facts::services().iter().map(|service| service.name));
            report.add(at, format!("there is no AWS SDK integration of a service `{name}`{hint}"));
            return None;
        };
        let Some(found) = service.operation(operation) else {
            let hint = did_you_mean(operation, service.operations().map(|operation| operation.name));
            report.add(at, format!("`{name}` has no operation `{operation}`{hint}"));
            return None;
        };
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

    /// Reports what the integration does not have, and what it needs and nothing gives.
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
        for name in action.patterns.names().filter(|name| !self.patterns.contains(name)) {
            let known = self.patterns.join("`, `");
            report.add(
                step(&step(pointer, "patterns"), name),
                format!("`{}` does not support the pattern `{name}`; it has `{known}`", self.call),
            );
        }
        for name in self.required.iter().filter(|name| action.fixed.get(name).is_none()) {
            let declared = structure.member(name);
            if !declared.is_some_and(|member| member.required) {
                let message =
                    format!("`{}` needs `{name}`: add it to `fixed`, or to `parameters` and `required`", self.call);
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

/// The fixed parameters, as members that no setter sets.
pub(super) fn fixed(action: &spec::Action, pointer: &str, report: &Report<'_>) -> Vec<Member> {
    let one = |(name, value): &(String, crate::json::Json)| {
        if action.parameters.get(name).is_some() {
            report.add(
                step(&step(pointer, "fixed"), name),
                format!("`{name}` is one of the `parameters` too: it is either fixed or free"),
            );
        }
        Member {
            name: name.clone(),
            setter: names::setter(name),
            marker: names::marker(name),
            docs: "Always the same.".to_owned(),
            url: None,
            required: false,
            shape: Shape::Json,
            default: None,
            preset: Some(Preset::Constant {
                json: value.to_value().to_string(),
                why: "It is what this calls.".to_owned(),
                url: action.url.clone(),
            }),
            deprecated: None,
            fixed: true,
        }
    };
    action.fixed.0.iter().map(one).collect()
}
