//! Converts states to JSON.

use std::collections::HashMap;

use super::condition::Kind;
use super::map::Form;
use super::retry::error_equals;
use super::{Branch, Catch, Chain, Condition, Field, FieldValue, Flow, Granted, Node, Retry, errors};
use crate::asl::StateType;
use crate::catalog::{Action, Pattern};
use crate::task::Parameters;
use crate::value::{
    At, Expression, Json, Lowered, Lowering, Object, Payload, QueryLanguage, Text, in_braces, without_braces,
};

/// The call of a task.
#[derive(Debug, Clone)]
pub(crate) enum Call {
    /// An API of the catalog
    Api { action: &'static Action, pattern: Pattern, parameters: Parameters, advised_retry: bool },
    /// Any resource
    Raw { resource: Text },
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Call::Raw { resource }, Call::Raw { resource: other }) => resource == other,
            (
                Call::Api { action, pattern, parameters, advised_retry },
                Call::Api { action: action_2, pattern: pattern_2, parameters: parameters_2, advised_retry: retry_2 },
            ) => {
                (action.service, action.name, pattern, parameters, advised_retry)
                    == (action_2.service, action_2.name, pattern_2, parameters_2, retry_2)
            }
            _ => false,
        }
    }
}

/// The settings of all states of a machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The partition of the resource ARNs: `aws`
    pub(crate) partition: &'a str,
}

/// The fields that have a `…Path` form for a value that is known only at run time.
const HAVE_TWINS: [&str; 9] = [
    "Cause",
    "Error",
    "HeartbeatSeconds",
    "MaxConcurrency",
    "Seconds",
    "TimeoutSeconds",
    "Timestamp",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
];

/// The maximum depth of nested conditions.
const MAX_DEPTH: usize = 30;

/// Sets `StartAt` and `States`.
pub(crate) fn lower_machine(
    object: &mut Object,
    chain: Chain,
    setting: Setting<'_>,
    lowering: &mut Lowering<'_>,
    at: &At<'_>,
) {
    let states_at = at.name("States");
    let mut states = Object::with_capacity(chain.nodes.len());
    let mut index: HashMap<String, usize> = HashMap::with_capacity(chain.nodes.len());
    for mut node in chain.nodes {
        let name = std::mem::take(&mut node.name);
        let body = Json::Object(lower_state(node, setting, lowering, &states_at.name(&name)));
        match index.get(&name) {
            // The same state built twice is one state.
            Some(earlier) if states.value_at(*earlier) == Some(&body) => {}
            Some(_) => lowering.fault(
                &states_at.name(&name),
                format!("two different states have the name `{name}`"),
                Some("rename one of them; `Chain::prefixed` renames all states of a chain".to_owned()),
            ),
            None => {
                index.insert(name.clone(), states.len());
                states.push(name, body);
            }
        }
    }
    object.push("StartAt", chain.start);
    object.push("States", states);
}

fn lower_state(mut node: Node, setting: Setting<'_>, lowering: &mut Lowering<'_>, at: &At<'_>) -> Object {
    let outer = lowering.language;
    let mut state = Object::with_capacity(8);
    state.push("Type", node.state_type.name());
    if let Some(language) = node.language {
        if language != outer {
            state.push("QueryLanguage", language.name());
        }
        lowering.language = language;
    }
    let mut resource = None;
    if let Some(call) = node.call.take() {
        resource = Some(lower_call(*call, &mut node, setting, lowering, at));
    }
    node.grants.iter().for_each(|granted| check_grant(granted, lowering, at));
    node.fields.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (field, value) in node.fields {
        if field >= Field::Credentials {
            if let Some(resource) = resource.take() {
                state.push("Resource", resource);
            }
        }
        lower_field(&mut state, field, value, setting, lowering, at);
    }
    if let Some(resource) = resource {
        state.push("Resource", resource);
    }
    // States in branches and processors use the query language of the whole definition, not that of this state.
    let own = std::mem::replace(&mut lowering.language, outer);
    lower_machines(&mut state, node.state_type, node.machines, node.processor, setting, lowering, at);
    lowering.language = own;
    if node.state_type == StateType::Choice {
        let choices = node.rules.into_iter().enumerate().map(|(index, rule)| {
            let at = at.name("Choices");
            Json::Object(lower_rule(rule.branch, rule.next, lowering, &at.index(index)))
        });
        state.push("Choices", Json::Array(choices.collect()));
    }
    lower_errors(&mut state, node.retry, node.catch, lowering, at);
    match node.flow {
        Flow::End => state.push("End", true),
        Flow::Next(next) => state.push("Next", next),
        Flow::Default(Some(default)) => state.push("Default", default),
        Flow::Default(None) | Flow::Terminal => {}
    }
    lowering.language = own;
    for (name, payload) in node.overrides {
        lower_override(&mut state, name, payload, lowering, at);
    }
    lowering.language = outer;
    state
}

/// Reports grants that a policy cannot contain.
fn check_grant(granted: &Granted, lowering: &mut Lowering<'_>, at: &At<'_>) {
    let is_action = |text: &str| {
        text == "*" || text.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
    };
    for action in granted.actions.iter().filter(|action| !is_action(action)) {
        let help = "write the service and the name, such as `sqs:SendMessage`".to_owned();
        lowering.fault(at, format!("`{action}` is not an IAM action"), Some(help));
    }
    let is_resource = |text: &str| text == "*" || text.starts_with("arn:") || text.contains("${");
    for resource in granted.resources.iter().filter(|resource| !is_resource(resource)) {
        let help = "write an ARN, `*`, or a placeholder such as `${QueueArn}`".to_owned();
        lowering.fault(at, format!("`{resource}` is not a resource of an IAM policy"), Some(help));
    }
}

/// Sets a field by its name. A field and its `…Path` form, such as `TimeoutSeconds` and `TimeoutSecondsPath`, replace
/// each other.
fn lower_override(state: &mut Object, name: Text, payload: Payload, lowering: &mut Lowering<'_>, at: &At<'_>) {
    let base = name.strip_suffix("Path").filter(|base| HAVE_TWINS.contains(base)).unwrap_or(&name);
    let has_twin = HAVE_TWINS.contains(&base);
    let lowered = lowering.lower(payload, &at.name(&name));
    let (name, json) = match lowered {
        Lowered::Plain(json) => (name.clone(), json),
        Lowered::Dynamic(path) if has_twin => (format!("{base}Path").into(), Json::String(path)),
        Lowered::Dynamic(path) if name.ends_with("Path") => (name.clone(), Json::String(path)),
        Lowered::Dynamic(path) => {
            no_path_as_a_whole(&name, &path, lowering, &at.name(&name));
            (name.clone(), Json::Null)
        }
    };
    if has_twin {
        let twin = if name.len() > base.len() { base.to_owned() } else { format!("{base}Path") };
        state.remove(&twin);
    }
    lowering.believe(&at.name(&name));
    state.insert(name, json);
}

fn no_path_as_a_whole(name: &str, path: &str, lowering: &mut Lowering<'_>, at: &At<'_>) {
    let help = match name {
        "Parameters" => "set the state's `input_path` to it, or name the members one by one, as in",
        _ => "name the members one by one, as in",
    };
    let help = format!("{help} `payload!({{ \"value\": path({path:?}) }})`");
    lowering.fault(at, format!("in a JSONPath state, the whole value of `{name}` cannot be `{path}`"), Some(help));
}

/// Sets the resource of a task. Moves its parameters and default retriers to the node.
fn lower_call(call: Call, node: &mut Node, setting: Setting<'_>, lowering: &mut Lowering<'_>, at: &At<'_>) -> Json {
    let (action, pattern, mut parameters, advised_retry) = match call {
        Call::Raw { resource } => {
            lowering.believe(&at.name("Resource"));
            for field in ["Parameters", "Arguments"] {
                lowering.believe(&at.name(field));
            }
            return Json::String(in_partition(&resource, setting.partition));
        }
        Call::Api { action, pattern, parameters, advised_retry } => (action, pattern, parameters, advised_retry),
    };
    if advised_retry && !action.retry.is_empty() {
        let advised = advised_behind(&node.retry, action);
        node.retry.extend(advised);
    }
    let in_resource = action
        .resource_member
        .and_then(|member| parameters.remove(member).or_else(|| action.fixed(member).map(Payload::from)));
    let resource = match in_resource {
        Some(value) => match lowering.lower(value, &at.name("Resource")) {
            Lowered::Plain(json) => json,
            Lowered::Dynamic(path) => {
                lowering.fault(
                    &at.name("Resource"),
                    format!("the resource of a task must be known before run time, and `{path}` is not"),
                    Some("write the ARN, or `reference(…)` for one that is known at deployment".to_owned()),
                );
                Json::Null
            }
        },
        None => match action.pattern(pattern) {
            Some(support) => Json::String(in_partition(support.resource, setting.partition)),
            None => {
                lowering.fault(
                    &at.name("Resource"),
                    format!("{}:{} does not support the pattern {pattern}", action.service, action.name),
                    None,
                );
                Json::Null
            }
        },
    };
    let payload = match action.body_member {
        Some(member) => parameters.remove(member),
        None => Some(parameters.into_payload_without(action.parameters, action.resource_member)),
    };
    if let Some(payload) = payload {
        node.fields.push((Field::Parameters, FieldValue::Template(payload)));
    }
    resource
}

/// The default retriers of the action, for the errors that the user's retriers do not handle. They come after those.
fn advised_behind(own: &[Retry], action: &'static Action) -> Vec<Retry> {
    let named = |name: &str| own.iter().any(|retry| retry.errors.iter().any(|own| own.as_str() == name));
    if named(errors::ALL) || named(errors::TASK_FAILED) {
        return Vec::new();
    }
    let mut advised: Vec<Retry> = action.retry.iter().map(Retry::advised).collect();
    advised.iter_mut().for_each(|retry| retry.errors.retain(|name| !named(name.as_str())));
    advised.retain(|retry| !retry.errors.is_empty());
    advised
}

fn in_partition(resource: &str, partition: &str) -> Text {
    match resource.strip_prefix("arn:${Partition}:") {
        Some(rest) => ["arn:", partition, ":", rest].concat().into(),
        None => resource.replace("${Partition}", partition).into(),
    }
}

fn lower_field(
    state: &mut Object,
    field: Field,
    value: FieldValue,
    setting: Setting<'_>,
    lowering: &mut Lowering<'_>,
    at: &At<'_>,
) {
    let name = match field {
        Field::Parameters if lowering.language == QueryLanguage::Jsonata => Text::Borrowed("Arguments"),
        ref field => field.name(),
    };
    match value {
        FieldValue::Plain(json) => state.push(name, json),
        FieldValue::Template(mut payload) => {
            let at = at.name(&name);
            if lowering.language == QueryLanguage::Jsonata && matches!(field, Field::ItemReader | Field::ResultWriter) {
                if let Payload::Object(members) = &mut payload {
                    let parameters = members.iter_mut().filter(|(name, _)| name == super::distributed::PARAMETERS);
                    parameters.for_each(|(name, _)| *name = "Arguments".into());
                }
            }
            if field == Field::Result && lowering.language == QueryLanguage::JsonPath && payload.holds_path() {
                let message = "a Pass state passes its `Result` to its output unchanged: a path in it is not replaced";
                let help = "write `.parameters(…)` instead of `.result(…)`".to_owned();
                return lowering.fault(&at, message, Some(help));
            }
            match lowering.lower(payload, &at) {
                Lowered::Plain(mut json) => {
                    // The resource of a reader or a writer is in the partition of the machine too.
                    if matches!(field, Field::ItemReader | Field::ResultWriter) {
                        if let Some(Json::String(resource)) = json.as_object_mut().and_then(|it| it.get_mut("Resource"))
                        {
                            *resource = in_partition(resource, setting.partition);
                        }
                    }
                    state.push(name, json);
                }
                Lowered::Dynamic(path) => no_path_as_a_whole(&name, &path, lowering, &at),
            }
        }
        FieldValue::Scalar(payload) => match lowering.lower(payload, &at.name(&name)) {
            Lowered::Plain(json) => state.push(name, json),
            Lowered::Dynamic(expression) => state.push(format!("{name}Path"), expression),
        },
    }
}

fn lower_machines(
    state: &mut Object,
    state_type: StateType,
    machines: Vec<Chain>,
    processor: Option<super::map::Processor>,
    setting: Setting<'_>,
    lowering: &mut Lowering<'_>,
    at: &At<'_>,
) {
    let lower = |mut object: Object, chain: Chain, lowering: &mut Lowering<'_>, at: &At<'_>| {
        lower_machine(&mut object, chain, setting, lowering, at);
        Json::Object(object)
    };
    if let Some(processor) = processor {
        let mut config = Object::new();
        config.push("Mode", processor.mode.name());
        if let Some(execution_type) = processor.execution_type {
            let at = at.name(if processor.form == Form::Iterator { "Iterator" } else { "ItemProcessor" });
            lowering.member(
                &mut config,
                "ExecutionType".into(),
                execution_type,
                &at.name("ProcessorConfig").name("ExecutionType"),
            );
        }
        let mut object = Object::new();
        if processor.form == Form::ItemProcessor {
            object.push("ProcessorConfig", config);
        }
        let name = if processor.form == Form::Iterator { "Iterator" } else { "ItemProcessor" };
        if let Some(chain) = machines.into_iter().next() {
            let json = lower(object, chain, lowering, &at.name(name));
            state.push(name, json);
        }
    } else if state_type == StateType::Parallel {
        let at = at.name("Branches");
        let branches = machines
            .into_iter()
            .enumerate()
            .map(|(index, chain)| lower(Object::new(), chain, lowering, &at.index(index)));
        state.push("Branches", Json::Array(branches.collect()));
    }
}

fn lower_rule(branch: Branch, next: String, lowering: &mut Lowering<'_>, at: &At<'_>) -> Object {
    let mut rule = lower_condition(branch.condition, lowering, at, 0);
    if let Some(comment) = branch.comment {
        rule.push("Comment", comment);
    }
    lower_assign_and_output(&mut rule, branch.assign, branch.output, lowering, at);
    rule.push("Next", next);
    rule
}

fn lower_assign_and_output(
    object: &mut Object,
    assign: Option<Payload>,
    output: Option<Payload>,
    lowering: &mut Lowering<'_>,
    at: &At<'_>,
) {
    for (name, payload) in [("Assign", assign), ("Output", output)] {
        if let Some(payload) = payload {
            lowering.member(object, name.into(), payload, &at.name(name));
        }
    }
}

fn lower_condition(condition: Condition, lowering: &mut Lowering<'_>, at: &At<'_>, depth: usize) -> Object {
    let mut object = Object::with_capacity(3);
    if depth == 0 && condition.depth() > MAX_DEPTH {
        lowering.fault(at, format!("conditions are nested more than {MAX_DEPTH} levels deep"), None);
        return object;
    }
    if lowering.language == QueryLanguage::Jsonata {
        match in_jsonata(condition.into_kind()) {
            Ok(expression) => object.push("Condition", in_braces(&expression)),
            Err(comparison) => {
                let help = comparison.map(|expression| format!("write `jsonata({expression:?})` as the condition"));
                lowering.fault(at, "a comparison of a `var` is used in a JSONata state", help);
                object.push("Condition", Json::Null);
            }
        }
        return object;
    }
    match condition.into_kind() {
        Kind::Jsonata(expression) => {
            lowering.fault(
                &at.name("Condition"),
                format!("the JSONata expression `{expression}` is used in a JSONPath state"),
                Some(
                    "compare a path, such as `var(\"$.total\").greater_than(1000)`, or add \
                     `.query_language(QueryLanguage::Jsonata)` to the state or, by `StateMachine::builder`, to the machine"
                        .to_owned(),
                ),
            );
            object.push("Condition", Json::Null);
        }
        Kind::Compare { variable, operator, operand } => {
            object.push("Variable", variable);
            match lowering.lower(operand, &at.name(operator)) {
                Lowered::Plain(json) => object.push(operator, json),
                Lowered::Dynamic(path) => object.push(format!("{operator}Path"), path),
            }
        }
        Kind::Not(inner) => {
            let inner = lower_condition(*inner, lowering, &at.name("Not"), depth + 1);
            object.push("Not", inner);
        }
        Kind::All(inner) => lower_conditions(&mut object, "And", inner, lowering, at, depth),
        Kind::Any(inner) => lower_conditions(&mut object, "Or", inner, lowering, at, depth),
    }
    object
}

/// The condition as one JSONata expression. For a comparison in JSONPath, the error contains the JSONata form if it
/// is simple.
fn in_jsonata(condition: Kind) -> Result<String, Option<String>> {
    let bare = |condition: Condition| {
        in_jsonata(condition.into_kind()).map(|operand| without_braces(&operand).trim().to_owned())
    };
    let joined = |conditions: Vec<Condition>, operator: &str| {
        let operands = conditions.into_iter().map(|it| bare(it).map(|operand| format!("({operand})")));
        Ok(operands.collect::<Result<Vec<_>, _>>()?.join(operator))
    };
    match condition {
        Kind::Jsonata(expression) => Ok(expression.into_owned()),
        Kind::All(conditions) => joined(conditions, " and "),
        Kind::Any(conditions) => joined(conditions, " or "),
        Kind::Not(condition) => Ok(format!("$not({})", bare(*condition)?)),
        Kind::Compare { variable, operator, operand } => Err(comparison(&variable, operator, &operand)),
    }
}

/// A simple comparison as JSONata, for a help message.
fn comparison(variable: &str, operator: &str, operand: &Payload) -> Option<String> {
    let simple = |path: &str| path.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '$' | '.' | '_'));
    let path = |path: &str| {
        let written = match path.strip_prefix("$.") {
            Some(rest) => format!("$states.input.{rest}"),
            None => path.replacen("$$.", "$states.context.", 1),
        };
        simple(path).then_some(written)
    };
    let variable = path(variable)?;
    let operand = match operand {
        Payload::Number(number) => number.to_string(),
        Payload::Bool(value) => value.to_string(),
        Payload::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Payload::Expression(Expression::Path(other)) => path(other)?,
        _ => return None,
    };
    let sign = match operator {
        "IsPresent" if operand == "true" => return Some(format!("$exists({variable})")),
        "IsPresent" => return Some(format!("$not($exists({variable}))")),
        "NumericEquals" | "StringEquals" | "BooleanEquals" => "=",
        "NumericLessThan" | "StringLessThan" => "<",
        "NumericLessThanEquals" | "StringLessThanEquals" => "<=",
        "NumericGreaterThan" | "StringGreaterThan" => ">",
        "NumericGreaterThanEquals" | "StringGreaterThanEquals" => ">=",
        _ => return None,
    };
    Some(format!("{variable} {sign} {operand}"))
}

fn lower_conditions(
    object: &mut Object,
    name: &'static str,
    conditions: Vec<Condition>,
    lowering: &mut Lowering<'_>,
    at: &At<'_>,
    depth: usize,
) {
    let at = at.name(name);
    let conditions = conditions
        .into_iter()
        .enumerate()
        .map(|(index, condition)| Json::Object(lower_condition(condition, lowering, &at.index(index), depth + 1)));
    let conditions = Json::Array(conditions.collect());
    object.push(name, conditions);
}

fn lower_errors(
    state: &mut Object,
    retry: Vec<Retry>,
    catch: Vec<(Catch, String)>,
    lowering: &mut Lowering<'_>,
    at: &At<'_>,
) {
    if !retry.is_empty() {
        let at = at.name("Retry");
        let retriers = retry.into_iter().enumerate().map(|(index, retry)| {
            let at = at.index(index);
            let mut retrier = Object::with_capacity(5);
            error_equals(&mut retrier, retry.errors);
            for (name, value) in retry.members {
                lowering.member(&mut retrier, name.into(), value, &at.name(name));
            }
            Json::Object(retrier)
        });
        let retriers = Json::Array(retriers.collect());
        state.push("Retry", retriers);
    }
    if !catch.is_empty() {
        let at = at.name("Catch");
        let catchers = catch.into_iter().enumerate().map(|(index, (catch, next))| {
            let mut catcher = Object::with_capacity(4);
            error_equals(&mut catcher, catch.errors);
            if let Some(comment) = catch.comment {
                catcher.push("Comment", comment);
            }
            if let Some(path) = catch.result_path {
                catcher.push("ResultPath", path);
            }
            lower_assign_and_output(&mut catcher, catch.assign, catch.output, lowering, &at.index(index));
            catcher.push("Next", next);
            Json::Object(catcher)
        });
        let catchers = Json::Array(catchers.collect());
        state.push("Catch", catchers);
    }
}
