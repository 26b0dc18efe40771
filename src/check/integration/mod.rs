//! Checks the calls of tasks and their parameters.

mod callback;
mod errors;
mod literals;
mod parameters;
mod rules;

use std::collections::HashMap;

use super::Checker;
use super::suggest::{did_you_mean, list, nearest};
use crate::asl::{Node, ProcessorMode, State, StateMachine, StateType};
use crate::catalog::{Action, Facts, Pattern, Service, recognize, sdk};
use crate::expression::resource::{Resource, Target};
use crate::expression::{jsonata, placeholder};
use crate::flow::OwnCalls;
use crate::value::Json;

pub(super) use rules::{CONSEQUENCES, PARAMETER_TYPE, RULES, TASK_TOKEN};
use rules::{EXPRESS, PATTERN, RESOURCE, UNKNOWN_INTEGRATION};

/// The optimized integrations that the checker knows.
#[derive(Debug, Clone)]
pub struct Catalog {
    services: &'static [&'static Facts],
    actions: Vec<&'static Action>,
    by_state: HashMap<String, &'static Action>,
}

/// All integrations with a spec, whichever builders are compiled.
impl Default for Catalog {
    fn default() -> Self {
        Self::new(crate::tasks::SERVICES)
    }
}

impl Catalog {
    /// The integrations of these services.
    pub fn new(services: &'static [&'static Facts]) -> Self {
        Self { services, actions: Vec::new(), by_state: HashMap::new() }
    }

    /// Adds an integration that has no spec in this library, such as one of your own.
    pub fn with(mut self, action: &'static Action) -> Self {
        self.actions.push(action);
        self
    }

    /// The optimized integration with this name.
    fn find(&self, service: &str, name: &str) -> Option<&'static Action> {
        self.own_action(service, name).or_else(|| actions(self.service(service)?).find(|action| action.name == name))
    }

    /// Declares that the state at this JSON Pointer calls an integration that has no spec in this library.
    pub fn with_state(mut self, pointer: impl Into<String>, action: &'static Action) -> Self {
        self.by_state.insert(pointer.into(), action);
        self
    }

    /// The integration of another library that a task calls: that of its builder, or that of its resource and its
    /// fixed parameters.
    fn own_call(&self, state: &State<'_>, resource: &str) -> Option<&'static Action> {
        if self.by_state.is_empty() && self.actions.is_empty() {
            return None;
        }
        let payload = state.payload();
        self.own_call_at(&state.pointer(), resource, payload.as_ref().map(Node::json))
    }

    fn own_call_at(&self, pointer: &str, resource: &str, payload: Option<&Json>) -> Option<&'static Action> {
        self.by_state.get(pointer).copied().or_else(|| recognize(&self.actions, resource, payload))
    }

    /// The integration that the state at this JSON Pointer calls, from this or another library.
    pub(crate) fn call_at(&self, pointer: &str, resource: &str, payload: Option<&Json>) -> Option<&'static Action> {
        let named = || match Resource::parse(resource)?.target {
            Target::Optimized { service, action } => self.find(service, action),
            Target::Sdk { service, action } => sdk::action(service, action),
            _ => None,
        };
        self.own_call_at(pointer, resource, payload).or_else(named)
    }

    /// The tasks of a definition that call an integration of another library.
    pub(super) fn own_calls(&self, machine: &StateMachine) -> OwnCalls {
        if self.by_state.is_empty() && self.actions.is_empty() {
            return OwnCalls::new();
        }
        let call = |state: State<'_>| Some((state.pointer(), self.own_call(&state, state.resource()?)?));
        machine.walk().filter_map(call).collect()
    }

    fn own_action(&self, service: &str, name: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.service == service && action.name == name).copied()
    }

    fn service(&self, name: &str) -> Option<&'static Service> {
        let found = self.services.iter().find(|facts| facts.name() == name)?;
        Some(&***found).filter(|service| actions(service).next().is_some())
    }

    /// The services that are called by the name of an API, not by the ARN of a resource of the user.
    fn services(&self) -> impl Iterator<Item = &'static Service> + Clone {
        self.services.iter().map(|facts| &***facts).filter(|service| actions(service).next().is_some())
    }
}

/// The APIs that are called by their names.
fn actions(service: &'static Service) -> impl Iterator<Item = &'static Action> + Clone {
    service.actions.iter().copied().filter(|action| action.resource_member.is_none())
}

pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>) {
    if state.state_type() != StateType::Task {
        return function_errors(checker, state, None);
    }
    let Some(node) = state.get("Resource") else { return };
    // In a template, the ARN may be in an `Fn::Sub`.
    let node = node.get("Fn::Sub").unwrap_or(node);
    let Some(text) = node.json().as_str() else { return };
    literals::credentials(checker, state);
    let Some(resource) = Resource::parse(text) else { return no_arn(checker, &node, text) };
    let own = checker.options.catalog.own_call(state, text);
    if let Some(action) = own {
        if action.resource_member.is_none() {
            return known_action(checker, state, &node, action, resource.suffix);
        }
        if !speaks_another_language(state) {
            parameters::check(checker, state, &node, action);
        }
        errors::check(checker, state, action, None);
    }
    match resource.target {
        Target::Function => {
            literals::resource(checker, &node, text);
            function_errors(checker, state, own);
        }
        Target::Other => function_errors(checker, state, own),
        Target::Activity => {
            literals::resource(checker, &node, text);
            if is_express(checker, state) {
                checker
                    .add(&EXPRESS, &node, "an Express workflow has no activities")
                    .help("call a Lambda function, or use a Standard workflow");
            }
        }
        Target::Uncallable(service) => {
            let help = match service {
                "state machine" => "use `arn:aws:states:::states:startExecution` with `StateMachineArn`".to_owned(),
                service if checker.options.catalog.service(service).is_some() => format!(
                    "use an integration, such as `arn:aws:states:::{service}:…`, and set the resource in its parameters"
                ),
                service if sdk::service(service).is_some() => format!(
                    "use an integration, such as `arn:aws:states:::aws-sdk:{service}:…`, and set the resource in its \
                     parameters"
                ),
                _ => "write the ARN of an integration, a Lambda function or an activity".to_owned(),
            };
            checker.add(&RESOURCE, &node, format!("a task cannot call `{text}`")).help(help);
        }
        Target::Optimized { service, action } => optimized(checker, state, &node, service, action, resource.suffix),
        Target::Sdk { service, action } => sdk_integration(checker, state, &node, service, action, resource.suffix),
    }
}

/// Checks error names where the state may call a function, unless they were checked with those of an integration of the
/// user's own.
fn function_errors(checker: &mut Checker<'_>, state: &State<'_>, own: Option<&'static Action>) {
    if let Some(invoke) = checker.options.catalog.find("lambda", "invoke").filter(|_| own.is_none()) {
        errors::check(checker, state, invoke, None);
    }
}

/// Reports a resource that is not an ARN. Text that looks like a placeholder of another template language is not
/// reported.
fn no_arn(checker: &mut Checker<'_>, node: &Node<'_>, text: &str) {
    let stand_in = !text.starts_with('$')
        && !text.starts_with("{%")
        && (text.contains(['%', '<', '>', '{', '}', '#', '_']) || text.chars().all(|sign| sign.is_uppercase()))
        && !text.is_empty();
    if !stand_in {
        let help = match () {
            () if text.starts_with('$') || !matches!(jsonata::unwrap(text), Ok(None)) => {
                "write a constant: the resource of a task cannot be computed at run time"
            }
            () => "write `arn:aws:states:::service:api`, or the ARN of a Lambda function or an activity",
        };
        checker.add(&RESOURCE, node, format!("`{text}` is not an ARN")).help(help);
    }
}

fn optimized(checker: &mut Checker<'_>, state: &State<'_>, node: &Node<'_>, service: &str, name: &str, suffix: &str) {
    let options = checker.options;
    let catalog = &options.catalog;
    if let Some(action) = catalog.own_action(service, name) {
        return known_action(checker, state, node, action, suffix);
    }
    let Some(known) = catalog.service(service) else {
        let names = catalog.services().map(|service| service.name);
        let help = match nearest(service, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if sdk::action(service, name).is_some() => {
                format!("write `arn:aws:states:::aws-sdk:{service}:{name}`")
            }
            None => format!("the integrated services are {}", list(names, "and")),
        };
        checker
            .add(&UNKNOWN_INTEGRATION, node, format!("there is no integration of the service `{service}`"))
            .help(help);
        return;
    };
    let Some(action) = actions(known).find(|action| action.name == name) else {
        let names = actions(known).map(|action| action.name);
        let help = match nearest(name, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if sdk::action(service, name).is_some() => {
                format!("write `arn:aws:states:::aws-sdk:{service}:{name}`")
            }
            None => format!("its APIs are {}", list(names, "and")),
        };
        checker
            .add(&UNKNOWN_INTEGRATION, node, format!("the integration of `{service}` has no API `{name}`"))
            .help(help);
        return;
    };
    known_action(checker, state, node, action, suffix);
}

fn known_action(checker: &mut Checker<'_>, state: &State<'_>, node: &Node<'_>, action: &'static Action, suffix: &str) {
    let pattern = supported(checker, node, action, suffix);
    errors::check(checker, state, action, pattern);
    if let Some(pattern) = pattern {
        express(checker, state, node, pattern);
    }
    if !speaks_another_language(state) {
        parameters::check(checker, state, node, action);
        callback::check(checker, state, node, pattern, pattern.and_then(|pattern| action.pattern(pattern)));
    }
}

/// The pattern, if the API supports it. Reports it otherwise.
fn supported(checker: &mut Checker<'_>, node: &Node<'_>, action: &Action, suffix: &str) -> Option<Pattern> {
    let pattern = Pattern::ALL.into_iter().find(|pattern| pattern.suffix() == suffix);
    if let Some(pattern) = pattern.filter(|pattern| action.pattern(*pattern).is_some()) {
        return Some(pattern);
    }
    let call = format!("{}:{}", action.service, action.name);
    let suffixes: Vec<&str> = action.patterns.iter().map(|support| support.pattern.suffix()).collect();
    let help = match did_you_mean(suffix, suffixes.iter().copied().filter(|suffix| !suffix.is_empty())) {
        Some(help) => help,
        None => {
            let known = suffixes.into_iter().map(|suffix| format!("{call}{suffix}")).collect::<Vec<_>>();
            format!("use {}", list(known.iter().map(String::as_str), "or"))
        }
    };
    let message = match suffix {
        "" => format!("`{call}` needs a pattern that waits"),
        _ => format!("`{call}` does not support `{suffix}`"),
    };
    checker.add(&PATTERN, node, message).help(help);
    None
}

fn sdk_integration(
    checker: &mut Checker<'_>,
    state: &State<'_>,
    node: &Node<'_>,
    service: &str,
    name: &str,
    suffix: &str,
) {
    let Some(known) = sdk::service(service) else {
        let finding = checker.add(
            &UNKNOWN_INTEGRATION,
            node,
            format!("there is no AWS SDK integration of the service `{service}`"),
        );
        finding.help = sdk_name(service)
            .map(|name| format!("AWS's SDK for Java uses the name `{name}`"))
            .or_else(|| did_you_mean(service, sdk::service_names()));
        if finding.help.is_none() {
            // AWS's list of services may be older than the services that can be called, so without a similar name
            // this is not certain.
            finding.severity = crate::check::Severity::Warning;
            finding.message = format!("the AWS SDK service `{service}` is unknown");
            finding.help(
                "if the service is newer than this version of sfn-tasks, allow `unknown-integration` for this state",
            );
        }
        return;
    };
    let pattern = match suffix {
        "" => Some(Pattern::RequestResponse),
        ".waitForTaskToken" => Some(Pattern::WaitForTaskToken),
        _ => {
            let optimized = checker.options.catalog.service(service).is_some_and(|service| {
                actions(service).any(|action| {
                    action.name == name && action.patterns.iter().any(|support| support.pattern.suffix() == suffix)
                })
            });
            let help = match optimized {
                true => format!("use the integration `arn:aws:states:::{service}:{name}{suffix}`"),
                false => "remove it, and poll the status of the job in a loop".to_owned(),
            };
            checker.add(&PATTERN, node, format!("an AWS SDK integration does not support `{suffix}`")).help(help);
            None
        }
    };
    if let Some(pattern) = pattern {
        express(checker, state, node, pattern);
    }
    match sdk::action(service, name) {
        Some(_) if speaks_another_language(state) => return,
        Some(action) => {
            errors::check(checker, state, action, pattern);
            parameters::check(checker, state, node, action);
        }
        None if known.is_known() => {
            let message = format!("the AWS SDK integration of `{service}` has no API `{name}`");
            let names = known.operations().map(|operation| operation.name);
            checker.add(&UNKNOWN_INTEGRATION, node, message).help = did_you_mean(name, names);
            return;
        }
        None => {}
    }
    callback::check(checker, state, node, pattern, None);
}

/// The name of a service in the AWS SDK for Java, and so in Step Functions, for its name in the AWS CLI or in IAM.
fn sdk_name(name: &str) -> Option<&'static str> {
    const OTHERS: &[(&str, &str)] = &[
        ("ce", "costexplorer"),
        ("cognito-idp", "cognitoidentityprovider"),
        ("dms", "databasemigration"),
        ("ds", "directory"),
        ("elbv2", "elasticloadbalancingv2"),
        ("events", "eventbridge"),
        ("stepfunctions", "sfn"),
    ];
    let joined: String = name.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect();
    let other = OTHERS.iter().find(|(other, _)| *other == name).map(|(_, name)| *name);
    // The model of a service is named after its endpoint: `logs-2014-03-28`.
    let by_model = |known: &&str| {
        let uid = sdk::service(known).map_or("", |service| service.uid);
        uid.strip_prefix(name).is_some_and(|rest| rest.starts_with("-2") || rest.starts_with("-1"))
    };
    other.or_else(|| sdk::service(&joined).map(|service| service.name)).or_else(|| sdk::service_names().find(by_model))
}

/// Whether the parameters are in the field of the other query language. This is reported elsewhere.
fn speaks_another_language(state: &State<'_>) -> bool {
    state.payload().is_none() && (state.has("Parameters") || state.has("Arguments"))
}

fn express(checker: &mut Checker<'_>, state: &State<'_>, node: &Node<'_>, pattern: Pattern) {
    if !pattern.works_in_express() && is_express(checker, state) {
        checker
            .add(&EXPRESS, node, format!("an Express workflow does not support {pattern}"))
            .help("use a Standard workflow, or use the Request Response pattern");
    }
}

/// Whether the state runs in an Express workflow: the whole definition is one, or a distributed Map state runs the
/// state in Express child executions.
fn is_express(checker: &Checker<'_>, state: &State<'_>) -> bool {
    let mut machine = Some(state.machine().clone());
    while let Some(here) = machine {
        if here.mode() == Some(ProcessorMode::Distributed) {
            return here.processor_config().and_then(|config| config.text("ExecutionType")) == Some("EXPRESS");
        }
        machine = here.parent().map(|parent| parent.machine().clone());
    }
    checker.options.express
}

/// Whether a part of a value is only known at deployment.
fn is_open(text: &str) -> bool {
    placeholder::is_in(text) || placeholder::has_stand_in(text)
}
